using Thalweg.Data;

namespace Thalweg.Metrics;

/// <summary>What the trivial answer scores: the same for every sample, whatever its features.</summary>
public static class Baseline
{
    /// <summary>The metric on some samples of the most frequent class of the training data, or of the mean of its targets.</summary>
    /// <param name="training">The data that the answer is taken from.</param>
    /// <param name="data">The samples that it is scored on.</param>
    /// <returns>Accuracy, in [0, 1], or R2, at most 0; NaN where all targets of the samples are equal, and for tasks that have no trivial
    /// answer.</returns>
    public static double Of(Dataset training, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(data);
        return data.Task.BaselineOf(training, data);
    }
}
