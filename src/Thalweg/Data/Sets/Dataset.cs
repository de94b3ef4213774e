using System.Numerics;

namespace Thalweg.Data;

/// <summary>Samples that are ready for a network: inputs as numbers, and what is to be learned for each.</summary>
/// <remarks>Immutable, and safe to read from several threads. A data set is a choice of rows of a store that others may share. The usual
/// one has one input, <see cref="FeatureName"/>, and one target; <see cref="Inputs"/> and the <see cref="LearningTask.Targets"/> of the
/// task say what others have.</remarks>
public sealed partial class Dataset
{
    /// <summary>Name of the input of a data set that has one.</summary>
    public const string FeatureName = "features";

    private readonly SampleStore _store;
    private readonly int[] _rows;
    private readonly float[]? _weights;

    internal Dataset(FeatureStore store, int[] rows, Preprocessing preprocessing, int[]? labels, float[]? targets)
        : this(ColumnsOf(store, preprocessing.FeatureShape, labels, targets), rows, preprocessing.Task)
    {
    }

    private Dataset(SampleStore store, int[] rows, LearningTask task, float[]? weights = null, TestSet? test = null) =>
        (_store, _rows, Task, _weights, Test) = (store, rows, task, weights, test);

    /// <summary>Number of samples.</summary>
    public int Count => _rows.Length;

    /// <summary>The inputs of a sample.</summary>
    public IReadOnlyList<TensorSpec> Inputs => _store.Inputs;

    /// <summary>Numbers per sample of the first input: the product of <see cref="FeatureShape"/>.</summary>
    public int FeatureWidth => Inputs[0].Width;

    /// <summary>Shape of one sample of the first input, such as [14] or [1, 28, 28].</summary>
    public IReadOnlyList<int> FeatureShape => Inputs[0].Shape;

    /// <summary>What is learned.</summary>
    public LearningTask Task { get; }

    /// <summary>Names of the classes; empty where there are none.</summary>
    public IReadOnlyList<string> ClassNames => Task.ClassNames;

    /// <summary>Whether samples have targets.</summary>
    public bool HasTargets => _store.HasTargets;

    /// <summary>Whether samples have weights of their own; see <see cref="WithWeights"/>.</summary>
    public bool HasWeights => _weights is not null;

    /// <summary>Whether samples are sequences with lengths of their own, padded in batches.</summary>
    public bool HasLengths => _store.HasLengths;

    /// <summary>0-based row of each sample in the source it came from (the data rows of a file, in order).</summary>
    public ReadOnlySpan<int> SourceRows => _rows;

    /// <summary>Whether the features lie in a file, so that gathering them may wait for the disk.</summary>
    internal bool IsMapped => _store.IsMapped;

    /// <summary>The test set that these samples are, or come from; null for other data.</summary>
    internal TestSet? Test { get; }

    /// <summary>What a stream fills; null where samples can be had in any order.</summary>
    internal StreamWindow? Window => _store as StreamWindow;

    /// <summary>Length of a sequence, in time steps; the longest where all are full.</summary>
    /// <param name="sample">Sample, in 0 .. <see cref="Count"/> - 1.</param>
    /// <exception cref="ThalwegException">Samples are no sequences, or their lengths are known only once they are read.</exception>
    public int LengthOf(int sample) => _store.Lengths is { } lengths
        ? lengths[_rows[sample]]
        : throw new ThalwegException("[data] expected sequences whose lengths are known, got samples without; use "
            + $"{nameof(DataColumn)}.{nameof(DataColumn.OfSequences)}, or another sampler");

    /// <summary>Takes some samples into a batch of their own.</summary>
    /// <param name="samples">Samples to take, each in 0 .. <see cref="Count"/> - 1, 1 or more.</param>
    /// <param name="dtype">Type of what is not whole; default Float32.</param>
    /// <exception cref="ThalwegException">A source fails: the message names it and the sample.</exception>
    public Batch Take(ReadOnlySpan<int> samples, DType dtype = DType.Float32)
    {
        Batch batch = new(this, samples.Length, dtype);
        Fill(samples, batch);
        return batch;
    }

