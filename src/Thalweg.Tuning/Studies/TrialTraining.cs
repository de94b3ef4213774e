using System.Globalization;
using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Tuning;

/// <summary>The trainings of a study: a trial is a run with its folder, its events and its checkpoints.</summary>
/// <remarks>A run that its worker left is continued from its last checkpoint; one whose checkpoints are gone begins again, to the same
/// bits.</remarks>
/// <param name="study">The study; its definition has a recipe.</param>
/// <param name="folder">Folder of the study, in which each trial has its own.</param>
/// <param name="options">How its runs are entered and observed.</param>
public sealed class TrialTraining(Study study, string folder, TrialTrainingOptions? options = null) : IStudyObjective
{
    /// <summary>Folder of the trials.</summary>
    public const string TrialsName = "trials";

    /// <summary>Folder of the finalists.</summary>
    public const string FinalistsName = "finalists";

    private const string WinnerPrefix = "winner-";

    private readonly TrialTrainingOptions _options = options ?? new TrialTrainingOptions();

    /// <summary>Folder of a trial.</summary>
    /// <param name="folder">Folder of the study.</param>
    /// <param name="trial">Number of the trial.</param>
    public static string FolderOf(string folder, int trial) =>
        Path.Combine(folder, TrialsName, string.Create(CultureInfo.InvariantCulture, $"{trial:D4}"));

    /// <summary>Folder of a trial that has won: that of its training by the recipe of the study.</summary>
    /// <param name="folder">Folder of the study.</param>
    /// <param name="trial">Number of the trial.</param>
    public static string WinnerOf(string folder, int trial) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{WinnerPrefix}{trial:D4}"));

    /// <inheritdoc/>
    public TrialReport? Run(StudyJob job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        StudyDefinition definition = study.Definition;
        try
        {
            return job.Kind switch
            {
                StudyJobKind.Search => Search(job, definition, cancellation),
                StudyJobKind.Finalist => Finalist(job, definition, cancellation),
                _ => Winner(job, definition, cancellation),
            };
        }
        catch (TrialRefusedException error)
        {
            // The settings do not fit each other or the data: the same on every machine, and so a result.
            return new TrialReport(TrialStatus.Failed, [], job.Curve) { Failure = error.InnerException!.Message };
        }
    }

    private TrialReport? Search(StudyJob job, StudyDefinition definition, CancellationToken cancellation)
    {
        RunFolder place = new(FolderOf(folder, job.Trial));
        TrialCurve curve = new(job, definition.Goals[0], RecordOf(place));
        if (curve.IsPaused)
            return curve.Pause(definition, NetworkSizeOf(job, definition));
        if (Begin(StudyRecipes.OfTrial(definition, job.Point), place, $"trial {job.Trial}") is { } run)
        {
            curve.Epochs = run.Plan.Recipe.Training.Epochs!.Value;
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            RunResult result = run.Execute(new CurveProgress(curve, stop), stop.Token);
            if (curve.IsPaused)
                return curve.Pause(definition, run.Plan.Network.ParameterCount);
            if (result.Reason == EndReason.Cancelled)
                return null;
        }

        return ReportOf(place, definition) with { Curve = curve.Values };
    }

    private TrialReport? Finalist(StudyJob job, StudyDefinition definition, CancellationToken cancellation)
    {
        Recipe recipe = StudyRecipes.OfFinalist(definition, job.Point, job.Repeat);
        RunFolder place = new(Path.Combine(
            folder, FinalistsName, string.Create(CultureInfo.InvariantCulture, $"{job.Trial:D4}-{job.Repeat + 1}")));
        if (!Train(recipe, place, $"trial {job.Trial}, repeat {job.Repeat + 1}", cancellation))
            return null;
        TrialReport report = ReportOf(place, definition);
        return report.Status == TrialStatus.Completed ? report with { HeldOut = HeldOut(recipe, place, definition) } : report;
    }

    private TrialReport? Winner(StudyJob job, StudyDefinition definition, CancellationToken cancellation)
    {
        RunFolder place = new(WinnerOf(folder, job.Trial));
        Recipe recipe = StudyRecipes.OfWinner(definition, job.Point);
        if (!Train(recipe, place, $"winner, trial {job.Trial}", cancellation, _options.OpensTest))
            return null;
        TrialReport report = ReportOf(place, definition);
        return place.LoadRecord().Test is { } test
            ? report with { Test = new StudyTest(test.MetricName, test.Metric, test.Loss, test.Samples) } : report;
    }

    /// <summary>The figures on the rows that the search never scored; on the validation data where none could be held out.</summary>
    private static HeldOutFigures HeldOut(Recipe recipe, RunFolder place, StudyDefinition definition)
    {
        DataSplit split = recipe.OpenData().Split;
        Dataset rows = (split.Holdout ?? split.Validation).Data;
        TrainedModel model = TrainedModel.Load(place.ModelPath);
        Evaluation figures = model.Evaluate(rows);
        if (definition.Goals[0].Metric != StudyGoals.OfTask)
            return new HeldOutFigures(StudyGoals.ValueOf(definition.Goals[0], figures), rows.Count, double.NaN, false, split.Test?.Count ?? 0);
        double[] scores = [.. SampleScores.Values(model, rows).Select(score => (double)score)];
        double mean = scores.Average(), variance = scores.Sum(score => (score - mean) * (score - mean)) / Math.Max(1, scores.Length - 1);
        return new HeldOutFigures(figures.Metric, rows.Count, variance, scores.All(score => score is 0 or 1), split.Test?.Count ?? 0);
    }

