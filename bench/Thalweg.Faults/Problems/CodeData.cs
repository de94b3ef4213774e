using Thalweg.Data;
using Thalweg.Runs;

namespace Thalweg.Faults;

/// <summary>Samples in memory: features, and a class or a number for each.</summary>
/// <param name="Features">Features, row-major.</param>
/// <param name="Shape">Shape of a sample.</param>
/// <param name="Labels">Class of each sample; null where numbers are learned.</param>
/// <param name="Numbers">Number of each sample; null where classes are learned.</param>
internal sealed record Samples(float[] Features, int[] Shape, int[]? Labels, float[]? Numbers)
{
    /// <summary>Number of classes.</summary>
    public int Classes { get; init; } = Labels is null ? 0 : Math.Max(2, Labels.Max() + 1);

    /// <summary>Number of samples.</summary>
    public int Count => Labels?.Length ?? Numbers!.Length;

    private int Width => Features.Length / Count;

    /// <summary>Samples of a data set.</summary>
    public static Samples Of(Dataset data)
    {
        int[] rows = [.. Enumerable.Range(0, data.Count)];
        float[] features = new float[data.Count * data.FeatureWidth];
        data.Gather<float>(rows, features);
        if (data.Task.HasClasses)
        {
            int[] labels = new int[data.Count];
            data.GatherLabels(rows, labels);
            return new(features, [.. data.FeatureShape], labels, null) { Classes = data.ClassNames.Count };
        }

        float[] numbers = new float[data.Count];
        data.GatherTargets<float>(rows, numbers);
        return new(features, [.. data.FeatureShape], null, numbers);
    }

    /// <summary>Some of the samples, in an order.</summary>
    public Samples Take(IReadOnlyList<int> rows)
    {
        float[] features = new float[rows.Count * Width];
        for (int i = 0; i < rows.Count; i++)
            Features.AsSpan(rows[i] * Width, Width).CopyTo(features.AsSpan(i * Width));
        return this with
        {
            Features = features,
            Labels = Labels is null ? null : [.. rows.Select(row => Labels[row])],
            Numbers = Numbers is null ? null : [.. rows.Select(row => Numbers[row])],
        };
    }

    /// <summary>Each value of the features changed by its place in the sample.</summary>
    public Samples Map(Func<int, float, float> change) =>
        this with { Features = [.. Features.Select((value, i) => change(i % Width, value))] };

    /// <summary>The samples in order of their class.</summary>
    public Samples Sorted() => Take([.. Enumerable.Range(0, Count).OrderBy(row => Labels![row])]);

    /// <summary>The samples as data to learn.</summary>
    public Dataset ToDataset() => Labels is not null
        ? Dataset.ForClassification(Features, Shape, Labels, [.. Enumerable.Range(0, Classes).Select(i => $"c{i}")])
        : Dataset.ForRegression(Features, Shape, Numbers!);

    /// <summary>Divides the samples by a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="validation">Share of the validation samples.</param>
    /// <param name="ofTraining">What is done to the training samples; null for nothing.</param>
    public RunData Divide(ulong seed, double validation = 0.3, Func<Samples, Samples>? ofTraining = null)
    {
        int[] rows = [.. Enumerable.Range(0, Count)];
        RandomStream random = new(seed, RandomPurpose.Split);
        random.Shuffle(rows.AsSpan());
        int held = Math.Max(1, (int)(validation * Count));
        Samples training = Take([.. rows[held..].Order()]), judged = Take([.. rows[..held].Order()]);
        Dataset data = (ofTraining?.Invoke(training) ?? training).ToDataset();
        return RunData.Of(new DataSplit(
            Preprocessing.Of(data), new TrainingSet(data), new ValidationSet(judged.ToDataset()), Test: null, Notes: []));
    }
}
