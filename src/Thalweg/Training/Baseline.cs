using Thalweg.Data;

namespace Thalweg.Metrics;

/// <summary>What the trivial answer scores: the same for every sample, whatever its features.</summary>
public static class Baseline
{
    /// <summary>The metric on some samples of the most frequent class of the training data, or of the mean of its targets.</summary>
    /// <param name="training">The data that the answer is taken from.</param>
    /// <param name="data">The samples that it is scored on.</param>
    /// <returns>Accuracy, in [0, 1], or R2, at most 0; NaN where all targets of the samples are equal.</returns>
    public static double Of(Dataset training, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(data);
        if (data.Task == TaskKind.Classification)
        {
            int[] counts = training.CountClasses();
            return (double)data.CountClasses()[Array.IndexOf(counts, counts.Max())] / data.Count;
        }

        double answer = Targets(training).Average();
        double[] targets = Targets(data);
        double mean = targets.Average(), variance = targets.Sum(target => (target - mean) * (target - mean));
        return variance > 0 ? 1 - (targets.Sum(target => (target - answer) * (target - answer)) / variance) : double.NaN;
    }

    private static double[] Targets(Dataset data)
    {
        double[] targets = new double[data.Count];
        data.GatherTargets<double>(Dataset.AllRows(data.Count), targets);
        return targets;
    }
}
