using System.Globalization;
using Thalweg.Metrics;
using Thalweg.Runs;

namespace Thalweg.Cli.Printing;

/// <summary>What people are told of an evaluation, with intervals and the trivial answer.</summary>
internal static class ReportText
{
    /// <summary>Classes that are told one by one.</summary>
    private const int MostClasses = 12;

    /// <summary>The metrics, a line each.</summary>
    public static IEnumerable<(string Label, string Text)> Metrics(string label, EvaluationReport? report) => (report?.Metrics ?? [])
        .Where(metric => !double.IsNaN(metric.Value))
        .Select(metric => (label, Line(metric, report!.Level)));

    /// <summary>The classes, a line each.</summary>
    public static IEnumerable<(string Label, string Text)> Classes(EvaluationReport? report)
    {
        if (report?.Classes is not { Count: > 0 and <= MostClasses } classes)
            return [];
        return classes.Select(one => ("classes", Text($"{one.Name}: {one.Samples:#,0} rows, {one.Predicted:#,0} predicted, ")
            + Text($"precision {one.Precision:0.0000}, recall {one.Recall:0.0000}, F1 {one.F1:0.0000}")));
    }

    /// <summary>How far predicted numbers are off.</summary>
    public static IEnumerable<(string Label, string Text)> Residuals(EvaluationReport? report)
    {
        if (report?.Residuals is not { } residuals)
            return [];
        IEnumerable<string> quantiles = residuals.Shares.Zip(residuals.Quantiles, (share, value) => Text($"{100 * share:0} %: {value:g5}"));
        return [("residuals", Text($"mean {residuals.Mean:g5}; ") + string.Join(", ", quantiles))];
    }

    /// <summary>The figures of a cross-validation, a line each.</summary>
    public static IEnumerable<(string Label, string Text)> Folds(CrossValidationResult result) => result.Metrics
        .Where(metric => !double.IsNaN(metric.Mean))
        .Select(metric => ("metrics", $"{metric.Name} {Figures.Number(metric.Mean)}"
            + (double.IsNaN(metric.Deviation) ? "" : $", deviation over folds {Figures.Number(metric.Deviation)}")
            + (metric.Interval is { } interval ? $", 95 % interval {Range(interval)}" : "")
            + Trivial(metric.Trivial)));

    private static string Line(MetricEstimate metric, double level) => $"{metric.Name} {Figures.Number(metric.Value)}"
        + (metric.Interval is { } interval
            ? Text($", {100 * level:0.##} % interval ") + Range(interval)
            : "")
        + Trivial(metric.Trivial);

    private static string Trivial(double trivial) => double.IsNaN(trivial) ? "" : $"; trivial answer {Figures.Number(trivial)}";

    private static string Range(MetricInterval interval) => $"{Figures.Number(interval.Low)} to {Figures.Number(interval.High)}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
