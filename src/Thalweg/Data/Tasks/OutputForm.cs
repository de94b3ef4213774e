using System.Numerics;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Training;

/// <summary>What ties the outputs of a network to the targets of its data: how a loss is told the targets, and how predictions are read
/// from the outputs.</summary>
/// <remarks>The one place for both, so that training, evaluation and prediction agree; it follows from loss, task and network, by the table
/// of <see cref="LossMeaning"/>. Two classes may have two outputs or one: that of the second class.</remarks>
internal sealed class OutputForm
{
    private readonly LossMeaning _meaning;
    private readonly bool _hasRawVariances;

    private OutputForm(LossMeaning meaning, SampleMeaning data, int outputs, bool isLinear)
    {
        _meaning = meaning;
        (Task, Classes, Outputs) = (data.Task, data.ClassNames.Length, outputs);
        _hasRawVariances = meaning.OutputsPerTarget == 2 && isLinear;
    }

    /// <summary>Classification or regression.</summary>
    public TaskKind Task { get; }

    /// <summary>Number of classes; 0 for numbers.</summary>
    public int Classes { get; }

    /// <summary>Outputs of the network for each sample.</summary>
    public int Outputs { get; }

    /// <summary>Numbers of a prediction for each sample: a probability for each class, or 1.</summary>
    public int Width => Task == TaskKind.Classification ? Classes : 1;

    /// <summary>Values that are compared with targets, the variances left aside.</summary>
    private int Values => Outputs / _meaning.OutputsPerTarget;

    /// <summary>The form of a network's outputs.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="data">What the samples are.</param>
    /// <param name="module">The network.</param>
    /// <param name="outputs">Shape of its outputs for a batch.</param>
    /// <exception cref="ThalwegException">They cannot be computed together: the message says how many outputs, or which loss, can.</exception>
    public static OutputForm Of(Loss loss, SampleMeaning data, Module module, Shape outputs)
    {
        LossMeaning meaning = LossMeaning.Of(loss);
        if (data.Task == TaskKind.Regression && !meaning.TakesNumbers)
        {
            throw new ThalwegException(
                $"[train] expected a loss for numbers, such as mean_squared_error, for data with numbers to predict, got {loss.Name}, " +
                "which is for classes; change the loss, or ask for classification");
        }

        int[] fitting = Fitting(meaning, data);
        return outputs.Rank == 2 && fitting.Contains(outputs[1])
            ? new OutputForm(meaning, data, outputs[1], FinalActivation.Of(module) == FinalActivation.None)
            : throw Unfit(loss, data, fitting, outputs);
    }

    /// <summary>Outputs that a new network is given: one for two classes where the loss is for yes or no, else one for each class; one for a
    /// number; twice as many where each has a variance.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="data">What the samples are.</param>
    /// <param name="activation">Name of the output activation.</param>
    public static int Usual(Loss loss, SampleMeaning data, string activation)
    {
        LossMeaning meaning = LossMeaning.Of(loss);
        bool isOne = meaning.IsBinary && data.ClassNames.Length == 2 && !FinalActivation.MixesOutputs(activation);
        return (data.Task == TaskKind.Regression || isOne ? 1 : data.ClassNames.Length) * meaning.OutputsPerTarget;
    }

    /// <summary>What the loss compares the outputs with.</summary>
    /// <param name="targets">Int32 labels <c>[batch]</c>, or numbers <c>[batch, 1]</c>.</param>
    /// <param name="dtype">Type of the outputs.</param>
    public Tensor Encode(Tensor targets, DType dtype)
    {
        if (Task == TaskKind.Regression || _meaning.Targets == ClassTargets.Labels)
        {
            return targets;
        }

        ReadOnlySpan<int> labels = targets.AsSpan<int>();
        if (_meaning.Targets == ClassTargets.LabelLists)
        {
            return Lists(labels);
        }

        Tensor encoded = Tensor.Zeros([labels.Length, Values], dtype);
        if (dtype == DType.Float32)
        {
            Encode(labels, encoded.AsSpan<float>());
        }
        else
        {
            Encode(labels, encoded.AsSpan<double>());
        }

        return encoded;
    }

    /// <summary>The outputs as the loss takes them: variances of a network that ends in a linear layer are softplus of its outputs, since
    /// they must be above 0; all else stays.</summary>
    /// <param name="outputs">Outputs of the network, <c>[batch, outputs]</c>.</param>
    public Tensor Adapt(Tensor outputs) => _hasRawVariances
        ? Tensor.Concatenate(-1, outputs.Slice(-1, 0, Values), outputs.Slice(-1, Values, Values).Softplus())
        : outputs;

    /// <summary>The class that the outputs of a sample say; the first of equals.</summary>
    public int ClassOf<T>(ReadOnlySpan<T> outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Values == 1)
        {
            return Share(double.CreateTruncating(outputs[0])) > 0.5 ? 1 : 0;
        }

        int best = 0;
        bool isLeast = _meaning.Link == OutputLink.Distance;
        for (int i = 1; i < Values; i++)
        {
            best = (isLeast ? outputs[i] < outputs[best] : outputs[i] > outputs[best]) ? i : best;
        }

