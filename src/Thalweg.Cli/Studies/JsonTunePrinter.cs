using System.Text.Json;
using Thalweg.Cli.Printing;
using Thalweg.Tuning;

namespace Thalweg.Cli.Studies;

/// <summary>One JSON object per line.</summary>
internal sealed class JsonTunePrinter : ITunePrinter
{
    public void Begin(StudyDefinition study, string folder, int workers) => JsonOutput.Write(writer =>
    {
        writer.WriteString("event", "begin");
        writer.WriteString("folder", folder);
        writer.WriteNumber("trials", study.Trials);
        writer.WriteNumber("workers", workers);
        WriteStudy(writer, study);
    });

    public void Around(Action work) => work();

    public void Job(StudyProgress progress) => JsonOutput.Write(writer =>
    {
        writer.WriteString("event", progress.Job.Kind.ToString().ToLowerInvariant());
        writer.WriteNumber("trial", progress.Job.Trial);
        writer.WriteString("status", progress.Report.Status.ToString().ToLowerInvariant());
        writer.WriteStartArray("values");
        foreach (double value in progress.Report.Values)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
        writer.WriteString("point", progress.Job.Point.ToString());
        writer.WriteNumber("seconds", progress.Report.Seconds);
        writer.WriteFigure("secondsLeft", progress.TimeLeft?.TotalSeconds ?? double.NaN);
        if (progress.Report.HeldOut is { } held)
            writer.WriteFigure("heldOut", held.Metric);
        if (progress.Report.Failure is { } failure)
            writer.WriteString("failure", failure);
    });

    public void End(StudyResult result, string folder) => Write(result, folder, "result");

    public void Interrupted(StudyResult result, string folder) => JsonOutput.Write(writer =>
    {
        writer.WriteString("event", "interrupted");
        writer.WriteString("resume", TuneText.Resume(folder));
    });

    /// <summary>A study as one line.</summary>
    public static void Write(StudyResult result, string folder, string name) => JsonOutput.Write(writer =>
    {
        writer.WriteString("event", name);
        writer.WriteString("folder", folder);
        writer.WriteBoolean("isFinished", result.IsFinished);
        WriteStudy(writer, result.Definition);
        if (result.Winner is { } winner)
        {
            writer.WriteNumber("winner", winner.Number);
            writer.WriteString("point", winner.Point.ToString());
        }

        writer.WriteFigure("bestScore", result.Best?.Values[0] ?? double.NaN);
        writer.WriteFigure("optimism", result.Optimism);
        writer.WriteObjects("finalists", result.Finalists, finalist =>
        {
            writer.WriteNumber("trial", finalist.Trial);
            writer.WriteFigure("mean", finalist.Mean);
            writer.WriteFigure("low", finalist.Low);
            writer.WriteFigure("high", finalist.High);
            writer.WriteFigure("testLow", finalist.TestLow);
            writer.WriteFigure("testHigh", finalist.TestHigh);
        });
        writer.WriteObjects("importance", StudyReading.ImportanceOf(result), item =>
        {
            writer.WriteString("path", item.Path);
            writer.WriteFigure("importance", item.Importance);
        });
        if (result.Test is { } test)
        {
            writer.WriteStartObject("test");
            writer.WriteFigure(test.Name, test.Metric);
            writer.WriteFigure("loss", test.Loss);
            writer.WriteNumber("samples", test.Samples);
            writer.WriteEndObject();
        }
    });

    private static void WriteStudy(Utf8JsonWriter writer, StudyDefinition study)
    {
        writer.WriteTexts("space", study.Space.Select(parameter => parameter.ToString()));
        writer.WriteTexts("goals", study.Goals.Select(StudyGoals.TextOf));
        writer.WriteString("sampler", study.Sampler.ToString());
        writer.WriteString("pruner", study.Pruner.ToString());
        writer.WriteString("order", study.Order.ToString());
        writer.WriteBoolean("isExact", study.IsExact);
    }
}
