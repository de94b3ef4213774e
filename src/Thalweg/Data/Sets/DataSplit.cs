namespace Thalweg.Data;

/// <summary>Data that weights and preprocessing may be fitted to.</summary>
/// <param name="Data">The samples; of a stream those of the step that is under way.</param>
public sealed record TrainingSet(Dataset Data)
{
    /// <summary>Data that come one after the other.</summary>
    /// <param name="stream">The stream.</param>
    public TrainingSet(SampleStream stream)
        : this(Dataset.Of(new StreamWindow(stream, 1), stream.Task)) => Stream = stream;

    /// <summary>The stream that samples come from; null where they can be had in any order.</summary>
    public SampleStream? Stream { get; }

    /// <summary>Writes the order in which an epoch visits the samples: a permutation that depends on seed and epoch alone.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="epoch">Number of the epoch, from 0.</param>
    /// <param name="order">Where it goes: `[Data.Count]`, each sample once.</param>
    /// <exception cref="ArgumentException"><paramref name="order"/> is not as long as the data: allocate Data.Count entries.</exception>
    public void FillOrder(ulong seed, int epoch, Span<int> order)
    {
        if (order.Length != Data.Count)
            throw new ArgumentException($"expected {Data.Count} entries, got {order.Length}", nameof(order));
        new ShuffledSampler().Fill(new SamplerContext(Data, seed, epoch, Data.Count), order);
    }
}

/// <summary>Data to choose by: epochs, hyperparameters, early stopping; never fitted to.</summary>
/// <param name="Data">The samples.</param>
public sealed record ValidationSet(Dataset Data);

/// <summary>One reading of a test set.</summary>
/// <param name="Number">Which reading it is, from 1.</param>
/// <param name="Reason">Why it was read.</param>
/// <param name="Time">When, in universal time.</param>
public sealed record TestRead(int Number, string Reason, DateTimeOffset Time);

/// <summary>Data for the final figure alone: it can be had only with a reason, and every reading is counted.</summary>
/// <remarks>A test set that is read to choose between models is a validation set; the list of reads shows whether that happened.</remarks>
public sealed class TestSet
{
    private readonly Dataset _data;
    private readonly List<TestRead> _reads = [];
    private readonly Lock _lock = new();

    /// <summary>Guards a data set.</summary>
    /// <param name="data">The samples.</param>
    public TestSet(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        _data = data;
    }

    /// <summary>Number of samples, which may be known without reading them.</summary>
    public int Count => _data.Count;

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

    /// <summary>Raised after each reading has been counted, so that it can be written down.</summary>
    public event Action<TestRead>? Accessed;

    /// <summary>Gives the samples, and counts the reading.</summary>
    /// <param name="reason">Why they are needed, in a few words; not empty.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="ArgumentException">No reason is given: give one.</exception>
    public Dataset Read(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        TestRead read;
        lock (_lock)
        {
            read = new TestRead(_reads.Count + 1, reason, DateTimeOffset.UtcNow);
            _reads.Add(read);
        }

        Accessed?.Invoke(read);
        return _data;
    }
}

/// <summary>A source divided into training, validation and test data, with the preprocessing fitted to the training part.</summary>
/// <param name="Preprocessing">What turns raw rows into features; goes into the model file.</param>
/// <param name="Training">Data to fit.</param>
/// <param name="Validation">Data to choose by; without a sample where none were asked for.</param>
/// <param name="Test">Data for the final figure; null where none was asked for.</param>
/// <param name="Notes">What is to be known of how the data were read and prepared: guesses, dropped columns, rows left out.</param>
public sealed record DataSplit(
    Preprocessing Preprocessing, TrainingSet Training, ValidationSet Validation, TestSet? Test, IReadOnlyList<DataNote> Notes);
