using System.Text.Json;
using Thalweg.Metrics;
using Thalweg.Runs;

namespace Thalweg.Cli.Printing;

/// <summary>Evaluations with intervals in JSON.</summary>
internal static class ReportJson
{
    /// <summary>Writes a report as a member of the object that is open; nothing where there is none.</summary>
    public static void WriteReport(this Utf8JsonWriter writer, string name, EvaluationReport? report)
    {
        if (report is null)
            return;
        writer.WriteStartObject(name);
        writer.WriteNumber("samples", report.Samples);
        writer.WriteNumber("level", report.Level);
        writer.WriteObjects("metrics", report.Metrics, metric =>
        {
            writer.WriteString("name", metric.Name);
            writer.WriteFigure("value", metric.Value);
            writer.WriteFigure("trivial", metric.Trivial);
            writer.WriteInterval("", metric.Interval);
        });
        if (report.Classes is { } classes)
            writer.WriteObjects("classes", classes, one => WriteClass(writer, one));
        if (report.Confusion is { } confusion)
            WriteConfusion(writer, confusion);
        if (report.Calibration is { } bins)
            writer.WriteObjects("calibration", bins, bin => WriteBin(writer, bin));
        if (report.Residuals is { } residuals)
            WriteResiduals(writer, residuals);
        writer.WriteEndObject();
    }

    /// <summary>Writes what a cross-validation found as members of the object that is open.</summary>
    public static void WriteFolds(this Utf8JsonWriter writer, CrossValidationResult result)
    {
        writer.WriteNumber("folds", result.Folds.Count);
        writer.WriteNumber("planned", result.Planned);
        writer.WriteNumber("chosenEpochs", result.ChosenEpochs);
        writer.WriteObjects("metrics", result.Metrics, metric =>
        {
            writer.WriteString("name", metric.Name);
            writer.WriteFigure("mean", metric.Mean);
            writer.WriteFigure("deviation", metric.Deviation);
            writer.WriteFigure("trivial", metric.Trivial);
            writer.WriteInterval("", metric.Interval);
            writer.WriteStartArray("values");
            foreach (double value in metric.Values)
                writer.WriteNumberOrNull(value);
            writer.WriteEndArray();
        });
    }

    private static void WriteInterval(this Utf8JsonWriter writer, string prefix, MetricInterval? interval)
    {
        if (interval is null)
            return;
        writer.WriteFigure(prefix.Length == 0 ? "low" : prefix + "Low", interval.Low);
        writer.WriteFigure(prefix.Length == 0 ? "high" : prefix + "High", interval.High);
        if (prefix.Length == 0)
            writer.WriteString("interval", JsonNamingPolicy.CamelCase.ConvertName(interval.Method.ToString()));
    }

    private static void WriteClass(Utf8JsonWriter writer, ClassFigures one)
    {
        writer.WriteString("name", one.Name);
        writer.WriteNumber("samples", one.Samples);
        writer.WriteNumber("predicted", one.Predicted);
        writer.WriteFigure("precision", one.Precision);
        writer.WriteInterval("precision", one.PrecisionInterval);
        writer.WriteFigure("recall", one.Recall);
        writer.WriteInterval("recall", one.RecallInterval);
        writer.WriteFigure("f1", one.F1);
    }

    private static void WriteConfusion(Utf8JsonWriter writer, IReadOnlyList<IReadOnlyList<int>> confusion)
    {
        writer.WriteStartArray("confusion");
        foreach (IReadOnlyList<int> row in confusion)
        {
            writer.WriteStartArray();
            foreach (int count in row)
                writer.WriteNumberValue(count);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static void WriteBin(Utf8JsonWriter writer, CalibrationBin bin)
    {
        writer.WriteNumber("low", bin.Low);
        writer.WriteNumber("high", bin.High);
        writer.WriteNumber("samples", bin.Samples);
        writer.WriteFigure("confidence", bin.Confidence);
        writer.WriteFigure("accuracy", bin.Accuracy);
    }

    private static void WriteResiduals(Utf8JsonWriter writer, ResidualFigures residuals)
    {
        writer.WriteStartObject("residuals");
        writer.WriteFigure("mean", residuals.Mean);
        writer.WriteObjects("quantiles", residuals.Shares.Zip(residuals.Quantiles), pair =>
        {
            writer.WriteNumber("share", pair.First);
            writer.WriteFigure("value", pair.Second);
        });
        writer.WriteEndObject();
    }

    private static void WriteNumberOrNull(this Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }
}
