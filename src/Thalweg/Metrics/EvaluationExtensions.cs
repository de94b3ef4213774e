namespace Thalweg.Metrics;

/// <summary>Figures of metrics in evaluations.</summary>
public static class EvaluationExtensions
{
    /// <summary>The figure of a metric; NaN where it is not among those of the evaluation.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="metric">The metric.</param>
    public static double ValueOf(this Evaluation evaluation, Metric metric)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        ArgumentNullException.ThrowIfNull(metric);
        return metric.Known(evaluation) ?? evaluation.Others?.FirstOrDefault(other => other.Name == metric.Name)?.Value ?? double.NaN;
    }
}