    /// <summary>The same samples with a weight each: by how much a sample counts in the loss, in training and in evaluation.</summary>
    /// <remarks>Loss = sum of weight times loss of a sample / sum of the weights; a weight of 0 leaves a sample out of the loss. Metrics
    /// such as accuracy and R2 count each sample once, whatever its weight (as Keras' metrics and scikit-learn's <c>score</c>
    /// do).</remarks>
    /// <param name="weights">Weight of each sample, dimensionless, finite, 0 or more, not all 0: `[Count]`.</param>
    /// <exception cref="ThalwegException">There is not one weight for each sample, a weight is negative or not finite, or all are 0:
    /// correct the weights.</exception>
    public Dataset WithWeights(ReadOnlySpan<float> weights)
    {
        if (weights.Length != Count)
            throw new ThalwegException($"[data] expected {Count} sample weights, got {weights.Length}; give one for each sample");
        float[] byRow = new float[_store.Count];
        bool isAnyAbove0 = false;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0 && float.IsFinite(weights[i])))
            {
                throw new ThalwegException($"[data] expected finite sample weights of 0 or more, got {weights[i]} for sample {i} "
                    + $"(row {_rows[i]}); correct or remove it");
            }

            byRow[_rows[i]] = weights[i];
            isAnyAbove0 |= weights[i] > 0;
        }

        return isAnyAbove0
            ? new Dataset(_store, _rows, Task, byRow, Test)
            : throw new ThalwegException("[data] expected a sample weight above 0, got 0 for all; no sample would count");
    }

    /// <summary>Writes the first input of some samples, one after the other.</summary>
    /// <typeparam name="T">Type of the numbers: float or double.</typeparam>
    /// <param name="samples">Samples to take, each in 0 .. <see cref="Count"/> - 1: `[batch]`.</param>
    /// <param name="features">Where they go: `[batch, width]`, at least as long.</param>
    /// <exception cref="ThalwegException">The features lie in a file that was changed since it was opened: put it back, or start
    /// again.</exception>
    public void Gather<T>(ReadOnlySpan<int> samples, Span<T> features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_store is ColumnStore { Features.Store: { } column })
        {
            column.CheckUnchanged();
            column.Gather(_rows, samples, features);
            return;
        }

        Copy(Take(samples, DTypeOf<T>()).Inputs[0], features);
    }

    /// <summary>Writes the classes of some samples.</summary>
    /// <param name="samples">Samples to take, each in 0 .. <see cref="Count"/> - 1: `[batch]`.</param>
    /// <param name="labels">Where they go: `[batch]`.</param>
    /// <exception cref="InvalidOperationException">The data set is one for regression: use <see cref="GatherTargets"/>.</exception>
    public void GatherLabels(ReadOnlySpan<int> samples, Span<int> labels)
    {
        if (!HasTargets || !Task.Targets[0].IsInteger)
            throw new InvalidOperationException("A regression data set has no labels; use GatherTargets.");
        if (_store is ColumnStore { Target: { Spec.Width: 1, Integers: { } source } })
        {
            for (int i = 0; i < samples.Length; i++)
                labels[i] = source[_rows[samples[i]]];
            return;
        }

        Take(samples).Targets[0].AsSpan<int>().CopyTo(labels);
    }

    /// <summary>Writes the numbers to learn of some samples, in the standardized unit of training.</summary>
    /// <typeparam name="T">Type of the numbers: float or double.</typeparam>
    /// <param name="samples">Samples to take, each in 0 .. <see cref="Count"/> - 1: `[batch]`.</param>
    /// <param name="targets">Where they go: `[batch, numbers]`.</param>
    /// <exception cref="InvalidOperationException">The data set is one for classification: use <see cref="GatherLabels"/>.</exception>
    public void GatherTargets<T>(ReadOnlySpan<int> samples, Span<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!HasTargets || Task.Targets[0].IsInteger)
            throw new InvalidOperationException("A classification data set has no targets; use GatherLabels.");
        if (_store is ColumnStore { Target.Store: { } column })
            column.Gather(_rows, samples, targets);
        else
            Copy(Take(samples, DTypeOf<T>()).Targets[0], targets);
    }

    /// <summary>Writes the weights of some samples; 1 for each where the data set has none.</summary>
    /// <typeparam name="T">Type of the numbers: float or double.</typeparam>
    /// <param name="samples">Samples to take, each in 0 .. <see cref="Count"/> - 1: `[batch]`.</param>
    /// <param name="weights">Where they go: `[batch]`.</param>
    public void GatherWeights<T>(ReadOnlySpan<int> samples, Span<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < samples.Length; i++)
            weights[i] = _weights is null ? T.One : T.CreateTruncating(_weights[_rows[samples[i]]]);
    }

    /// <summary>Number of samples of each class, whatever their weights, in the order of <see cref="ClassNames"/>; empty where samples have
    /// no class.</summary>
    public int[] CountClasses()
    {
        if (!Task.HasClasses || !HasTargets)
            return new int[Task.HasClasses ? ClassNames.Count : 0];
        int[] counts = new int[ClassNames.Count], labels = new int[Count];
        GatherLabels(AllRows(Count), labels);
        foreach (int label in labels)
            counts[label]++;
        return counts;
    }

    /// <summary>Fills a batch; allocates nothing where the samples lie in memory.</summary>
    internal void Fill(ReadOnlySpan<int> samples, Batch batch)
    {
        _store.Fill(_rows, samples, batch);
        if (batch.Weights is { } weights)
        {
            if (weights.DType == DType.Float32)
                GatherWeights(samples, weights.AsSpan<float>());
            else
                GatherWeights(samples, weights.AsSpan<double>());
        }
    }

    /// <summary>The same samples for who looks at targets and weights alone: without inputs, where they can be left out.</summary>
    internal Dataset TargetsAlone => HasTargets ? new(_store.TargetsAlone, _rows, Task, _weights, Test) : this;

    /// <summary>The same store seen through other rows.</summary>
    internal Dataset WithRows(int[] rows) => new(_store, rows, Task, _weights, Test);

    /// <summary>The same samples as those of a test set.</summary>
    internal Dataset OfTest(TestSet test) => new(_store, _rows, Task, _weights, test);

    internal static int[] AllRows(int count)
    {
        int[] rows = new int[count];
        for (int row = 0; row < count; row++)
            rows[row] = row;
        return rows;
    }

    private static DType DTypeOf<T>() => typeof(T) == typeof(float) ? DType.Float32 : DType.Float64;

    private static void Copy<T>(Tensor from, Span<T> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => from.To(DTypeOf<T>()).AsSpan<T>().CopyTo(to);
}
