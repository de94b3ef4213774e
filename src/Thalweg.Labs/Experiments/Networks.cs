using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Training;

namespace Thalweg.Labs;

/// <summary>Networks that many labs train.</summary>
internal static class Networks
{
    /// <summary>Dense layers of one width, with a softmax over the classes of the data at the end.</summary>
    /// <param name="data">Samples with classes; images are flattened.</param>
    /// <param name="depth">Hidden layers.</param>
    /// <param name="width">Units of each.</param>
    /// <param name="activation">Function of each.</param>
    /// <param name="start">Initializer of all weights.</param>
    /// <param name="between">Layers between x W + b and the activation, made from the width; default null, none.</param>
    /// <param name="dropout">Probability of dropout after each hidden layer; default 0.</param>
    public static Sequential Mlp(
        Dataset data, int depth, int width, Activation activation, Initializer start, Func<int, Module>? between = null, double dropout = 0)
    {
        List<Module> layers = data.FeatureShape.Count > 1 ? [new Flatten()] : [];
        int inputs = data.FeatureWidth;
        for (int layer = 0; layer < depth; layer++)
        {
            layers.Add(new Dense(inputs, width, between is null ? activation : Activation.None, start));
            if (between is not null)
                layers.AddRange([between(width), new ActivationLayer(activation)]);
            if (dropout > 0)
                layers.Add(new Dropout(dropout));
            inputs = width;
        }

        layers.Add(new Dense(inputs, data.ClassNames.Count, Activation.None, start));
        return new Sequential([.. layers]);
    }

    /// <summary>Training loss of the last epoch, at most a cap, which stands for a run that diverged.</summary>
    /// <param name="report">What training reported.</param>
    /// <param name="cap">The cap.</param>
    public static double FinalLoss(this TrainingReport report, double cap) =>
        report.Reason == EndReason.NonFinite || report.Epochs.Count == 0 || double.IsNaN(report.Epochs[^1].Training.Loss)
            ? cap : Math.Min(cap, report.Epochs[^1].Training.Loss);

    /// <summary>Training loss of each epoch, at most a cap; the cap for epochs that a run that diverged did not have.</summary>
    /// <param name="report">What training reported.</param>
    /// <param name="epochs">Epochs that were planned.</param>
    /// <param name="cap">The cap.</param>
    public static double[] Losses(this TrainingReport report, int epochs, double cap) => [.. Enumerable.Range(0, epochs)
        .Select(epoch => epoch < report.Epochs.Count && report.Epochs[epoch].Training.Loss <= cap ? report.Epochs[epoch].Training.Loss
            : cap)];

    /// <summary>Samples of some classes alone, with labels from 0.</summary>
    /// <param name="data">Samples with classes.</param>
    /// <param name="first">First class.</param>
    /// <param name="count">Number of classes.</param>
    /// <param name="most">Most samples.</param>
    public static Dataset OfClasses(Dataset data, int first, int count, int most)
    {
        int[] labels = new int[data.Count];
        data.GatherLabels([.. Enumerable.Range(0, data.Count)], labels);
        int[] rows = [.. Enumerable.Range(0, data.Count).Where(row => labels[row] >= first && labels[row] < first + count).Take(most)];
        float[] features = new float[rows.Length * data.FeatureWidth];
        data.Gather<float>(rows, features);
        return Dataset.ForClassification(features, data.FeatureShape, [.. rows.Select(row => labels[row] - first)],
            [.. data.ClassNames.Skip(first).Take(count)]);
    }
}
