using System.Globalization;
using Thalweg.Metrics;

namespace Thalweg.Runs;

/// <summary>What an index knows of a run.</summary>
public sealed record RunSummary
{
    /// <summary>Full path of the folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The machine that has the folder.</summary>
    public required string Host { get; init; }

    /// <summary>Name of the run; null where it has none.</summary>
    public string? Name { get; init; }

    /// <summary>Tags of the run.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The remark that is kept with the run; null where there is none.</summary>
    public string? Note { get; init; }

    /// <summary>Status as in <see cref="RunRecord.Status"/>.</summary>
    public required string Status { get; init; }

    /// <summary>When it began, in universal time as in <c>2026-11-30T14:05:09.123Z</c>; empty where that is not known.</summary>
    public required string Started { get; init; }

    /// <summary>Time of training in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Epochs that are over.</summary>
    public required int CompletedEpochs { get; init; }

    /// <summary>The full recipe: texts by the paths of the fields, those that are set.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Figures by name, as in <c>validation_accuracy</c>, <c>training_loss</c>, <c>test_accuracy</c>: of the best epoch, or of the
    /// last where none was evaluated.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Reads a run from its folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="ThalwegException">It holds no run, or a damaged one.</exception>
    public static RunSummary Load(string folder)
    {
        RunFolder run = new(folder);
        RunRecord record = run.LoadRecord();
        Recipe recipe = record.Defaults is null ? run.LoadRecipe() : record.Settings;
        RunSummary summary = Of(run, record, recipe);
        return summary with { Settings = SettingsOf(recipe, record.Defaults ?? []) };
    }

    /// <summary>What an index knows of a run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="record">Its record.</param>
    /// <param name="recipe">Its full recipe.</param>
    public static RunSummary Of(RunFolder folder, RunRecord record, Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(recipe);
        return new RunSummary
        {
            Folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Location)),
            Host = Environment.MachineName,
            Name = record.Name,
            Tags = [.. (record.Tags ?? []).Distinct().Order(StringComparer.Ordinal)],
            Note = SecretText.Mask(record.Note),
            Status = record.Status,
            Started = record.Started is { } started ? TextOf(started) : "",
            Seconds = record.Seconds,
            CompletedEpochs = record.Epochs.Count == 0 ? 0 : record.Epochs[^1].Epoch + 1,
            Settings = SettingsOf(recipe, []),
            Metrics = MetricsOf(record),
        };
    }

    /// <summary>A time as indexes keep it.</summary>
    /// <param name="time">The time.</param>
    public static string TextOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The value of a field as text; null where the run does not have it.</summary>
    /// <param name="field">The field.</param>
    public string? TextOf(RunField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return field.Kind switch
        {
            RunFieldKind.Setting => Settings.GetValueOrDefault(field.Key),
            RunFieldKind.Metric => Metrics.TryGetValue(field.Key, out double value)
                ? value.ToString("R", CultureInfo.InvariantCulture) : null,
            RunFieldKind.Tag => Tags.Count == 0 ? null : string.Join(',', Tags),
            _ => RunField.ColumnOf(this, field.Key),
        };
    }

    private static Dictionary<string, string> SettingsOf(Recipe recipe, IReadOnlyList<RunDefault> defaults)
    {
        Dictionary<string, string> settings = [];
        foreach (RunDefault item in defaults)
        {
            if (item.Value is not null)
                settings[item.Path] = item.Value;
        }

        foreach (RecipeField field in RecipeField.All)
        {
            if (field.Format(field.Get(recipe)) is { } text)
                settings[field.Path] = SecretText.Mask(text)!;
        }

        return settings;
    }

    private static Dictionary<string, double> MetricsOf(RunRecord record)
    {
        Dictionary<string, double> metrics = [];
        if ((record.Epochs.LastOrDefault(epoch => epoch.IsBest) ?? record.Epochs.LastOrDefault()) is { } epoch)
        {
            Add(metrics, "training", epoch.Training);
            if (epoch.IsEvaluated)
                Add(metrics, "validation", epoch.Validation);
        }

        if (record.Test is { } test)
            Add(metrics, "test", test);
        return metrics;
    }

    private static void Add(Dictionary<string, double> metrics, string part, Evaluation figures)
    {
        Add("loss", figures.Loss);
        Add("accuracy", figures.Accuracy);
        Add("r2", figures.R2);
        Add("root_mean_squared_error", figures.RootMeanSquaredError);
        Add("mean_absolute_error", figures.MeanAbsoluteError);
        Add(figures.MetricName, figures.Metric);
        foreach (MetricValue other in figures.Others ?? [])
            Add(other.Name, other.Value);

        void Add(string name, double value)
        {
            if (!double.IsNaN(value))
                metrics[$"{part}_{SettingsText.Snake(name).Replace(' ', '_').ToLowerInvariant()}"] = value;
        }
    }
}
