using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Thalweg.Checkpoints;

namespace Thalweg.Tuning;

/// <summary>A study as one HTML page that needs nothing else: history, curves, parallel coordinates, slices, contours, importance, what was
/// paused when, and cost.</summary>
public static class StudyPage
{
    /// <summary>Name of the file in the folder of a study.</summary>
    public const string FileName = "study.html";

    private const string DataPosition = "\"thalweg-data\"", RowsPosition = "<!--thalweg-rows-->", TitlePosition = "<!--thalweg-title-->";

    /// <summary>Whether the charts were built into this assembly, which takes Node.js at build time.</summary>
    public static bool HasCharts => typeof(StudyPage).Assembly.GetManifestResourceInfo("study.html") is not null;

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="result">What it shows.</param>
    public static void Write(string path, StudyResult result) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Make(result, HasCharts))));

    /// <summary>The page's text.</summary>
    /// <param name="result">What it shows.</param>
    /// <param name="withCharts">Whether the page with charts is there; else the one that says what is missing.</param>
    internal static string Make(StudyResult result, bool withCharts)
    {
        ArgumentNullException.ThrowIfNull(result);
        StudyPageData data = StudyPageData.Of(result);

        // The default encoder turns every sign that could end the script element into an escape.
        string json = JsonSerializer.Serialize(data, StudyPageJson.Default.StudyPageData);
        return Template(withCharts ? "study.html" : "study-fallback.html")
            .Replace(TitlePosition, HtmlEncoder.Default.Encode(data.Title), StringComparison.Ordinal)
            .Replace(RowsPosition, Rows(data), StringComparison.Ordinal)
            .Replace(DataPosition, json, StringComparison.Ordinal);
    }

    private static string Template(string name)
    {
        using Stream stream = typeof(StudyPage).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string Rows(StudyPageData data)
    {
        StringBuilder rows = new();
        foreach (StudyPageTrial trial in data.Trials)
        {
            string value = trial.Values.Count > 0 ? trial.Values[0].ToString("0.0000", CultureInfo.InvariantCulture) : "";
            rows.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{trial.Number}</th><td>{trial.Status}</td><td>{value}</td>");
            rows.Append(CultureInfo.InvariantCulture, $"<td>{trial.Curve.Count}</td><td>{WebUtility.HtmlEncode(trial.Point)}</td></tr>");
        }

        return rows.ToString();
    }
}

/// <summary>What the page shows.</summary>
internal sealed record StudyPageData
{
    public required string Title { get; init; }

    public required IReadOnlyList<StudyPageGoal> Goals { get; init; }

    public required string Sampler { get; init; }

    public required string Pruner { get; init; }

    public required string Order { get; init; }

    public required int MaxBudget { get; init; }

    public required bool IsFinished { get; init; }

    public required bool IsExact { get; init; }

    public required IReadOnlyList<StudyPageParameter> Parameters { get; init; }

    public required IReadOnlyList<StudyPageTrial> Trials { get; init; }

    public required IReadOnlyList<SettingImportance> Importance { get; init; }

    public required IReadOnlyList<FinalistFigures> Finalists { get; init; }

    public required IReadOnlyList<int> ParetoFront { get; init; }

    public required double Optimism { get; init; }

    public int? Best { get; init; }

    public int? Winner { get; init; }

    public StudyTest? Test { get; init; }

    public static StudyPageData Of(StudyResult result) => new()
    {
        Title = $"Study{(result.Definition.Recipe is { } recipe ? $" on {NameOf(recipe.Data.Source)}" : "")}",
        Goals = [.. result.Definition.Goals.Select(goal => new StudyPageGoal(goal.Metric, goal.Maximize))],
        Sampler = result.Definition.Sampler.ToString(),
        Pruner = result.Definition.Pruner.ToString(),
        Order = result.Definition.Order.ToString(),
        MaxBudget = result.Definition.MaxBudget,
        IsFinished = result.IsFinished,
        IsExact = result.Definition.IsExact,
        Parameters = [.. result.Definition.Space.Select(ParameterOf)],
        Trials = [.. result.Trials.Select(trial => TrialOf(trial, result.Definition.Space))],
        Importance = StudyReading.ImportanceOf(result),
        Finalists = result.Finalists,
        ParetoFront = [.. result.ParetoFront.Select(trial => trial.Number)],
        Optimism = result.Optimism,
        Best = result.Best?.Number,
        Winner = result.Winner?.Number,
        Test = result.Test,
    };

    private static StudyPageParameter ParameterOf(SearchParameter parameter) => new(
        parameter.Path, parameter.Definition, parameter.Distribution is LogDistribution or LogIntDistribution,
        parameter.Distribution is ChoiceDistribution choice ? choice.Values : null);

    private static StudyPageTrial TrialOf(StudyTrial trial, SearchSpace space) => new()
    {
        Number = trial.Number,
        Status = StatusOf(trial),
        Values = trial.Values,
        Curve = trial.Curve,
        Seconds = trial.Seconds,
        Jobs = trial.Jobs,
        Failure = trial.Failure,
        Point = trial.Point.ToString(),
        Settings = [.. space.Select(parameter => trial.Point[parameter.Path]?.Text)],
    };

    private static string StatusOf(StudyTrial trial) => trial.IsRunning ? "running" : trial.Status switch
    {
        null => "waiting",
        TrialStatus.Completed => "done",
        TrialStatus.Pruned => "paused",
        _ => "failed",
    };

    /// <summary>The last part of a path: the page may go elsewhere, and where the data lay on this machine says nothing there.</summary>
    private static string NameOf(string data) => Path.GetFileName(Path.TrimEndingDirectorySeparator(data));
}

internal sealed record StudyPageGoal(string Name, bool Maximize);

internal sealed record StudyPageParameter(string Path, string Text, bool IsLog, IReadOnlyList<string>? Choices);

internal sealed record StudyPageTrial
{
    public required int Number { get; init; }

    public required string Status { get; init; }

    public required IReadOnlyList<double> Values { get; init; }

    public required IReadOnlyList<double> Curve { get; init; }

    public required double Seconds { get; init; }

    public required int Jobs { get; init; }

    public string? Failure { get; init; }

    public required string Point { get; init; }

    /// <summary>The text of each parameter of the space; null where the trial does not have it.</summary>
    public required IReadOnlyList<string?> Settings { get; init; }
}

/// <summary>The JSON code of the page, generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(StudyPageData))]
internal sealed partial class StudyPageJson : JsonSerializerContext;
