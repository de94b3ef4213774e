using System.Text.Json;
using Thalweg.Cli.Printing;
using Thalweg.Data;
using Thalweg.Tuning;

namespace Thalweg.Cli.Comparisons;

/// <summary>One JSON object per line.</summary>
internal sealed class JsonComparePrinter : IComparePrinter
{
    public void Begin(Comparison comparison, DataSplit split, string folder, int parallel) => JsonOutput.Write(writer =>
    {
        writer.WriteString("event", "begin");
        writer.WriteString("folder", folder);
        writer.WriteNumber("trials", comparison.TrialCount);
        writer.WriteNumber("parallel", parallel);
        writer.WriteNumber("trainingSamples", split.Training.Data.Count);
        writer.WriteNumber("validationSamples", split.Validation.Data.Count);
        writer.WriteTexts("contenders", comparison.Options.Contenders.Select(contender => contender.Name));
    });

    public void Around(Action work) => work();

    public void Trial(ComparisonProgress progress) => JsonOutput.Write(writer =>
    {
        Trial trial = progress.Latest.Trial;
        writer.WriteString("event", "trial");
        writer.WriteNumber("finished", progress.Finished);
        writer.WriteNumber("total", progress.Total);
        writer.WriteString("contender", progress.Name);
        writer.WriteString("phase", trial.Phase.ToString().ToLowerInvariant());
        writer.WriteNumber("rate", trial.Rate);
        writer.WriteNumber("seed", trial.Seed);
        writer.WriteBoolean("diverged", progress.Latest.Diverged);
        writer.WriteFigure("metric", progress.Latest.Metric);
        writer.WriteNumber("seconds", progress.Latest.Seconds);
    });

    public void End(ComparisonResult result, string folder, bool hasUnreadTest) => JsonOutput.Write(writer =>
    {
        writer.WriteString("event", "result");
        writer.WriteString("folder", folder);
        writer.WriteString("metricName", result.MetricName);
        writer.WriteNumber("target", result.Target);
        writer.WriteNumber("trials", result.Cost.Trials);
        writer.WriteNumber("seconds", result.Cost.Seconds);
        writer.WriteStartArray("ranking");
        foreach (RankedContender contender in result.Ranking)
            Write(writer, contender);
        writer.WriteEndArray();
        if (result.Test is { } test)
        {
            writer.WriteStartObject("test");
            writer.WriteString("contender", test.Name);
            writer.WriteFigure("metric", test.Metric);
            writer.WriteFigure("loss", test.Loss);
            writer.WriteNumber("samples", test.Samples);
            if (test.Warning is { } warning)
                writer.WriteString("warning", warning);
            writer.WriteEndObject();
        }

        if (hasUnreadTest)
            writer.WriteString("openTest", CompareText.OpenTest(folder));
    });

    public void Interrupted(string folder) => JsonOutput.Write(writer =>
    {
        writer.WriteString("event", "interrupted");
        writer.WriteString("resume", CompareText.Resume(folder));
    });

    private static void Write(Utf8JsonWriter writer, RankedContender contender)
    {
        writer.WriteStartObject();
        writer.WriteString("contender", contender.Name);
        writer.WriteNumber("rate", contender.Rate);
        writer.WriteBoolean("isAtEdge", contender.IsAtEdge);
        writer.WriteFigure("metric", contender.Metric);
        writer.WriteFigure("low", contender.Bootstrap.Low);
        writer.WriteFigure("high", contender.Bootstrap.High);
        writer.WriteFigure("behindLow", contender.Bootstrap.BehindLow);
        writer.WriteFigure("behindHigh", contender.Bootstrap.BehindHigh);
        writer.WriteFigure("best", contender.Bootstrap.Best);
        if (contender.StepsToTarget is { } steps)
            writer.WriteNumber("stepsToTarget", steps);
        else
            writer.WriteNull("stepsToTarget");
        writer.WriteFigure("secondsToTarget", contender.SecondsToTarget ?? double.NaN);
        writer.WriteNumber("tuningSeconds", contender.Tuning.Seconds);
        writer.WriteNumber("diverged", contender.Tuning.Diverged);
        writer.WriteEndObject();
    }
}
