using System.Text.Json;
using Thalweg.Checkpoints;

namespace Thalweg.Labs;

/// <summary>A criterion of a recorded verdict, with the figure that it judged.</summary>
/// <param name="Figure">Name of the figure.</param>
/// <param name="Mean">Its mean over the seeds.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end of its interval.</param>
/// <param name="Relation">Side of the threshold on which it must lie.</param>
/// <param name="Threshold">The threshold.</param>
/// <param name="Outcome">Whether it does.</param>
public sealed record RecordedCriterion(
    string Figure, double Mean, double Low, double High, LabRelation Relation, double Threshold, LabOutcome Outcome);

/// <summary>The verdict of a lab as it was recorded.</summary>
/// <param name="Lab">Name of the lab.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Criteria">What it rests on.</param>
public sealed record RecordedVerdict(string Lab, LabVerdict Verdict, IReadOnlyList<RecordedCriterion> Criteria);

/// <summary>Verdicts of a mode, kept with the code so that a change of one is noticed.</summary>
public sealed record LabVerdicts
{
    /// <summary>The mode.</summary>
    public required LabMode Mode { get; init; }

    /// <summary>The verdicts in the order of the names.</summary>
    public required IReadOnlyList<RecordedVerdict> Labs { get; init; }

    /// <summary>The verdicts that are kept with the code.</summary>
    /// <param name="mode">The mode.</param>
    public static LabVerdicts Recorded(LabMode mode)
    {
        using Stream? stream = typeof(LabVerdicts).Assembly.GetManifestResourceStream($"{mode.ToString().ToLowerInvariant()}.json");
        return stream is null ? new LabVerdicts { Mode = mode, Labs = [] }
            : JsonSerializer.Deserialize(stream, LabJson.Default.LabVerdicts)!;
    }

    /// <summary>The verdict of a lab; null where none is recorded.</summary>
    /// <param name="lab">Name of the lab.</param>
    public RecordedVerdict? Of(string lab) => Labs.FirstOrDefault(verdict => verdict.Lab == lab);

    /// <summary>Results whose verdict is not the recorded one.</summary>
    /// <param name="results">The results.</param>
    /// <returns>Each with the recorded verdict; labs without a record are left out.</returns>
    public IReadOnlyList<(LabResult Result, LabVerdict Recorded)> Differences(IEnumerable<LabResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return [.. results.Select(result => (Result: result, Recorded: Of(result.Lab)?.Verdict))
            .Where(pair => pair.Recorded is { } recorded && recorded != pair.Result.Verdict)
            .Select(pair => (pair.Result, pair.Recorded!.Value))];
    }

    /// <summary>The verdicts with those of results in place of, or beside, what they hold.</summary>
    /// <param name="results">Results of this mode.</param>
    public LabVerdicts With(IEnumerable<LabResult> results)
    {
        RecordedVerdict[] added = [.. results.Select(Of)];
        return this with
        {
            Labs = [.. Labs.Where(old => Array.TrueForAll(added, verdict => verdict.Lab != old.Lab)).Concat(added)
                .OrderBy(verdict => verdict.Lab, StringComparer.Ordinal)],
        };
    }

    /// <summary>Writes them as the file that is kept with the code.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path) => AtomicFile.Write(path, stream =>
    {
        JsonSerializer.Serialize(stream, this, LabJson.Indented.LabVerdicts);
        stream.Write("\n"u8);
    });

    private static RecordedVerdict Of(LabResult result) => new(result.Lab, result.Verdict, [.. result.Criteria.Select(criterion =>
    {
        LabFigure figure = result.FigureOf(criterion.Figure);
        (double low, double high) = figure.Interval;
        return new RecordedCriterion(
            criterion.Figure, Rounded(figure.Mean), Rounded(low), Rounded(high), criterion.Relation, criterion.Threshold,
                criterion.Outcome);
    })]);

    /// <summary>Six digits: more would be noise in a table.</summary>
    private static double Rounded(double value) => double.Parse(
        value.ToString("g6", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
