using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Training;

namespace Thalweg.Initialization;

/// <summary>Starts the bias of the last layer where a model without inputs would end, so that the first steps need not learn it.</summary>
/// <remarks>Source: Bishop, Pattern Recognition and Machine Learning, 2006, section 4.2 (the bias of a softmax model holds the logarithms
/// of the class priors); for a squared loss it is the mean, which minimizes it.</remarks>
public static class OutputBias
{
    /// <summary>Sets it from the training data: the frequencies of the classes, or the mean of the targets, by the weights of the samples
    /// where they have some.</summary>
    /// <param name="module">The network, initialized; its last bias is that of the outputs.</param>
    /// <param name="training">Data to fit.</param>
    /// <param name="loss">The loss that it is to be trained with; default null, the one that belongs to the task.</param>
    /// <exception cref="ThalwegException">The network has no bias of the size of its outputs, or there is no such start for its loss
    /// and output activation.</exception>
    public static void FromData(Module module, TrainingSet training, Loss? loss = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        Dataset data = training.Data;
        Loss aim = loss ?? Evaluator.LossOf(data.Task);
        OutputForm form = new Evaluator(module, aim).FormOf(data);
        double[] means = data.Task.HasClasses ? Shares(data, form.Outputs == 1) : MeansOf(data);
        Tensor bias = Last(module, form.Outputs);
        for (int i = 0; i < means.Length; i++)
        {
            double start = form.Start(means[i], FinalActivation.Of(module));
            bias.Write(i, double.IsFinite(start) ? start : throw new ThalwegException(
                $"[output bias] expected a loss and an output activation whose start is known, got {aim.Name} with the mean {means[i]} " +
                "of the targets; leave the output bias as it is"));
        }
    }

    /// <summary>b_c = ln((n_c + smoothing) / (n + classes smoothing)): with weights near 0 the softmax gives the frequencies.</summary>
    /// <param name="module">The network, initialized; its last bias is that of the outputs.</param>
    /// <param name="counts">Samples n_c of each class, 0 or more: <c>[classes]</c>.</param>
    /// <param name="smoothing">Added to each count, 0 or more; default 1 (Laplace's rule), so that a class without samples gets
    /// a finite bias.</param>
    /// <exception cref="ThalwegException">The network has no bias of the size of its outputs, or a probability would be 0.</exception>
    public static void FromClassFrequencies(Module module, ReadOnlySpan<int> counts, double smoothing = 1)
    {
        double total = counts.Length * smoothing;
        foreach (int count in counts)
            total += count;

        Tensor bias = Last(module, counts.Length);
        for (int c = 0; c < counts.Length; c++)
        {
            double share = (counts[c] + smoothing) / total;
            if (!(share > 0))
            {
                throw new ThalwegException("[output bias] expected counts and a smoothing of 0 or more that leave no class without, got " +
                    $"{counts[c]} for class {c}; give a smoothing of 1");
            }

            bias.Write(c, Math.Log(share));
        }
    }

    /// <summary>b = mean: with weights near 0 the network predicts the mean.</summary>
    /// <param name="module">The network, initialized, with one output.</param>
    /// <param name="mean">Mean of the targets, finite, in the unit of training.</param>
    /// <exception cref="ThalwegException">The network has no bias of one element at its end, or the mean is not finite.</exception>
    public static void FromTargetMean(Module module, double mean)
    {
        if (!double.IsFinite(mean))
        {
            throw new ThalwegException(
                $"[output bias] expected a finite mean of the targets, got {mean}; look for missing values in the target column");
        }

        Last(module, 1).Write(0, mean);
    }

    /// <summary>(n_c + 1) / (n + classes) of each class, counted by the weights of the samples; of the second alone where there
    /// is one output.</summary>
    private static double[] Shares(Dataset data, bool isSecondAlone)
    {
        int[] rows = Dataset.AllRows(data.Count), labels = new int[rows.Length];
        double[] weights = new double[rows.Length], counts = new double[data.ClassNames.Count];
        data.GatherWeights<double>(rows, weights);
        data.GatherLabels(rows, labels);
        double sum = weights.Sum();
        for (int i = 0; i < rows.Length; i++)
            counts[labels[i]] += weights[i] * (rows.Length / sum);

        double total = counts.Sum() + counts.Length;
        double[] shares = [.. counts.Select(count => (count + 1) / total)];
        return isSecondAlone ? shares[1..] : shares;
    }

    /// <summary>Mean of each number or label by the weights of the samples.</summary>
    private static double[] MeansOf(Dataset data)
    {
        int[] rows = Dataset.AllRows(data.Count);
        int numbers = data.Task.Targets[0].Width;
        double[] targets = new double[rows.Length * numbers], weights = new double[rows.Length];
        data.GatherTargets<double>(rows, targets);
        data.GatherWeights<double>(rows, weights);
        double total = weights.Sum();
        return [.. Enumerable.Range(0, numbers)
            .Select(number => weights.Select((weight, i) => targets[(i * numbers) + number] * weight).Sum() / total)];
    }

    private static Tensor Last(Module module, int outputs)
    {
        ArgumentNullException.ThrowIfNull(module);
        (string name, Parameter? parameter) = module.NamedParameters().LastOrDefault();
        return parameter is { Role: ParameterRole.Bias } && parameter.Shape == new Shape(outputs)
            ? parameter.Value
            : throw new ThalwegException(
                $"[output bias] expected a network that ends in a bias of shape [{outputs}], got " +
                $"{(parameter is null ? "none" : $"'{name}' {parameter.Shape}")}; "
                + "let the last layer have a bias and one output per class");
    }
}
