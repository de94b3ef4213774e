using Thalweg.Cli.Printing;
using Thalweg.Data;
using Thalweg.Tuning;

namespace Thalweg.Cli.Comparisons;

/// <summary>A plain line per trial: for files, pipes, and terminals without colors.</summary>
internal sealed class PlainComparePrinter : IComparePrinter
{
    public void Begin(Comparison comparison, DataSplit split, string folder, int parallel) =>
        PlainTable.Write(CompareText.Opening(comparison, split, folder, parallel));

    public void Around(Action work) => work();

    public void Trial(ComparisonProgress progress) => Console.Out.WriteLine(CompareText.Trial(progress));

    public void End(ComparisonResult result, string folder, bool hasUnreadTest)
    {
        PlainTable.Write([CompareText.Head, .. result.Ranking.Select(contender => CompareText.Row(contender, result.MetricName))]);
        PlainTable.Write(CompareText.Closing(result, folder, hasUnreadTest));
    }

    public void Interrupted(string folder) => Console.Out.WriteLine($"interrupted; continue with: {CompareText.Resume(folder)}");
}