    /// <summary>Trains where the folder does not hold the whole run yet.</summary>
    /// <returns>False where it was cancelled.</returns>
    private bool Train(Recipe recipe, RunFolder place, string name, CancellationToken cancellation, bool opensTest = false) =>
        Begin(recipe, place, name, opensTest) is not { } run || run.Execute(null, cancellation).Reason != EndReason.Cancelled;

    /// <summary>The run of a job, continued where its folder holds one; null where it holds one that has come to its end.</summary>
    private Run? Begin(Recipe recipe, RunFolder place, string name, bool opensTest = false)
    {
        RunOptions run = new()
        {
            Folder = place.Location,
            OpensTest = opensTest,
            Replaces = true,
            Name = _options.Name is { } study ? $"{study}: {name}" : null,
            Index = _options.Index,
            StepEnded = _options.StepEnded,
        };
        StudyFolders.ReleaseDead(place.Location);
        if (RecordOf(place) is { } record)
            return record.IsUnfinished ? Runs.Run.Reopen(place.Location, run) : null;
        try
        {
            return Runs.Run.Create(recipe, run);
        }
        catch (ThalwegException error) when (IsRefused(recipe))
        {
            throw new TrialRefusedException(error);
        }
    }

    /// <summary>Whether a recipe fails by itself, and not because the data or the disk are gone.</summary>
    private bool IsRefused(Recipe recipe)
    {
        _ = StudyRecipes.Plain(study.Definition.Recipe!).OpenData();
        try
        {
            _ = recipe.Prepare().Trainer;
            return false;
        }
        catch (ThalwegException)
        {
            return true;
        }
    }

    private static RunRecord? RecordOf(RunFolder place) =>
        File.Exists(Path.Combine(place.Location, RunRecord.FileName)) ? place.LoadRecord() : null;

    /// <summary>What a run that has come to its end says: by its folder alone, so that it is the same whoever reads it.</summary>
    private static TrialReport ReportOf(RunFolder place, StudyDefinition definition)
    {
        RunRecord record = place.LoadRecord();
        if (record.Outcome is not { } outcome || outcome.Reason == EndReason.NonFinite)
            return new TrialReport(TrialStatus.Failed, [], []) { Seconds = record.Seconds, Failure = record.Outcome?.Failure };
        Evaluation? kept = record.Epochs.LastOrDefault(epoch => epoch.Epoch == outcome.KeptEpoch)?.Validation;
        TrainedModel? model = definition.Goals.Any(goal => goal.Metric is StudyGoals.Parameters or StudyGoals.Latency)
            ? TrainedModel.Load(place.ModelPath) : null;
        double[] values =
        [
            .. definition.Goals.Select(goal => goal.Metric switch
            {
                StudyGoals.Parameters => model!.Module.ParameterCount,
                StudyGoals.Epochs => record.Epochs.Count,
                StudyGoals.Seconds => record.Seconds,
                StudyGoals.Latency => Latency.Of(model!),
                _ => StudyGoals.ValueOf(goal, kept),
            }),
        ];
        return values.All(double.IsFinite) ? new TrialReport(TrialStatus.Completed, values, []) { Seconds = record.Seconds }
            : new TrialReport(TrialStatus.Failed, [], []) { Seconds = record.Seconds, Failure = "a goal has no figure" };
    }

    private static long NetworkSizeOf(StudyJob job, StudyDefinition definition) =>
        definition.Goals.Any(goal => goal.Metric == StudyGoals.Parameters)
            ? StudyRecipes.OfTrial(definition, job.Point).Prepare().Network.ParameterCount : 0;

    /// <summary>Settings that do not fit each other or the data.</summary>
    private sealed class TrialRefusedException(ThalwegException error) : Exception(error.Message, error);

    /// <summary>Adds each epoch to the curve, and asks for a pause where the pruner wants one.</summary>
    private sealed class CurveProgress(TrialCurve curve, CancellationTokenSource stop) : IProgress<RunEvent>
    {
        public void Report(RunEvent value)
        {
            if (value is RunEvent.EpochEnded ended && curve.Add(ended.Report))
                stop.Cancel();
        }
    }
}

/// <summary>How the runs of a study are entered and observed.</summary>
public sealed record TrialTrainingOptions
{
    /// <summary>Name of the study, by which its runs are found; default null.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the winner ends with a reading of the test data; default false.</summary>
    public bool OpensTest { get; init; }

    /// <summary>Where runs and readings of test data are entered beside their folders; default null.</summary>
    public IRunIndex? Index { get; init; }

    /// <summary>Called after each step of each run, by several threads; must return quickly. Default null.</summary>
    public Action<StepReport>? StepEnded { get; init; }
}
