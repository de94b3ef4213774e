using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>Data for the final figure alone: it can be had only with a reason, and every reading is written to a ledger.</summary>
/// <remarks>A test set that is read to choose between models is a validation set; the ledger shows whether that happened. The samples that
/// <see cref="Read"/> gives are refused as a <see cref="TrainingSet"/> or <see cref="ValidationSet"/>, and each model that is scored on
/// them is written down.</remarks>
public sealed class TestSet
{
    private readonly Dataset _data;
    private readonly Lazy<string> _fingerprint;
    private readonly List<TestRead> _reads = [];
    private readonly Lock _lock = new();

    /// <summary>Guards a data set, whose fingerprint is that of its prepared samples.</summary>
    /// <param name="data">The samples.</param>
    public TestSet(Dataset data)
        : this(data, () => RowFingerprint.OfSamples(data))
    {
    }

    /// <summary>Guards a data set.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="fingerprint">Gives the fingerprint of the rows as they came, when it is first asked for.</param>
    internal TestSet(Dataset data, Func<string> fingerprint)
    {
        ArgumentNullException.ThrowIfNull(data);
        _data = data.OfTest(this);
        _fingerprint = new Lazy<string>(fingerprint);
    }

    /// <summary>Number of samples, which may be known without reading them.</summary>
    public int Count => _data.Count;

    /// <summary>Fingerprint of the rows as they came, which does not depend on their order: 32 hexadecimal digits. It takes a pass over the
    /// rows when it is first asked for.</summary>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>Where readings are written down; default <see cref="MemoryTestLedger.Shared"/>.</summary>
    public ITestLedger Ledger { get; set; } = MemoryTestLedger.Shared;

    /// <summary>0-based rows of the samples in the source they came from.</summary>
    public ReadOnlySpan<int> SourceRows => _data.SourceRows;

    /// <summary>Every reading so far, oldest first.</summary>
    public IReadOnlyList<TestRead> Reads
    {
        get
        {
            lock (_lock)
                return [.. _reads];
        }
    }

    /// <summary>Raised after each reading has been written down.</summary>
    public event Action<TestRead>? Accessed;

    /// <summary>Writes a reading to the ledger, then gives the samples.</summary>
    /// <param name="reason">Why they are needed, in a few words; not empty.</param>
    /// <param name="model">Fingerprint of the weights that are to be judged, as <see cref="Layers.Module.Fingerprint"/> gives it; default
    /// null, where that is not known yet.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="ArgumentException">No reason is given: give one.</exception>
    /// <exception cref="ThalwegException">The ledger cannot be written: nothing is read.</exception>
    public Dataset Read(string reason, string? model = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        TestRead read;
        lock (_lock)
            read = _reads[Add(reason, model)];
        Accessed?.Invoke(read);
        return _data;
    }

    /// <summary>Writes down which model was scored on the samples; another one than the reading was for is a reading of its own.</summary>
    /// <param name="model">Fingerprint of its weights.</param>
    /// <param name="figures">What it scored.</param>
    internal void Judge(string model, Evaluation figures)
    {
        lock (_lock)
        {
            int index = _reads.FindLastIndex(read => read.Model == model || (read.Model is null && read.Value is null));
            if (index < 0)
                index = Add("another model on the same samples", model);
            TestRead read = _reads[index];
            if (read.Value is not null)
                return;
            Ledger.Record(_reads[index] = read with { Model = model, Metric = figures.MetricName, Value = figures.Metric });
        }
    }

    /// <summary>Lets through data that are not for the test.</summary>
    /// <param name="data">The data.</param>
    /// <param name="use">What they are to be used for.</param>
    internal static Dataset Refuse(Dataset data, string use)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Test is null ? data : throw new ThalwegException(
            $"[data] expected {use} data, got the samples of a test set: the last figure would then be too good; use other rows for {use}");
    }

    private int Add(string reason, string? model)
    {
        TestRead read = new(_reads.Count + 1, reason, DateTimeOffset.UtcNow)
        {
            Id = Guid.CreateVersion7().ToString("N"),
            Fingerprint = Fingerprint,
            Samples = Count,
            Model = model,
        };

        // First, so that no reading goes without an entry.
        Ledger.Record(read);
        _reads.Add(read);
        return _reads.Count - 1;
    }
}
