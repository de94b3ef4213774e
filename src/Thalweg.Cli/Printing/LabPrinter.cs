using System.Globalization;
using Thalweg.Labs;

namespace Thalweg.Cli.Printing;

/// <summary>Prints labs: their list, their progress, and what they find.</summary>
/// <param name="json">Whether results are JSON, one per line.</param>
internal sealed class LabPrinter(bool json)
{
    private int _shown = -1;

    /// <summary>Prints the list of labs.</summary>
    public static void PrintList()
    {
        LabVerdicts quick = LabVerdicts.Recorded(LabMode.Quick), full = LabVerdicts.Recorded(LabMode.Full);
        PlainTable.Write(
        [
            ["lab", "quick", "full", "claim"],
            .. LabCatalogue.All.Select(lab => (string[])[lab.Name, Word(quick.Of(lab.Name)), Word(full.Of(lab.Name)),
                lab.Claim.Statement.English]),
        ]);
    }

    /// <summary>Prints the list of labs as JSON.</summary>
    public static void WriteList() => JsonOutput.Write(writer =>
    {
        LabVerdicts quick = LabVerdicts.Recorded(LabMode.Quick), full = LabVerdicts.Recorded(LabMode.Full);
        writer.WriteStartArray("labs");
        foreach (Lab lab in LabCatalogue.All)
        {
            writer.WriteStartObject();
            writer.WriteString("name", lab.Name);
            writer.WriteString("group", lab.Group);
            writer.WriteString("claim", lab.Claim.Statement.English);
            writer.WriteString("claimZh", lab.Claim.Statement.Chinese);
            writer.WriteString("quick", quick.Of(lab.Name)?.Verdict.ToString());
            writer.WriteString("full", full.Of(lab.Name)?.Verdict.ToString());
            writer.WriteStartObject("options");
            foreach (LabOption option in lab.Options)
                writer.WriteString(option.Name, option.Default);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>Shows progress: each result in a line, and the share of the work where the output is a terminal.</summary>
    public void Progress(LabProgress progress)
    {
        if (progress.Latest is { } result)
        {
            Clear();
            Console.Out.WriteLine(json ? LabRunner.ToJson(result)
                : $"[{progress.Finished}/{progress.Total}] {result.Lab}: {LabWords.Of(result.Verdict)}");
        }

        int percent = (int)(100 * progress.Share);
        if (Console.IsErrorRedirected || percent == _shown)
            return;
        _shown = percent;
        string left = progress.Remaining is { } time ? $", {time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)} left" : "";
        Console.Error.Write($"\r{percent} %{left}   ");
    }

    /// <summary>Prints the figures of all, and verdicts that are not the recorded ones.</summary>
    public void End(IReadOnlyList<LabResult> results, IReadOnlyList<(LabResult Result, LabVerdict Recorded)> differences)
    {
        Clear();
        if (!json)
        {
            foreach (LabResult result in results)
                Print(result);
        }

        foreach ((LabResult result, LabVerdict recorded) in differences)
            Console.Error.WriteLine($"{result.Lab}: the verdict is '{LabWords.Of(result.Verdict)}', recorded is '{LabWords.Of(recorded)}'");
    }

    private static void Print(LabResult result)
    {
        Console.Out.WriteLine();
        Console.Out.WriteLine($"{result.Lab}: {LabWords.Of(result.Verdict)}");
        Console.Out.WriteLine($"  {LabCatalogue.Of(result.Lab).Claim.Statement}");
        if (result.Criteria.Count == 0)
            return;
        PlainTable.Write([.. result.Criteria.Select(criterion =>
        {
            LabFigure figure = result.FigureOf(criterion.Figure);
            return (string[])
            [
                $"  {criterion.Figure}", LabWords.Interval(figure.Mean, figure.Interval.Low, figure.Interval.High),
                $"{LabWords.Sign(criterion.Relation)} {LabWords.Number(criterion.Threshold)}", LabWords.Of(criterion.Outcome).English,
            ];
        })]);
    }

    private static string Word(RecordedVerdict? verdict) => verdict is null ? "-" : LabWords.Of(verdict.Verdict).English;

    private void Clear()
    {
        if (_shown >= 0)
            Console.Error.Write("\r                              \r");
    }
}
