using System.Globalization;
using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>Reads what a study has come to: importance, a table of all trials, the winner as a recipe.</summary>
public static class StudyReading
{
    /// <summary>The importance of each setting for the first goal, the most important first.</summary>
    /// <param name="result">The study.</param>
    /// <returns>The settings; empty where there are fewer than 10 trials.</returns>
    public static IReadOnlyList<SettingImportance> ImportanceOf(StudyResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return PedAnova.Of(result.Definition.Space, HistoryOf(result), result.Definition.Goals[0]);
    }

    /// <summary>The trials that have ended, as samplers and pruners see them.</summary>
    /// <param name="result">The study.</param>
    public static IReadOnlyList<TrialResult> HistoryOf(StudyResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [.. result.Trials.Where(trial => trial.Status is not null)
            .Select(trial => new TrialResult(trial.Number, trial.Point, trial.Status!.Value, trial.Values, trial.Curve))];
    }

    /// <summary>The recipe of a trial: that of the study with the values of the trial, which thalweg train runs.</summary>
    /// <param name="result">The study.</param>
    /// <param name="trial">Number of the trial; null (default) for the winner.</param>
    /// <exception cref="ThalwegException">There is no such trial, no trial was completed, or the study tunes no recipe.</exception>
    public static Recipe RecipeOf(StudyResult result, int? trial = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Definition.Recipe is not { } recipe)
            throw new ThalwegException("[study] expected a study of a recipe, got one of another objective; read the point of the trial");
        StudyTrial wanted = trial is not { } number ? result.RequireWinner() : result.Trials.ElementAtOrDefault(number)
            ?? throw new ThalwegException($"[study] expected a trial from 0 to {result.Trials.Count - 1}, got {number}; choose another");
        return RecipePoint.Apply(recipe, wanted.Point);
    }

    /// <summary>All trials as a table of comma-separated values: number, status, goals, epochs, seconds, failure, then a column for each
    /// setting; the same in every culture.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="result">The study.</param>
    public static void WriteCsv(TextWriter writer, StudyResult result)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(result);
        string[] paths = [.. result.Trials.SelectMany(trial => trial.Point.Select(value => value.Key)).Distinct()];
        Write(writer, ["trial", "status", .. result.Definition.Goals.Select(goal => goal.Metric), "epochs", "seconds", "failure", .. paths]);
        foreach (StudyTrial trial in result.Trials)
        {
            Write(writer,
            [
                Text(trial.Number),
                trial.IsRunning ? "running" : trial.Status?.ToString().ToLowerInvariant() ?? "waiting",
                .. result.Definition.Goals.Select((_, i) => i < trial.Values.Count ? Text(trial.Values[i]) : ""),
                Text(trial.Curve.Count),
                Text(trial.Seconds),
                trial.Failure ?? "",
                .. paths.Select(path => trial.Point[path]?.Text ?? ""),
            ]);
        }
    }

    private static void Write(TextWriter writer, IEnumerable<string> cells) => writer.Write($"{string.Join(',', cells.Select(Quote))}\n");

    private static string Text(IFormattable value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",;\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
