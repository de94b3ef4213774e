using System.Globalization;
using Thalweg.Cli.Options;
using Thalweg.Data;
using Thalweg.Losses;

namespace Thalweg.Cli.Runs;

/// <summary>The data of a run: opened, divided, weighted.</summary>
/// <param name="Source">The data as they were opened.</param>
/// <param name="Split">The parts; the training part with the weights of its classes.</param>
/// <param name="Origin">How to get the same parts again.</param>
internal sealed record RunData(DataSource Source, DataSplit Split, DataOrigin Origin)
{
    private const string Balanced = "balanced";

    /// <summary>Opens the data that the settings name.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="limit">Rows to use at most; null for all.</param>
    /// <exception cref="ThalwegException">The data are missing or damaged, or do not fit the options.</exception>
    public static RunData Open(TrainSettings settings, int? limit = null)
    {
        DataOptions reading = ReadingOf(settings);
        SplitOptions division = TestChoice.Read(settings.Test).Division(settings.Seed, limit);
        DataSource source = DataSource.Open(settings.Data, reading);
        DataSplit split = source.Split(division);
        DataOrigin origin = DataOrigin.Of(settings.Data, reading, division, split);
        return settings.ClassWeights is { } weights
            ? new RunData(source, split with { Training = Weighted(split.Training, weights) }, origin)
            : new RunData(source, split, origin);
    }

    /// <summary>How the data are to be read.</summary>
    /// <param name="settings">What was asked for.</param>
    public static DataOptions ReadingOf(TrainSettings settings) => ReadingSettings.OptionsOf(settings) with
    {
        Target = settings.Target,
        Task = settings.Task switch
        {
            "classification" => LearningTask.Classification(),
            "regression" => LearningTask.Regression(),
            _ => null,
        },
        TestPath = TestChoice.Read(settings.Test).Path,
        IgnoredColumns = LayoutOptions.Split(settings.Ignored) ?? [],
        CategoricalColumns = LayoutOptions.Split(settings.Categorical) ?? [],
        SampleWeight = settings.SampleWeight,
        SampleCount = settings.Samples,
        StandardizeTarget = NetworkBuilder.Describe(settings).WantsStandardTarget(LossOf(settings)),
    };

    /// <summary>The loss that was asked for; null for the one that belongs to the task.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <exception cref="ThalwegException">The name or a setting is not known.</exception>
    public static Loss? LossOf(TrainSettings settings) => settings.Loss is { } text ? LossText.Parse(text) : null;

    private static TrainingSet Weighted(TrainingSet training, string text)
    {
        Dataset data = training.Data;
        if (!data.Task.HasClasses)
            throw new ThalwegException(
                "--class-weights: expected classes to learn, got numbers; leave it out, or ask for --task classification");
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
                throw new ThalwegException(
                    $"--class-weights: expected {Balanced}, or CLASS=WEIGHT with weights of 0 or more, got '{part}'");
            string name = part[..sign].Trim();
            int place = classes.ToList().IndexOf(name);
            if (place < 0)
                throw new ThalwegException($"--class-weights: expected {OptionFactory.OneOf(name, [.. classes])}, got '{name}'");
            weights[place] = weight;
        }

        return weights;
    }
}
