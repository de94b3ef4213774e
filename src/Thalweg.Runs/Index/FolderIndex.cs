using Thalweg.Data;

namespace Thalweg.Runs;

/// <summary>The index that needs none: each question is answered by a scan of the folders.</summary>
/// <param name="roots">Folders under which runs lie, as <see cref="RunFolders.Under"/> finds them.</param>
public sealed class FolderIndex(params IReadOnlyList<string> roots) : IRunIndex
{
    /// <inheritdoc/>
    public string Description => $"a scan of {string.Join(", ", roots)}";

    /// <inheritdoc/>
    public bool KeepsReads => false;

    /// <summary>Folders whose record could not be read by the last <see cref="Query"/>, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <inheritdoc/>
    /// <remarks>Nothing is to be done: the folder is the entry.</remarks>
    public void Save(RunSummary run)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<RunSummary> Query(RunQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        IEnumerable<RunSummary> found = All().Where(run => query.Where?.Matches(run) ?? true);
        RunField field = query.OrderBy ?? RunField.Started;
        RunSummary[] sorted = [.. found.OrderBy(run => run.TextOf(field) is null ? 1 : 0)
            .ThenBy(run => run.TextOf(field), new FieldOrder(field, query.Descending))
            .ThenBy(run => run.Folder, StringComparer.Ordinal)];
        return query.Limit is { } limit ? [.. sorted.Take(limit)] : sorted;
    }

    /// <inheritdoc/>
    /// <remarks>Nothing is to be done: without its folder the run is not found.</remarks>
    public void Remove(RunSummary run)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> MetricNames() =>
        [.. All().SelectMany(run => run.Metrics.Keys).Distinct().Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    /// <remarks>Nothing is to be done: the folder of the run keeps it.</remarks>
    public void Record(TestRead read)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<TestRead> ReadsOf(string fingerprint) =>
        [.. RunFolders.ReadsOf(roots.SelectMany(RunFolders.Under).Concat(roots))
            .Where(read => read.Fingerprint == fingerprint).OrderBy(read => read.Time)];

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private List<RunSummary> All()
    {
        List<RunSummary> all = [];
        List<string> notes = [];
        foreach (string folder in roots.SelectMany(RunFolders.Under).Distinct())
        {
            if (RunIndexing.Try(() => all.Add(RunSummary.Load(folder))) is { } note)
                notes.Add(note);
        }

        Notes = notes;
        return all;
    }

    /// <summary>The order of databases: numbers before texts, both in their own order.</summary>
    private sealed class FieldOrder(RunField field, bool isDescending) : IComparer<string?>
    {
        public int Compare(string? x, string? y)
        {
            int order = Order(x ?? "", y ?? "");
            return isDescending ? -order : order;
        }

        private int Order(string left, string right)
        {
            if (field.Kind == RunFieldKind.Column && !field.IsNumber)
                return RunFilter.Order(left, right);
            return (RunFilter.NumberOf(left), RunFilter.NumberOf(right)) switch
            {
                ({ } first, { } second) => first.CompareTo(second),
                (null, null) => RunFilter.Order(left, right),
                (null, _) => 1,
                _ => -1,
            };
        }
    }
}
