namespace Thalweg.Data;

/// <summary>Data that weights and preprocessing may be fitted to.</summary>
/// <param name="Data">The samples; of a stream those of the step that is under way.</param>
/// <exception cref="ThalwegException">The samples come from a <see cref="TestSet"/>: give others.</exception>
public sealed record TrainingSet(Dataset Data)
{
    /// <summary>The samples; of a stream those of the step that is under way.</summary>
    public Dataset Data { get; init => field = TestSet.Refuse(value, "training"); } = TestSet.Refuse(Data, "training");

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
/// <exception cref="ThalwegException">The samples come from a <see cref="TestSet"/>: give others.</exception>
public sealed record ValidationSet(Dataset Data)
{
    /// <summary>The samples.</summary>
    public Dataset Data { get; init => field = TestSet.Refuse(value, "validation"); } = TestSet.Refuse(Data, "validation");
}

/// <summary>A source divided into training, validation and test data, with the preprocessing fitted to the training part.</summary>
/// <param name="Preprocessing">What turns raw rows into features; goes into the model file.</param>
/// <param name="Training">Data to fit.</param>
/// <param name="Validation">Data to choose by; without a sample where none were asked for.</param>
/// <param name="Test">Data for the final figure; null where none was asked for.</param>
/// <param name="Notes">What is to be known of how the data were read and prepared: guesses, dropped columns, rows left out.</param>
public sealed record DataSplit(
    Preprocessing Preprocessing, TrainingSet Training, ValidationSet Validation, TestSet? Test, IReadOnlyList<DataNote> Notes)
{
    /// <summary>Rows that neither training nor validation see, on which a choice made by validation is judged; null where none were asked
    /// for. See <see cref="SplitOptions.HoldoutFold"/>.</summary>
    public ValidationSet? Holdout { get; init; }
}
