using System.Text.Json.Serialization;
using Thalweg.Metrics;

namespace Thalweg.Runs;

/// <summary>What the charts of the page read: the rest of the page is there without them.</summary>
internal sealed record ReportData(
    string MetricName, int? KeptEpoch, double Trivial, double Linear, IReadOnlyList<ReportData.Epoch> Epochs,
    IReadOnlyList<CalibrationBin> Calibration)
{
    /// <summary>Name of the number that is predicted; empty for classes.</summary>
    public string Target { get; init; } = "";

    /// <summary>Predictions with their residuals.</summary>
    public IReadOnlyList<double[]> Residuals { get; init; } = [];

    /// <summary>Collects them.</summary>
    public static ReportData Of(RunReport report) => new(
        report.Record.Epochs is [var first, ..] ? first.Training.MetricName : "metric", report.Kept?.Epoch + 1, report.Trivial,
        report.Linear?.Metric ?? double.NaN,
        [.. report.Record.Epochs.Select(epoch => new Epoch(
            epoch.Epoch + 1, epoch.Training.Loss, epoch.Validation.Loss, epoch.Training.Metric, epoch.Validation.Metric))],
        report.Evaluation?.Calibration ?? [])
    {
        Target = report.Preprocessing?.Target.Name ?? "",
        Residuals = [.. report.Residuals.Select(point => (double[])[point.Predicted, point.Residual])],
    };

    /// <summary>An epoch, counted from 1.</summary>
    internal sealed record Epoch(int Number, double TrainingLoss, double ValidationLoss, double TrainingMetric, double ValidationMetric);
}

/// <summary>The JSON code of the charts' data, generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ReportData))]
internal sealed partial class ReportDataJson : JsonSerializerContext;
