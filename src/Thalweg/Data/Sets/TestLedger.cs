namespace Thalweg.Data;

/// <summary>One reading of test data.</summary>
/// <param name="Number">Which reading of this test set, or of this folder, it is, from 1.</param>
/// <param name="Reason">Why they were read.</param>
/// <param name="Time">When, in universal time.</param>
public sealed record TestRead(int Number, string Reason, DateTimeOffset Time)
{
    /// <summary>What tells readings apart; empty in files of older versions.</summary>
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>Fingerprint of the rows, see <see cref="TestSet.Fingerprint"/>; null in files of older versions.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Number of rows; 0 in files of older versions.</summary>
    public int Samples { get; init; }

    /// <summary>Folder of the run; null where there was none.</summary>
    public string? Run { get; init; }

    /// <summary>Fingerprint of the weights that were judged; null where that is not known.</summary>
    public string? Model { get; init; }

    /// <summary>Name of the metric; null until there is a figure.</summary>
    public string? Metric { get; init; }

    /// <summary>The figure; null until there is one.</summary>
    public double? Value { get; init; }
}

/// <summary>Where readings of test data are written down, and found again by the rows that were read.</summary>
public interface ITestLedger
{
    /// <summary>Writes a reading down, or replaces the one of the same <see cref="TestRead.Id"/>.</summary>
    /// <param name="read">The reading.</param>
    /// <exception cref="ThalwegException">It cannot be written: the data are then not read.</exception>
    void Record(TestRead read);

    /// <summary>The readings of some rows, oldest first.</summary>
    /// <param name="fingerprint">Fingerprint of the rows, see <see cref="TestSet.Fingerprint"/>.</param>
    IReadOnlyList<TestRead> ReadsOf(string fingerprint);
}

/// <summary>A ledger in memory; safe to use from several threads.</summary>
public sealed class MemoryTestLedger : ITestLedger
{
    private readonly Dictionary<string, TestRead> _reads = [];
    private readonly Lock _lock = new();

    /// <summary>The ledger of the process, which test sets have unless they get another.</summary>
    public static MemoryTestLedger Shared { get; } = new();

    /// <inheritdoc/>
    public void Record(TestRead read)
    {
        ArgumentNullException.ThrowIfNull(read);
        lock (_lock)
            _reads[read.Id] = read;
    }

    /// <inheritdoc/>
    public IReadOnlyList<TestRead> ReadsOf(string fingerprint)
    {
        lock (_lock)
            return [.. _reads.Values.Where(read => read.Fingerprint == fingerprint).OrderBy(read => read.Time)];
    }
}
