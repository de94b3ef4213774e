using System.Globalization;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Tuning;

namespace Thalweg.Cli.Studies;

/// <summary>What the printers of studies say alike.</summary>
internal static class TuneText
{
    private const int MostImportances = 6;

    /// <summary>What is about to be done.</summary>
    public static IEnumerable<(string Label, string Text)> Opening(StudyDefinition study, string folder, int workers)
    {
        foreach (SearchParameter parameter in study.Space)
            yield return ("search", parameter.ToString());
        yield return ("goals", string.Join(", ", study.Goals.Select(StudyGoals.TextOf)));
        yield return ("sampler", $"{study.Sampler}; pruner {study.Pruner}");
        yield return ("trials", Text($"{study.Trials}, up to {study.MaxBudget} epochs each, order {study.Order}, ") + Figures.Plural(workers, "worker"));
        if (study.Finalists > 0)
            yield return ("finalists", Text($"{study.Finalists}, {study.Repeats} trainings each on rows that the search does not score"));
        if (!study.IsExact)
            yield return ("note", "times decide here: another run of this study may come to other trials");
        yield return ("folder", folder);
    }

    /// <summary>A job that has ended.</summary>
    public static string Job(StudyProgress progress)
    {
        StudyDefinition study = progress.Result.Definition;
        string left = progress.TimeLeft is { } time ? $"  {Figures.Time(time.TotalSeconds)} left" : "";
        string what = progress.Job.Kind switch
        {
            StudyJobKind.Search => Text($"trial {progress.Job.Trial}/{study.Trials}"),
            StudyJobKind.Finalist => Text($"finalist {progress.Job.Trial}, {progress.Job.Repeat + 1}/{study.Repeats}"),
            _ => Text($"winner, trial {progress.Job.Trial}"),
        };
        string figures = progress.Report.HeldOut is { } held ? $"{Figures.Number(held.Metric)} on other rows" : Values(progress.Report.Values);
        string point = progress.Job.Kind == StudyJobKind.Search ? $"  {progress.Job.Point}" : "";
        return $"{what}  {StatusOf(progress.Report.Status)}  {figures}  {Figures.Time(progress.Report.Seconds)}{left}{point}"
            + (progress.Report.Failure is { } failure ? $"  {failure}" : "");
    }

    /// <summary>What came out.</summary>
    public static IEnumerable<(string Label, string Text)> Closing(StudyResult result, string folder)
    {
        StudyTrial winner = result.RequireWinner();
        StudyTrial best = result.Best!;
        int paused = result.Trials.Count(trial => trial.Status == TrialStatus.Pruned);
        int failed = result.Trials.Count(trial => trial.Status == TrialStatus.Failed);
        yield return ("trials", Text($"{result.Trials.Count}, {paused} paused, {failed} failed, ") + $"{Figures.Count(result.Epochs)} epochs");
        yield return ("best score", Text($"{Figures.Number(best.Values[0])} by validation, trial {best.Number}"));
        if (!double.IsNaN(result.Optimism))
            yield return ("optimism", Text($"{result.Optimism:+0.0000;-0.0000}: so much of it is luck, by rows that the search never scored"));
        foreach (FinalistFigures finalist in result.Finalists)
            yield return ("finalists", Finalist(finalist));
        yield return ("winner", Text($"trial {winner.Number}: {winner.Point}"));
        foreach (SettingImportance item in StudyReading.ImportanceOf(result).Take(MostImportances))
            yield return ("importance", Text($"{100 * item.Importance,3:0} %  {item.Path}"));
        foreach (StudyTrial trial in result.Definition.Goals.Count > 1 ? result.ParetoFront : [])
            yield return ("Pareto front", Text($"trial {trial.Number}: {Values(trial.Values)}"));
        if (result.Test is { } test)
            yield return ("test", Text($"{Figures.Number(test.Metric)} {test.Name} on {test.Samples} samples, read once"));
        if (Directory.Exists(TrialTraining.WinnerOf(folder, winner.Number)))
            yield return ("model", TrialTraining.WinnerOf(folder, winner.Number));
        yield return ("page", Path.Combine(folder, StudyPage.FileName)
            + (StudyPage.HasCharts ? "" : " (without charts: built without Node.js)"));
    }

    /// <summary>Rows of the trials.</summary>
    public static IReadOnlyList<string[]> Table(StudyResult result) =>
    [
        ["trial", "status", .. result.Definition.Goals.Select(goal => goal.Metric), "epochs", "time", "settings"],
        .. result.Trials.Select(trial => Row(trial, result.Definition.Goals.Count)),
    ];

    /// <summary>A study in a line.</summary>
    public static string[] Summary(StudyResult result, string folder) =>
    [
        folder,
        Text($"{result.Trials.Count(trial => trial.Status is not null)}/{result.Definition.Trials}"),
        result.IsFinished ? "yes" : "no",
        result.Best is { } best ? Figures.Number(best.Values[0]) : "-",
        result.Winner is { } winner ? Text($"trial {winner.Number}") : "-",
    ];

    /// <summary>How to continue.</summary>
    public static string Resume(string folder) => $"thalweg tune --resume --out {Shell.Quote(folder)}";

    /// <summary>A status in words.</summary>
    public static string StatusOf(TrialStatus status) => status switch
    {
        TrialStatus.Pruned => "paused",
        TrialStatus.Failed => "failed",
        _ => "done",
    };

    private static string Finalist(FinalistFigures finalist)
    {
        string mean = Text($"trial {finalist.Trial}: {Figures.Number(finalist.Mean)}, ")
            + $"95 % interval {Figures.Number(finalist.Low)} to {Figures.Number(finalist.High)}";
        return double.IsNaN(finalist.TestLow) ? mean
            : $"{mean}; expected on the test data " + $"{Figures.Number(finalist.TestLow)} to {Figures.Number(finalist.TestHigh)}";
    }

    private static string[] Row(StudyTrial trial, int goals) =>
    [
        Text($"{trial.Number}"),
        trial.IsRunning ? "running" : trial.Status is { } status ? StatusOf(status) : "waiting",
        .. Enumerable.Range(0, goals).Select(i => i < trial.Values.Count ? Figures.Number(trial.Values[i]) : "-"),
        Text($"{trial.Curve.Count}"),
        Figures.Time(trial.Seconds),
        trial.Failure ?? trial.Point.ToString(),
    ];

    private static string Values(IReadOnlyList<double> values) => values.Count == 0 ? "-" : string.Join(' ', values.Select(value => Text($"{value:g5}")));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
