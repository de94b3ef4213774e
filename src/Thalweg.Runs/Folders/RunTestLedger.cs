using Thalweg.Data;

namespace Thalweg.Runs;

/// <summary>The ledger of a run: <c>test-reads.json</c> in its folder, and the index, which knows the other runs.</summary>
/// <param name="folder">Folder of the run, or of the model.</param>
/// <param name="index">The index; null for none.</param>
public sealed class RunTestLedger(string folder, IRunIndex? index) : ITestLedger
{
    /// <summary>Folder of the run, or of the model.</summary>
    public string Folder { get; } = folder;

    /// <summary>Why the index does not have all entries; null where it has, or there is none.</summary>
    public string? IndexNote { get; private set; }

    /// <inheritdoc/>
    /// <remarks>One of the two places is enough: a model in a folder that cannot be written is judged where the index can be.</remarks>
    public void Record(TestRead read)
    {
        ThalwegException? refused = null;
        try
        {
            TestReadLog.Record(Folder, read);
        }
        catch (ThalwegException error)
        {
            refused = error;
        }

        string? note = RunIndexing.Try(() => index?.Record(read with { Run = Path.GetFullPath(Folder) }));
        IndexNote ??= note;
        if (refused is not null && (index is not { KeepsReads: true } || note is not null))
            throw refused;
    }

    /// <inheritdoc/>
    public IReadOnlyList<TestRead> ReadsOf(string fingerprint)
    {
        IEnumerable<TestRead> own = TestReadLog.Load(Folder).Where(read => read.Fingerprint == fingerprint);
        IReadOnlyList<TestRead> all = [];
        IndexNote ??= RunIndexing.Try(() => all = index?.ReadsOf(fingerprint) ?? []);

        return [.. own.Concat(all).DistinctBy(read => read.Id).OrderBy(read => read.Time)];
    }
}
