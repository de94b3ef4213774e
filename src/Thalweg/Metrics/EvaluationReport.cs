using System.Text.Json.Serialization;

namespace Thalweg.Metrics;

/// <summary>A figure with what it is to be seen beside.</summary>
/// <param name="Name">Name of the metric.</param>
/// <param name="Value">Its value; NaN where it has none.</param>
/// <param name="Trivial">What the trivial answer scores on the same samples; NaN where that is not known.</param>
/// <param name="Interval">Where the figure probably lies; null where there is no interval.</param>
public sealed record MetricEstimate(string Name, double Value, double Trivial, MetricInterval? Interval);

/// <summary>The figures of a class.</summary>
/// <param name="Name">Name of the class.</param>
/// <param name="Samples">Its samples.</param>
/// <param name="Predicted">Samples that were said to belong to it.</param>
/// <param name="Precision">Share of those that do; 0 where there are none.</param>
/// <param name="Recall">Share of its samples that were found; 0 where there are none.</param>
/// <param name="F1">2 right / (samples + predicted); NaN where the class neither occurs nor is predicted.</param>
/// <param name="PrecisionInterval">Wilson's interval of the precision; null where nothing was said to belong to the class.</param>
/// <param name="RecallInterval">Wilson's interval of the recall; null where the class does not occur.</param>
public sealed record ClassFigures(
    string Name, int Samples, int Predicted, double Precision, double Recall, double F1, MetricInterval? PrecisionInterval,
    MetricInterval? RecallInterval);

/// <summary>Samples whose most probable class has a probability in a bin.</summary>
/// <param name="Low">Lower end of the bin, not included.</param>
/// <param name="High">Upper end of the bin.</param>
/// <param name="Samples">Samples in it.</param>
/// <param name="Confidence">Mean of their probabilities; NaN where there are none.</param>
/// <param name="Accuracy">Share of them that is right; NaN where there are none.</param>
public sealed record CalibrationBin(double Low, double High, int Samples, double Confidence, double Accuracy);

/// <summary>How far predicted numbers are from the true ones: true number - prediction, in the unit of the target.</summary>
/// <param name="Mean">Mean of the residuals: what is predicted is too low by it.</param>
/// <param name="Shares">Shares of the samples, such as 0.05.</param>
/// <param name="Quantiles">The residual below which each share lies.</param>
public sealed record ResidualFigures(double Mean, IReadOnlyList<double> Shares, IReadOnlyList<double> Quantiles);

/// <summary>What a network scores on some samples, with what it is to be seen beside: intervals, the trivial answer, classes one by one,
/// confusion, calibration, residuals.</summary>
public sealed record EvaluationReport
{
    /// <summary>Classes up to which confusion and classes are told one by one.</summary>
    public const int MostClasses = 100;

    /// <summary>Number of samples.</summary>
    public required int Samples { get; init; }

    /// <summary>Level of the intervals, in (0, 1).</summary>
    public required double Level { get; init; }

    /// <summary>The figures, in the order of the list of the task, then those that were asked for.</summary>
    public required IReadOnlyList<MetricEstimate> Metrics { get; init; }

    /// <summary>The classes; empty for numbers, and where there are more than <see cref="MostClasses"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ClassFigures>? Classes { get; init; }

    /// <summary>Samples by true class (rows) and predicted class (columns), <c>[classes, classes]</c>; null where there are no
    /// classes, or more than <see cref="MostClasses"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<int>>? Confusion { get; init; }

    /// <summary>Share of right answers by their probability; null for numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CalibrationBin>? Calibration { get; init; }

    /// <summary>How far predictions are off; null for classes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ResidualFigures? Residuals { get; init; }

    /// <summary>The figure of a name; null where it is not there.</summary>
    /// <param name="name">Name of the metric.</param>
    public MetricEstimate? Find(string name) => Metrics.FirstOrDefault(metric => metric.Name == name);

    /// <summary>Makes the report.</summary>
    /// <param name="predictions">Outputs and true targets.</param>
    /// <param name="metrics">The figures.</param>
    /// <param name="trivial">What is predicted for each sample by who does not look at it: probabilities of the classes, or standardized
    /// numbers; default null, unknown.</param>
    /// <param name="classNames">Names of the classes; default null, their numbers.</param>
    /// <param name="options">How intervals are computed; default null, 95 percent.</param>
    /// <exception cref="ThalwegException">A metric does not fit the task.</exception>
    public static EvaluationReport Of(
        Predictions predictions, IReadOnlyList<Metric> metrics, double[]? trivial = null, IReadOnlyList<string>? classNames = null,
        IntervalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(metrics);
        options ??= new IntervalOptions();
        Predictions? answer = trivial is null ? null : predictions.Trivial(trivial);
        MetricEstimate[] figures = [.. metrics.Select(metric => new MetricEstimate(
            metric.Name, metric.Of(predictions), answer is null ? double.NaN : metric.Of(answer),
            Intervals.Of(metric, predictions, options)))];
        EvaluationReport report = new() { Samples = predictions.Count, Level = options.Level, Metrics = figures };
        return predictions.Classes == 0
            ? report with { Residuals = ReportParts.Residuals(predictions.Batch) }
            : ReportParts.AddClasses(report, predictions.Batch, classNames);
    }
}
