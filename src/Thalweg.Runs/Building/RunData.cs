using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Thalweg.Data;

namespace Thalweg.Runs;

/// <summary>The data of a run: opened, divided, weighted.</summary>
/// <param name="Source">The data as they were opened; null where the parts were given.</param>
/// <param name="Split">The parts; the training part with the weights of its classes.</param>
/// <param name="Origin">How to get the same parts again; null where the parts were given.</param>
public sealed record RunData(DataSource? Source, DataSplit Split, DataOrigin? Origin)
{
    private const string Balanced = "balanced";

    private Task<DataFingerprint>? _fingerprint;

    /// <summary>The files that the data were read from, as they were then; none of built-in data, and where the parts were given.</summary>
    public IReadOnlyList<DataFile> Files { get; private init; } = [];

    /// <summary>Data that are divided already.</summary>
    /// <param name="split">The parts.</param>
    public static RunData Of(DataSplit split)
    {
        ArgumentNullException.ThrowIfNull(split);
        return new RunData(null, split, null);
    }

    /// <summary>How the data of a recipe are read; a target of numbers in its own unit where loss or output activation want
    /// that.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="ThalwegException">A name is not known.</exception>
    public static DataOptions ReadingOf(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return recipe.Data.ToOptions() with { StandardizeTarget = NetworkBuilder.WantsStandardTarget(recipe) };
    }

    /// <summary>Opens and divides the data of a recipe.</summary>
    internal static RunData Open(Recipe recipe)
    {
        DataOptions reading = ReadingOf(recipe);
        SplitOptions division = recipe.Data.Split.ToOptions(recipe.Seed);
        ((DataSource source, DataSplit split), IReadOnlyList<DataFile> files) = DataFiles.Watch(() =>
        {
            DataSource opened = DataSource.Open(recipe.Data.Source, reading);
            return (opened, opened.Split(division));
        });
        DataOrigin origin = DataOrigin.Of(recipe.Data.Source, reading, division, split);
        return new RunData(source, recipe.Data.ClassWeights is { } weights
            ? split with { Training = Weighted(split.Training, weights) } : split, origin)
        {
            Files = files,
        };
    }

    /// <summary>SHA-256 of what the data hold, wherever their files lie: equal data, equal digests.</summary>
    /// <exception cref="ThalwegException">A file was changed or removed after it was read.</exception>
    public string ContentDigest()
    {
        DataFingerprint fingerprint = Fingerprint().GetAwaiter().GetResult();
        string text = string.Join(' ', [.. fingerprint.Files.Select(file => file.Hash), fingerprint.Samples ?? ""]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Begins to fingerprint the contents in the background, so that a run need not wait for it.</summary>
    /// <param name="known">A fingerprint from before: files of the same size and time are not read again. Default null.</param>
    internal Task<DataFingerprint> Fingerprint(DataFingerprint? known = null) =>
        _fingerprint ??= Task.Run(() => DataFingerprint.Of(this, known));

    /// <summary>Digest of the preprocessing and the sizes of the parts: tells whether the data are still the same.</summary>
    internal string Digest()
    {
        string text = $"{Split.Training.Data.Count} {Split.Validation.Data.Count} {Split.Preprocessing.ToJson()}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static TrainingSet Weighted(TrainingSet training, string text)
    {
        Dataset data = training.Data;
        if (!data.Task.HasClasses)
        {
            throw new ThalwegException(
                "data.class_weights: expected classes to learn, got numbers; leave it out, or ask for data.task classification");
        }

        double[] byClass = text == Balanced ? BalancedWeights(data) : Read(text, data.ClassNames);
        int[] samples = [.. Enumerable.Range(0, data.Count)], labels = new int[data.Count];
        float[] weights = new float[data.Count];
        data.GatherLabels(samples, labels);
        data.GatherWeights<float>(samples, weights);
        for (int i = 0; i < weights.Length; i++)
            weights[i] *= (float)byClass[labels[i]];
        return new TrainingSet(data.WithWeights(weights));
    }

    /// <summary>n / (classes n_c): all classes count alike. Source: King, Zeng, Logistic regression in rare events data, 2001, section 4.2,
    /// in the form of scikit-learn.</summary>
    private static double[] BalancedWeights(Dataset data) =>
        [.. data.CountClasses().Select(count => count == 0 ? 1 : (double)data.Count / (data.ClassNames.Count * count))];

    private static double[] Read(string text, IReadOnlyList<string> classes)
    {
        double[] weights = [.. classes.Select(_ => 1.0)];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            int sign = part.LastIndexOf('=');
            bool isNumber = double.TryParse(part[(sign + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double weight);
            if (sign < 1 || !isNumber || !(weight >= 0) || !double.IsFinite(weight))
            {
                throw new ThalwegException(
                    $"data.class_weights: expected {Balanced}, or CLASS=WEIGHT with weights of 0 or more, got '{part}'");
            }

            string name = part[..sign].Trim();
            int position = classes.ToList().IndexOf(name);
            if (position < 0)
                throw new ThalwegException($"data.class_weights: expected {Names.OneOf(name, [.. classes])}, got '{name}'");
            weights[position] = weight;
        }

        return weights;
    }
}
