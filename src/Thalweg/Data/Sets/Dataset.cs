using System.Numerics;

namespace Thalweg.Data;

/// <summary>Samples that are ready for a network: features as numbers, and a class or a number to learn for each.</summary>
/// <remarks>Immutable, and safe to read from several threads. A data set is a choice of rows of a store that others may share.</remarks>
public sealed class Dataset
{
    private readonly FeatureStore _store;
    private readonly int[] _rows;
    private readonly int[]? _labels;
    private readonly float[]? _targets;
    private readonly float[]? _weights;

    internal Dataset(FeatureStore store, int[] rows, SampleMeaning meaning, int[]? labels, float[]? targets, float[]? weights = null)
    {
        _store = store;
        _rows = rows;
        Meaning = meaning;
        _labels = labels;
        _targets = targets;
        _weights = weights;
    }

    /// <summary>Makes a data set of classes from arrays in memory, which it keeps.</summary>
    /// <param name="features">Features, row-major: `[rows, width]`, width being the product of <paramref name="featureShape"/>.</param>
    /// <param name="featureShape">Shape of one sample, such as [4] or [1, 28, 28].</param>
    /// <param name="labels">Class of each row: `[rows]`, each in 0 .. number of classes - 1.</param>
    /// <param name="classNames">Name of each class, at least two.</param>
    /// <exception cref="ThalwegException">The lengths do not fit together or a label has no class: mend the arrays.</exception>
    public static Dataset ForClassification(
        float[] features, IReadOnlyList<int> featureShape, int[] labels, IReadOnlyList<string> classNames)
    {
        int width = CheckWidth(features, featureShape, labels.Length);
        if (classNames.Count < 2)
            throw new ThalwegException($"[data] expected at least 2 classes, got {classNames.Count}; one class leaves nothing to learn");
        for (int row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)classNames.Count)
                throw new ThalwegException($"[data] label {labels[row]} of row {row} is outside 0 .. {classNames.Count - 1}; "
                    + "number the classes from 0");
        }

        SampleMeaning meaning = new(TaskKind.Classification, [.. featureShape], [.. classNames]);
        return new Dataset(new FloatFeatures(features, width), AllRows(labels.Length), meaning, labels, null);
    }

    /// <summary>Makes a data set of numbers to predict from arrays in memory, which it keeps.</summary>
    /// <param name="features">Features, row-major: `[rows, width]`, width being the product of <paramref name="featureShape"/>.</param>
    /// <param name="featureShape">Shape of one sample, such as [4].</param>
    /// <param name="targets">Number to learn for each row: `[rows]`, best of mean 0 and standard deviation 1.</param>
    /// <exception cref="ThalwegException">The lengths do not fit together: mend the arrays.</exception>
    public static Dataset ForRegression(float[] features, IReadOnlyList<int> featureShape, float[] targets)
    {
        int width = CheckWidth(features, featureShape, targets.Length);
        SampleMeaning meaning = new(TaskKind.Regression, [.. featureShape], []);
        return new Dataset(new FloatFeatures(features, width), AllRows(targets.Length), meaning, null, targets);
    }

    /// <summary>Number of samples.</summary>
    public int Count => _rows.Length;

    /// <summary>Numbers per sample: the product of <see cref="FeatureShape"/>.</summary>
    public int FeatureWidth => _store.Width;

    /// <summary>Shape of one sample, such as [14] or [1, 28, 28].</summary>
    public IReadOnlyList<int> FeatureShape => Meaning.FeatureShape;

    /// <summary>Whether samples carry classes or numbers.</summary>
    public TaskKind Task => Meaning.Task;

    /// <summary>Names of the classes; empty for regression.</summary>
    public IReadOnlyList<string> ClassNames => Meaning.ClassNames;

    /// <summary>Whether samples have weights of their own; see <see cref="WithWeights"/>.</summary>
    public bool HasWeights => _weights is not null;

    /// <summary>0-based row of each sample in the source it came from (the data rows of a file, in order).</summary>
    public ReadOnlySpan<int> SourceRows => _rows;

    internal SampleMeaning Meaning { get; }

    /// <summary>Whether the features lie in a file, so that gathering them may wait for the disk.</summary>
    internal bool IsMapped => _store.IsMapped;

    /// <summary>The same samples with a weight each: by how much a sample counts in the loss, in training and in evaluation.</summary>
    /// <remarks>Loss = sum of weight times loss of a sample / sum of the weights; a weight of 0 leaves a sample out of the loss. Metrics
    /// such as accuracy and R2 count each sample once, whatever its weight (as Keras' metrics and scikit-learn's <c>score</c> do).</remarks>
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
                throw new ThalwegException($"[data] expected finite sample weights of 0 or more, got {weights[i]} for sample {i} "
                    + $"(row {_rows[i]}); correct or remove it");
            byRow[_rows[i]] = weights[i];
            isAnyAbove0 |= weights[i] > 0;
        }

        return isAnyAbove0
            ? new Dataset(_store, _rows, Meaning, _labels, _targets, byRow)
            : throw new ThalwegException("[data] expected a sample weight above 0, got 0 for all; no sample would count");
    }

    /// <summary>Writes the features of some samples, one after the other.</summary>
    /// <typeparam name="T">Type of the numbers: float or double.</typeparam>
    /// <param name="samples">Samples to take, each in 0 .. <see cref="Count"/> - 1: `[batch]`.</param>
    /// <param name="features">Where they go: `[batch, width]`, at least as long.</param>
    /// <exception cref="ThalwegException">The features lie in a file that was changed since it was opened: put it back, or start
    /// again.</exception>
    public void Gather<T>(ReadOnlySpan<int> samples, Span<T> features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        _store.CheckUnchanged();
        _store.Gather(_rows, samples, features);
    }

    /// <summary>Writes the classes of some samples.</summary>
    /// <param name="samples">Samples to take, each in 0 .. <see cref="Count"/> - 1: `[batch]`.</param>
    /// <param name="labels">Where they go: `[batch]`.</param>
    /// <exception cref="InvalidOperationException">The data set is one for regression: use <see cref="GatherTargets"/>.</exception>
    public void GatherLabels(ReadOnlySpan<int> samples, Span<int> labels)
    {
        int[] source = _labels ?? throw new InvalidOperationException("A regression data set has no labels; use GatherTargets.");
        for (int i = 0; i < samples.Length; i++)
            labels[i] = source[_rows[samples[i]]];
    }

    /// <summary>Writes the numbers to learn of some samples, in the standardized unit of training.</summary>
    /// <typeparam name="T">Type of the numbers: float or double.</typeparam>
    /// <param name="samples">Samples to take, each in 0 .. <see cref="Count"/> - 1: `[batch]`.</param>
    /// <param name="targets">Where they go: `[batch]`.</param>
    /// <exception cref="InvalidOperationException">The data set is one for classification: use <see cref="GatherLabels"/>.</exception>
    public void GatherTargets<T>(ReadOnlySpan<int> samples, Span<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        float[] source = _targets ?? throw new InvalidOperationException("A classification data set has no targets; use GatherLabels.");
        for (int i = 0; i < samples.Length; i++)
            targets[i] = T.CreateTruncating(source[_rows[samples[i]]]);
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

    /// <summary>Number of samples of each class, whatever their weights, in the order of <see cref="ClassNames"/>; empty for
    /// regression.</summary>
    public int[] CountClasses()
    {
        int[] counts = new int[ClassNames.Count];
        if (_labels is not null)
        {
            foreach (int row in _rows)
                counts[_labels[row]]++;
        }

        return counts;
    }

    /// <summary>The same store seen through other rows.</summary>
    internal Dataset WithRows(int[] rows) => new(_store, rows, Meaning, _labels, _targets, _weights);

    internal static int[] AllRows(int count)
    {
        int[] rows = new int[count];
        for (int row = 0; row < count; row++)
            rows[row] = row;
        return rows;
    }

    private static int CheckWidth(float[] features, IReadOnlyList<int> featureShape, int rows)
    {
        long width = 1;
        foreach (int size in featureShape)
            width *= size;
        if (featureShape.Count == 0 || width < 1 || rows < 1 || features.Length != width * rows)
        {
            throw new ThalwegException($"[data] expected {rows} rows of shape [{string.Join(", ", featureShape)}], "
                + $"got {features.Length} features; "
                + "the array must hold rows times the product of the shape");
        }

        return (int)width;
    }
}

/// <summary>What the samples of a data set stand for.</summary>
/// <param name="Task">Classes or numbers.</param>
/// <param name="FeatureShape">Shape of one sample.</param>
/// <param name="ClassNames">Names of the classes; empty for regression.</param>
internal sealed record SampleMeaning(TaskKind Task, int[] FeatureShape, string[] ClassNames);
