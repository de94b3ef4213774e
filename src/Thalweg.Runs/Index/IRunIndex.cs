using Thalweg.Data;

namespace Thalweg.Runs;

/// <summary>An index of runs: finds them again by their settings and figures, and keeps the ledger of test data over all of them.</summary>
/// <remarks>The folders of the runs hold all that it holds of them: an index that is lost is made anew by
/// <see cref="RunIndexing.Rebuild"/>.</remarks>
public interface IRunIndex : ITestLedger, IDisposable
{
    /// <summary>Where the index lies, in words that hold no password.</summary>
    string Description { get; }

    /// <summary>Whether readings of test data are kept here, beside the folders of their runs.</summary>
    bool KeepsReads { get; }

    /// <summary>Adds a run, or replaces the one of the same host and folder.</summary>
    /// <param name="run">The run.</param>
    /// <exception cref="ThalwegException">The index cannot be written.</exception>
    void Save(RunSummary run);

    /// <summary>Finds runs.</summary>
    /// <param name="query">Which, in which order.</param>
    /// <exception cref="ThalwegException">The index cannot be read.</exception>
    IReadOnlyList<RunSummary> Query(RunQuery query);

    /// <summary>Forgets a run; its readings of test data stay.</summary>
    /// <param name="run">The run.</param>
    /// <exception cref="ThalwegException">The index cannot be written.</exception>
    void Remove(RunSummary run);

    /// <summary>Names of all figures that some run has, in order.</summary>
    /// <exception cref="ThalwegException">The index cannot be read.</exception>
    IReadOnlyList<string> MetricNames();
}

/// <summary>Which runs an index gives, and in which order.</summary>
public sealed record RunQuery
{
    /// <summary>What they fulfil; default null, all.</summary>
    public RunFilter? Where { get; init; }

    /// <summary>The field they are sorted by; default null, when they began. Runs without it come last.</summary>
    /// <exception cref="ThalwegException">It is the tags, of which a run may have several: choose another field.</exception>
    public RunField? OrderBy
    {
        get;
        init => field = value is not { Kind: RunFieldKind.Tag } ? value
            : throw new ThalwegException("[runs] expected a field that a run has once to sort by, got tag; filter by it instead");
    }

    /// <summary>Whether the largest come first; default true.</summary>
    public bool Descending { get; init; } = true;

    /// <summary>Most runs; default null, all.</summary>
    public int? Limit { get; init; }

    /// <summary>Settings and figures that each run comes with; default null, all. Fewer are faster.</summary>
    public IReadOnlyList<RunField>? Fields { get; init; }
}
