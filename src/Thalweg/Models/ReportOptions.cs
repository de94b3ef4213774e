using Thalweg.Data;
using Thalweg.Metrics;

namespace Thalweg.Models;

/// <summary>What the report of an evaluation holds.</summary>
public sealed record ReportOptions
{
    /// <summary>Predicted numbers up to which a report is made: 160 MB of them.</summary>
    internal const long MostNumbers = 20_000_000;

    /// <summary>Metrics beside those that the task lists in <see cref="LearningTask.ReportedMetrics"/>; default none.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>The training data, from which the trivial answer is taken; null, the default, leaves it out.</summary>
    public Dataset? Training { get; init; }

    /// <summary>How intervals are computed; default 95 percent.</summary>
    public IntervalOptions Intervals { get; init; } = new();

    /// <summary>The metrics of a report: those of the task, then the others, each once.</summary>
    internal IReadOnlyList<Metric> MetricsFor(LearningTask task) =>
    [
        .. task.ReportedMetrics.Select(Settings.Parse<Metric>)
            .Concat(Metrics.Where(metric => metric is not (TaskMetric or LossMetric)))
            .DistinctBy(metric => metric.Name),
    ];
}