        return best;
    }

    /// <summary>The number that an output says, in the unit of the targets.</summary>
    /// <param name="output">The first output of a sample: that of the mean where there are variances.</param>
    public double NumberOf(double output) => (_meaning.Targets, _meaning.Link) switch
    {
        (_, OutputLink.Identity or OutputLink.Softmax) => output,
        (ClassTargets.Signs, _) => (2 * Share(output)) - 1,
        (ClassTargets.LogIndicators, _) => output,
        _ => Share(output),
    };

    /// <summary>The predictions of a batch: probabilities of the classes, or numbers in the unit of training.</summary>
    /// <param name="outputs">Outputs of the network in double precision, <c>[batch, outputs]</c>.</param>
    /// <param name="results">Room for <c>[batch, Width]</c>.</param>
    public void Predict(Tensor outputs, Span<double> results)
    {
        if (Task == TaskKind.Classification && _meaning.Link == OutputLink.Softmax)
        {
            outputs.Softmax().AsSpan<double>().CopyTo(results);
            return;
        }

        ReadOnlySpan<double> y = outputs.AsSpan<double>();
        for (int row = 0; row < outputs.Shape[0]; row++)
        {
            ReadOnlySpan<double> own = y.Slice(row * Outputs, Outputs);
            if (Task == TaskKind.Regression)
            {
                results[row] = NumberOf(own[0]);
            }
            else
            {
                Probabilities(own, results.Slice(row * Classes, Classes));
            }
        }
    }

    /// <summary>The output at which a network without inputs is best, where a share of the samples belongs to its class, or the mean of the
    /// numbers is known; NaN where there is none.</summary>
    /// <param name="mean">The share, in (0, 1), or the mean.</param>
    /// <param name="activation">Name of the network's final activation.</param>
    public double Start(double mean, string activation)
    {
        double target = Task == TaskKind.Classification && _meaning.Targets == ClassTargets.Signs ? (2 * mean) - 1 : mean;
        double share = Task == TaskKind.Regression && _meaning.Targets == ClassTargets.Signs ? (1 + mean) / 2 : mean;
        double output = _meaning.Link switch
        {
            OutputLink.Identity => target,
            OutputLink.Logistic => Math.Log(share / (1 - share)),
            OutputLink.Softmax when Task == TaskKind.Regression => target,
            OutputLink.Softmax or OutputLink.Exponential => Math.Log(share),
            _ => double.NaN,
        };
        return activation switch
        {
            FinalActivation.None or "log_softmax" => output,
            "sigmoid" => Math.Log(output / (1 - output)),
            "softmax" => Math.Log(output),
            _ => double.NaN,
        };
    }

    /// <summary>Numbers of outputs that can be computed with the loss.</summary>
    private static int[] Fitting(LossMeaning meaning, SampleMeaning data)
    {
        int perTarget = meaning.OutputsPerTarget, classes = data.ClassNames.Length;
        bool mayBeOne = classes == 2 && !meaning.NeedsAllClasses && meaning.Targets is not (ClassTargets.Labels or ClassTargets.LabelLists);
        return data.Task == TaskKind.Regression ? [perTarget]
            : mayBeOne ? [perTarget, classes * perTarget]
            : [classes * perTarget];
    }

    private static ThalwegException Unfit(Loss loss, SampleMeaning data, int[] fitting, Shape outputs)
    {
        bool isClasses = data.Task == TaskKind.Classification;
        string target = isClasses ? $"{data.ClassNames.Length} classes" : "a number to predict";
        string other = isClasses && fitting is [2] && outputs.Rank == 2 && outputs[1] == 1
            ? ", or take a loss for one output, such as binary_cross_entropy"
            : "";
        return new ThalwegException(
            $"[train] expected a network with {string.Join(" or ", fitting)} output{(fitting is [1] ? "" : "s")} for {target} and the " +
            $"loss {loss.Name}, got outputs of shape {outputs}; change the last layer{other}");
    }

    private Tensor Lists(ReadOnlySpan<int> labels)
    {
        Tensor lists = Tensor.Zeros([labels.Length, Classes], DType.Int32);
        Span<int> all = lists.AsSpan<int>();
        all.Fill(-1);
        for (int i = 0; i < labels.Length; i++)
        {
            all[i * Classes] = labels[i];
        }

        return lists;
    }

    private void Encode<T>(ReadOnlySpan<int> labels, Span<T> encoded)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (T off, T on) = _meaning.Targets switch
        {
            ClassTargets.Signs => (-T.One, T.One),
            ClassTargets.LogIndicators => (T.NegativeInfinity, T.Zero),
            _ => (T.Zero, T.One),
        };
        encoded.Fill(off);
        for (int i = 0; i < labels.Length; i++)
        {
            int place = Values == 1 ? labels[i] - 1 : labels[i];
            if (place >= 0)
            {
                encoded[(i * Values) + place] = on;
            }
        }
    }

    private void Probabilities(ReadOnlySpan<double> outputs, Span<double> results)
    {
        if (Values == 1)
        {
            double share = Math.Clamp(Share(outputs[0]), 0, 1);
            (results[0], results[1]) = (1 - share, share);
            return;
        }

        double sum = 0;
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Math.Max(0, Share(outputs[i]));
            sum += results[i];
        }

        if (sum > 0 && double.IsFinite(sum))
        {
            for (int i = 0; i < results.Length; i++)
            {
                results[i] /= sum;
            }

            return;
        }

        // No class has a share of its own: all goes to the one that is nearest.
        results.Clear();
        results[ClassOf(outputs)] = 1;
    }

    /// <summary>What an output says of its class: a probability, or a number that stands for one.</summary>
    private double Share(double output) => _meaning.Link switch
    {
        OutputLink.Logistic => 1 / (1 + Math.Exp(-output)),
        OutputLink.Exponential => Math.Exp(output),
        OutputLink.Distance => Math.Clamp(1 - (output / _meaning.Margin), 0, 1),
        _ => output,
    };
}
