using System.Numerics;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>Outputs that say one of several classes. Two classes may have two outputs or one: that of the second class.</summary>
internal sealed class ClassOutputForm : LossOutputForm
{
    private ClassOutputForm(LossMeaning meaning, int classes, int outputs, Module module)
        : base(meaning, classes, outputs, module)
    {
    }

    /// <summary>Number of classes.</summary>
    internal override int Classes => Width;

    /// <summary>The form of a network's outputs.</summary>
    /// <exception cref="ThalwegException">They cannot be computed together.</exception>
    public static ClassOutputForm Of(Loss loss, int classes, Module module, Shape outputs)
    {
        LossMeaning meaning = LossMeaning.Of(loss);
        int perTarget = meaning.OutputsPerTarget;
        bool mayBeOne = classes == 2 && !meaning.NeedsAllClasses && meaning.Targets is not (ClassTargets.Labels or ClassTargets.LabelLists);
        int[] fitting = mayBeOne ? [perTarget, classes * perTarget] : [classes * perTarget];
        string other = fitting is [2] && outputs.Rank == 2 && outputs[1] == 1
            ? ", or take a loss for one output, such as binary_cross_entropy"
            : "";
        return outputs.Rank == 2 && fitting.Contains(outputs[1])
            ? new ClassOutputForm(meaning, classes, outputs[1], module)
            : throw Unfit(loss, $"{classes} classes", fitting, outputs, other);
    }

    /// <summary>Outputs that a new network is given: one for two classes where the loss is for yes or no, else one for each class; twice as
    /// many where each has a variance.</summary>
    public static int Usual(Loss loss, int classes, string activation)
    {
        LossMeaning meaning = LossMeaning.Of(loss);
        bool isOne = meaning.IsBinary && classes == 2 && !FinalActivation.MixesOutputs(activation);
        return (isOne ? 1 : classes) * meaning.OutputsPerTarget;
    }

    /// <inheritdoc/>
    public override Tensor Encode(Tensor targets, DType dtype)
    {
        if (Meaning.Targets == ClassTargets.Labels)
            return targets;
        ReadOnlySpan<int> labels = targets.AsSpan<int>();
        if (Meaning.Targets == ClassTargets.LabelLists)
            return Lists(labels);
        Tensor encoded = Tensor.Zeros([labels.Length, Values], dtype);
        if (dtype == DType.Float32)
            Encode(labels, encoded.AsSpan<float>());
        else
            Encode(labels, encoded.AsSpan<double>());
        return encoded;
    }

    /// <inheritdoc/>
    public override void Predict(Tensor outputs, Span<double> results)
    {
        if (Meaning.Link == OutputLink.Softmax)
        {
            outputs.Softmax().AsSpan<double>().CopyTo(results);
            return;
        }

        ReadOnlySpan<double> y = outputs.AsSpan<double>();
        for (int row = 0; row < outputs.Shape[0]; row++)
            Probabilities(y.Slice(row * Outputs, Outputs), results.Slice(row * Width, Width));
    }

    /// <inheritdoc/>
    internal override void Score(Tensor outputs, Tensor targets, ref ScoreSums sums)
    {
        ReadOnlySpan<int> labels = targets.AsSpan<int>();
        sums.Counted += labels.Length;
        sums.Right += outputs.DType == DType.Float32
            ? CountRight(outputs.AsSpan<float>(), labels)
            : CountRight(outputs.AsSpan<double>(), labels);
    }

    /// <inheritdoc/>
    protected override double StartOf(double mean) => Meaning.Link switch
    {
        OutputLink.Identity => Meaning.Targets == ClassTargets.Signs ? (2 * mean) - 1 : mean,
        OutputLink.Logistic => Math.Log(mean / (1 - mean)),
        OutputLink.Softmax or OutputLink.Exponential => Math.Log(mean),
        _ => double.NaN,
    };

    /// <summary>The class that the outputs of a sample say; the first of equals.</summary>
    internal override int ClassOf<T>(ReadOnlySpan<T> outputs)
    {
        if (Values == 1)
            return Share(double.CreateTruncating(outputs[0])) > 0.5 ? 1 : 0;
        int best = 0;
        bool isLeast = Meaning.Link == OutputLink.Distance;
        for (int i = 1; i < Values; i++)
            best = (isLeast ? outputs[i] < outputs[best] : outputs[i] > outputs[best]) ? i : best;
        return best;
    }

    /// <inheritdoc/>
    internal override void ProbabilitiesOf(ReadOnlySpan<double> outputs, Span<double> results)
    {
        if (Meaning.Link == OutputLink.Softmax && Values > 1)
            Softmax(outputs[..Values], results);
        else
            Probabilities(outputs, results);
    }

    private int CountRight<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int right = 0;
        for (int i = 0; i < labels.Length; i++)
            right += ClassOf(outputs.Slice(i * Outputs, Outputs)) == labels[i] ? 1 : 0;
        return right;
    }

    private Tensor Lists(ReadOnlySpan<int> labels)
    {
        Tensor lists = Tensor.Zeros([labels.Length, Width], DType.Int32);
        Span<int> all = lists.AsSpan<int>();
        all.Fill(-1);
        for (int i = 0; i < labels.Length; i++)
            all[i * Width] = labels[i];
        return lists;
    }

    private void Encode<T>(ReadOnlySpan<int> labels, Span<T> encoded)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (T off, T on) = Codes<T>();
        encoded.Fill(off);
        for (int i = 0; i < labels.Length; i++)
        {
            int position = Values == 1 ? labels[i] - 1 : labels[i];
            if (position >= 0)
                encoded[(i * Values) + position] = on;
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
                results[i] /= sum;
            return;
        }

        // No class has a share of its own: all goes to the one that is nearest.
        results.Clear();
        results[ClassOf(outputs)] = 1;
    }
}
