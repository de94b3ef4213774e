using System.Globalization;

namespace Thalweg.Runs;

/// <summary>What a field of a run is.</summary>
public enum RunFieldKind
{
    /// <summary>Part of the run itself, such as its status.</summary>
    Column,

    /// <summary>A setting of the recipe, by its path.</summary>
    Setting,

    /// <summary>A figure.</summary>
    Metric,

    /// <summary>The tags.</summary>
    Tag,
}

/// <summary>A field by which runs are filtered, sorted and shown.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Key">Its key: name of the column or figure, or path of the setting.</param>
public sealed record RunField(RunFieldKind Kind, string Key)
{
    /// <summary>Names of the parts of a run that are texts.</summary>
    internal static IReadOnlyList<string> TextColumns { get; } = ["folder", "host", "name", "note", "status", "started"];

    /// <summary>Names of the parts of a run that are numbers.</summary>
    internal static IReadOnlyList<string> NumberColumns { get; } = ["seconds", "completed_epochs"];

    /// <summary>When the run began.</summary>
    public static RunField Started { get; } = new(RunFieldKind.Column, "started");

    /// <summary>Whether the field is a number wherever it is there.</summary>
    internal bool IsNumber => Kind == RunFieldKind.Metric || (Kind == RunFieldKind.Column && NumberColumns.Contains(Key));

    /// <summary>A part of a run as text.</summary>
    internal static string? ColumnOf(RunSummary run, string key) => key switch
    {
        "folder" => run.Folder,
        "host" => run.Host,
        "name" => run.Name,
        "note" => run.Note,
        "status" => run.Status,
        "started" => run.Started,
        "seconds" => run.Seconds.ToString("R", CultureInfo.InvariantCulture),
        _ => run.CompletedEpochs.ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>The names by which fields of runs are called.</summary>
public sealed class RunFields
{
    /// <summary>The part that a figure is of where none is named: the first one that has it.</summary>
    private static readonly string[] s_parts = ["validation", "test", "training"];

    private static readonly string[] s_usual = ["accuracy", "loss", "mean_absolute_error", "r2", "root_mean_squared_error"];

    private readonly Dictionary<string, RunField> _byName = new(StringComparer.Ordinal);

    /// <summary>Collects the names: columns, then figures, then settings by path, by the names of <c>run.json</c>, and by the last part of
    /// their path where only one has it.</summary>
    /// <param name="metrics">Figures that there are, as <see cref="IRunIndex.MetricNames"/> gives them.</param>
    /// <param name="others">Other names of settings, with the paths; default none.</param>
    public RunFields(IEnumerable<string> metrics, IEnumerable<KeyValuePair<string, string>>? others = null)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        foreach (string column in RunField.TextColumns.Concat(RunField.NumberColumns))
            _byName[column] = new RunField(RunFieldKind.Column, column);
        _byName["tag"] = new RunField(RunFieldKind.Tag, "tag");
        string[] figures = [.. s_parts.SelectMany(part => s_usual.Select(name => $"{part}_{name}")).Concat(metrics).Distinct()];
        foreach (string metric in figures)
            _byName.TryAdd(metric, new RunField(RunFieldKind.Metric, metric));
        foreach (string part in s_parts)
        {
            foreach (string metric in figures.Where(name => name.StartsWith($"{part}_", StringComparison.Ordinal)))
                _byName.TryAdd(metric[(part.Length + 1)..], new RunField(RunFieldKind.Metric, metric));
        }

        foreach ((string name, string path) in others ?? new Dictionary<string, string>())
            _byName.TryAdd(name, new RunField(RunFieldKind.Setting, path));
        foreach ((string name, string path) in FlatRecipe.Names)
            _byName.TryAdd(name, new RunField(RunFieldKind.Setting, path));
        foreach (IGrouping<string, string> name in Recipe.Paths.GroupBy(path => path[(path.LastIndexOf('.') + 1)..]))
        {
            if (name.Count() == 1)
                _byName.TryAdd(name.Key, new RunField(RunFieldKind.Setting, name.Single()));
        }

        foreach (string path in Recipe.Paths)
            _byName[path] = new RunField(RunFieldKind.Setting, path);
    }

    /// <summary>The field of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ThalwegException">There is none: the message gives the nearest.</exception>
    public RunField Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.GetValueOrDefault(name) ?? throw new ThalwegException(
            "[runs] expected a setting, a figure, or one of "
            + $"{string.Join(", ", RunField.TextColumns.Concat(RunField.NumberColumns))}, tag; got '{name}'{Names.DidYouMean(name, _byName.Keys)}");
    }
}
