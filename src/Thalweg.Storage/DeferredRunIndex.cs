using Thalweg.Data;
using Thalweg.Runs;

namespace Thalweg.Storage;

/// <summary>An index that is opened when it is first used: a command that trains does not wait for a database at its start.</summary>
/// <param name="open">Opens the index.</param>
/// <param name="description">The index in words, until it is open.</param>
/// <param name="scan">Finds readings of test data where the index cannot be opened.</param>
internal sealed class DeferredRunIndex(Func<IRunIndex> open, string description, FolderIndex scan) : IRunIndex
{
    private readonly Lock _lock = new();
    private IRunIndex? _index;
    private ThalwegException? _failed;

    /// <inheritdoc/>
    public string Description => _index?.Description ?? description;

    /// <inheritdoc/>
    public bool KeepsReads => RunIndexing.Try(() => Opened()) is null && Opened().KeepsReads;

    /// <inheritdoc/>
    public void Save(RunSummary run) => Opened().Save(run);

    /// <inheritdoc/>
    public IReadOnlyList<RunSummary> Query(RunQuery query) => Opened().Query(query);

    /// <inheritdoc/>
    public void Remove(RunSummary run) => Opened().Remove(run);

    /// <inheritdoc/>
    public IReadOnlyList<string> MetricNames() => Opened().MetricNames();

    /// <inheritdoc/>
    public void Record(TestRead read) => Opened().Record(read);

    /// <inheritdoc/>
    public IReadOnlyList<TestRead> ReadsOf(string fingerprint) =>
        [.. (RunIndexing.Try(() => Opened()) is null ? Opened().ReadsOf(fingerprint) : []).Concat(scan.ReadsOf(fingerprint))
            .DistinctBy(read => read.Id).OrderBy(read => read.Time)];

    /// <inheritdoc/>
    public void Dispose() => _index?.Dispose();

    private IRunIndex Opened()
    {
        lock (_lock)
        {
            if (_failed is not null)
                throw _failed;
            try
            {
                return _index ??= open();
            }
            catch (ThalwegException error)
            {
                _failed = error;
                throw;
            }
        }
    }
}
