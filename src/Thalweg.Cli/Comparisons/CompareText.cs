using System.Globalization;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Data;
using Thalweg.Tuning;

namespace Thalweg.Cli.Comparisons;

/// <summary>What the printers of comparisons say alike.</summary>
internal static class CompareText
{
    /// <summary>Titles of the ranking's columns.</summary>
    public static string[] Head { get; } =
        ["rank", "contender", "rate", "validation", "95 % interval", "behind", "best in", "steps to target", "time to target", "tuning",
            "diverged"];

    /// <summary>What is about to be done.</summary>
    public static IEnumerable<(string Label, string Text)> Opening(Comparison comparison, DataSplit split, string folder, int parallel)
    {
        ComparisonOptions options = comparison.Options;
        yield return ("data",
            $"{Figures.Count(split.Training.Data.Count)} training and {Figures.Count(split.Validation.Data.Count)} validation samples");
        yield return ("contenders", string.Join("; ", options.Contenders.Select(contender => contender.Name)));
        string range = Text($"{options.Rates} rates from {options.LowestRate:g3} to {options.HighestRate:g3}");
        yield return ("budget", Text($"{range}, {options.Seeds} seeds, {options.Epochs} epochs each"));
        yield return ("trials", $"{Figures.Count(comparison.TrialCount)}, {parallel} at a time");
        yield return ("folder", folder);
    }

    /// <summary>A trial that has ended.</summary>
    public static string Trial(ComparisonProgress progress)
    {
        ComparisonTrial latest = progress.Latest;
        string figure = latest.Diverged ? "diverged" : Text($"{latest.Metric:0.0000}");
        string phase = latest.Trial.Phase == TrialPhase.Ranking ? "  ranking" : "";
        string count = Text($"{progress.Finished}/{progress.Total}"), rate = Text($"rate {latest.Trial.Rate:g3}  seed {latest.Trial.Seed}");
        return $"{count}  {progress.Name}  {rate}{phase}  {figure}  {Figures.Time(latest.Seconds)}";
    }

    /// <summary>A line of the ranking.</summary>
    public static string[] Row(RankedContender contender, string metricName) =>
    [
        Text($"{contender.Rank}"),
        contender.Name,
        Text($"{contender.Rate:g3}") + (contender.IsAtEdge ? " *" : ""),
        Metric(metricName, contender.Metric),
        $"{Metric(metricName, contender.Bootstrap.Low)} to {Metric(metricName, contender.Bootstrap.High)}",
        contender.Rank == 1 ? "-"
            : $"{Difference(metricName, contender.Bootstrap.BehindLow)} to {Difference(metricName, contender.Bootstrap.BehindHigh)}",
        Text($"{100 * contender.Bootstrap.Best:0} %"),
        contender.StepsToTarget is { } steps ? Figures.Count(steps) : "not reached",
        contender.SecondsToTarget is { } seconds ? Figures.Time(seconds) : "-",
        Figures.Time(contender.Tuning.Seconds),
        Text($"{contender.Tuning.Diverged} of {contender.Tuning.Trials}"),
    ];

    /// <summary>What stands below the ranking.</summary>
    public static IEnumerable<(string Label, string Text)> Closing(ComparisonResult result, string folder, bool hasUnreadTest)
    {
        string name = result.MetricName;
        yield return ("target", $"{Metric(name, result.Target)} validation {name}; the trivial answer has {Metric(name, result.Trivial)}");
        string[] equals = [.. result.Ranking.Skip(1).Where(contender => contender.Bootstrap.BehindLow <= 0)
            .Select(contender => contender.Name)];
        yield return ("verdict", equals.Length == 0
            ? $"{result.Ranking[0].Name} is clearly the best"
            : $"{result.Ranking[0].Name} leads; these data cannot distinguish it from {string.Join("; ", equals)}");
        if (result.Ranking.Any(contender => contender.IsAtEdge))
            yield return ("note", "* the best rate is at the edge of those tried: widen --rate-range");
        yield return ("cost", Text($"{result.Cost.Trials} trials, {result.Cost.Diverged} diverged, ")
            + $"{Figures.Count(result.Cost.Steps)} steps, {Figures.Time(result.Cost.Seconds)} summed over trials");
        if (result.Test is { } test)
            yield return ("test", $"{Metric(name, test.Metric)} on {Figures.Count(test.Samples)} samples, read once, for {test.Name}");
        if (result.Test?.Warning is { } warning)
            yield return ("warning", warning);
        if (hasUnreadTest)
            yield return ("open the test data with", OpenTest(folder));
        yield return ("page", Path.Combine(folder, ComparisonPage.FileName)
            + (ComparisonPage.HasCharts ? "" : " (without charts: built without Node.js)"));
    }

    /// <summary>How to continue.</summary>
    public static string Resume(string folder) => $"thalweg compare --resume --out {Shell.Quote(folder)}";

    /// <summary>The command that reads the test data for the winner.</summary>
    public static string OpenTest(string folder) => $"{Resume(folder)} --open-test";

    private static string Metric(string name, double value) => name == "accuracy" ? Text($"{100 * value:0.00} %") : Figures.Number(value);

    private static string Difference(string name, double value) =>
        name == "accuracy" ? Text($"{100 * value:0.00}") : Figures.Number(value);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
