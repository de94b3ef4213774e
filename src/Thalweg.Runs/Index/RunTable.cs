using System.Text.Json;

namespace Thalweg.Runs;

/// <summary>Runs as rows of texts: to be shown, or written as CSV and JSON.</summary>
public sealed class RunTable
{
    private static readonly string[] s_usual =
    [
        "name", "folder", "status", "started", "completed_epochs", "data.source", "network.layers", "training.optimizer.name",
        "training.optimizer.learning_rate", "validation_accuracy", "validation_r2", "test_accuracy", "test_r2",
    ];

    private RunTable(IReadOnlyList<RunField> fields, IReadOnlyList<RunSummary> runs) => (Fields, Runs) = (fields, runs);

    /// <summary>The fields that a list shows unless others are asked for.</summary>
    public static IReadOnlyList<RunField> Usual { get; } = [.. s_usual.Select(new RunFields([]).Find)];

    /// <summary>The columns.</summary>
    public IReadOnlyList<RunField> Fields { get; }

    /// <summary>The runs, one a row.</summary>
    public IReadOnlyList<RunSummary> Runs { get; }

    /// <summary>Makes a table.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="fields">The columns; null for all fields that some run has.</param>
    /// <param name="dropsEmpty">Whether columns that no run has a value for are left out; default false.</param>
    public static RunTable Of(IReadOnlyList<RunSummary> runs, IReadOnlyList<RunField>? fields = null, bool dropsEmpty = false)
    {
        ArgumentNullException.ThrowIfNull(runs);
        IEnumerable<RunField> all = fields ?? AllOf(runs);
        return new RunTable([.. all.Where(field => !dropsEmpty || runs.Any(run => !string.IsNullOrEmpty(run.TextOf(field))))], runs);
    }

    /// <summary>Differences between two runs: of all fields but the folder and times.</summary>
    /// <param name="left">A run.</param>
    /// <param name="right">Another.</param>
    public static IReadOnlyList<RecipeDifference> Diff(RunSummary left, RunSummary right) =>
        [.. AllOf([left, right]).Where(field => field.Kind != RunFieldKind.Column || field.Key is not ("folder" or "started"))
            .Select(field => new RecipeDifference(field.Key, left.TextOf(field), right.TextOf(field)))
            .Where(difference => difference.Old != difference.New)];

    /// <summary>Writes the table as CSV with a header (RFC 4180), in the same form in every culture.</summary>
    /// <param name="writer">Where it goes.</param>
    public void WriteCsv(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(string.Join(',', Fields.Select(field => Quote(field.Key))) + "\n");
        foreach (RunSummary run in Runs)
            writer.Write(string.Join(',', Fields.Select(field => Quote(run.TextOf(field) ?? ""))) + "\n");
    }

    /// <summary>Writes the table as a JSON array of objects; fields that a run does not have are left out.</summary>
    /// <param name="writer">Where it goes.</param>
    public void WriteJson(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        foreach (RunSummary run in Runs)
        {
            writer.WriteStartObject();
            foreach (RunField field in Fields)
                Write(writer, field, run);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, RunField field, RunSummary run)
    {
        if (run.TextOf(field) is not { } text)
            return;
        if (field.Kind == RunFieldKind.Tag)
        {
            writer.WriteStartArray("tags");
            foreach (string tag in run.Tags)
                writer.WriteStringValue(tag);
            writer.WriteEndArray();
        }
        else if (field.IsNumber && RunFilter.NumberOf(text) is { } number)
        {
            writer.WriteNumber(field.Key, number);
        }
        else
        {
            writer.WriteString(field.Key, text);
        }
    }

    private static IEnumerable<RunField> AllOf(IReadOnlyList<RunSummary> runs)
    {
        HashSet<string> settings = [.. runs.SelectMany(run => run.Settings.Keys)];
        IEnumerable<string> known = Recipe.Paths.Where(settings.Contains);
        IEnumerable<string> others = settings.Except(Recipe.Paths).Order(StringComparer.Ordinal);
        IEnumerable<string> figures = runs.SelectMany(run => run.Metrics.Keys).Distinct().Order(StringComparer.Ordinal);
        return
        [
            .. RunField.TextColumns.Concat(RunField.NumberColumns).Select(name => new RunField(RunFieldKind.Column, name)),
            new RunField(RunFieldKind.Tag, "tag"),
            .. known.Concat(others).Select(path => new RunField(RunFieldKind.Setting, path)),
            .. figures.Select(name => new RunField(RunFieldKind.Metric, name)),
        ];
    }

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",;\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
