using System.Globalization;
using Thalweg.Metrics;

namespace Thalweg.Runs;

/// <summary>Cross-validation of a recipe: a run for each fold of each repeat, and what their figures say together.</summary>
/// <remarks>Each run is a folder of its own within that of the cross-validation, <c>fold-1</c> or <c>repeat-2-fold-1</c>, and can be replayed
/// from its recipe. Test data stay closed. The weights of all runs start from the seed of the recipe; the rows differ.</remarks>
public static class CrossValidation
{
    private const int UsualFolds = 5;

    /// <summary>Trains a recipe on each fold.</summary>
    /// <param name="recipe">What is to be run; <c>data.split.folds</c> and <c>data.split.repeats</c> say how often, default 5 folds
    /// once.</param>
    /// <param name="options">Where the runs are saved; default null, <c>runs/DATA-SEED</c>. <see cref="RunOptions.OpensTest"/> is not
    /// allowed.</param>
    /// <param name="progress">Gets each fold before its run, and each event of it; default null.</param>
    /// <param name="cancellation">Ends the run under way after its current step, and starts no further one.</param>
    /// <returns>The folds that were run to their end, and the figures over them.</returns>
    /// <exception cref="ThalwegException">The recipe, the data or the folder are not as they should be, or a run diverged.</exception>
    public static CrossValidationResult Start(
        Recipe recipe, RunOptions? options = null, ICrossValidationProgress? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        options ??= new RunOptions();
        RefuseTestData(options);
        if (recipe.Data.Split is { Fold: not null } or { Repeat: not null })
            throw new ThalwegException("data.split.fold: cross-validation runs all folds; leave data.split.fold and data.split.repeat out");
        SplitRecipe split = recipe.Data.Split with
        {
            Folds = recipe.Data.Split.Folds ?? UsualFolds,
            Repeats = recipe.Data.Split.Repeats ?? 1,
        };
        RunFolder folder = RunFolder.ForNew(options.Folder, recipe, options.Replaces);
        return Execute(recipe with { Data = recipe.Data with { Split = split } }, (folder, false), options, progress, cancellation);
    }

    /// <summary>Resumes a cross-validation that was interrupted: folds that came to their end are not run again, the one under way resumes from
    /// its checkpoint, and the figures are those of a cross-validation that was never stopped.</summary>
    /// <param name="folder">The folder of the cross-validation.</param>
    /// <param name="options">As for <see cref="Start"/>; <see cref="RunOptions.Folder"/> is not used, and <see cref="RunOptions.Change"/> may
    /// change the number of threads alone.</param>
    /// <param name="progress">As for <see cref="Start"/>; gets nothing of folds that had come to their end.</param>
    /// <param name="cancellation">As for <see cref="Start"/>.</param>
    /// <returns>All folds that were run to their end, and the figures over them.</returns>
    /// <exception cref="ThalwegException">There is none, it is finished, its files are damaged, the data or the settings are not what they
    /// were, or a run diverged.</exception>
    public static CrossValidationResult Resume(
        string folder, RunOptions? options = null, ICrossValidationProgress? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new RunOptions();
        RefuseTestData(options);
        CrossValidationRecord record = CrossValidationRecord.Load(folder);
        if (record.Folds.Count == record.Planned)
        {
            throw new ThalwegException($"CrossValidation.Resume: all {record.Planned} folds in {folder} are finished; start another in another "
                + "RunOptions.Folder");
        }

        RunFolder location = new(folder);
        Recipe recipe = location.LoadRecipe(), changed = options.Change?.Invoke(recipe) ?? recipe;
        string[] others =
            [.. recipe.Diff(changed).Where(item => item.Path != "threads").Select(item => $"{item.Path}: {item.Old} -> {item.New}")];
        if (others.Length > 0)
        {
            throw new ThalwegException($"CrossValidation.Resume: the one in {folder} was started with other settings: "
                + $"{string.Join("; ", others)}; leave them out, since all folds are to be equal");
        }

        options = options with { Change = at => at.With("threads", changed.Threads), Replaces = false };
        return Execute(changed, (location, true), options, progress, cancellation);
    }

    /// <summary>Whether a folder holds a cross-validation, finished or not.</summary>
    /// <param name="folder">The folder.</param>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, CrossValidationResult.FileName));

    /// <summary>Whether a folder holds a cross-validation with folds that did not come to their end; false where its file cannot be read.</summary>
    internal static bool IsUnfinishedIn(string folder)
    {
        try
        {
            return IsIn(folder) && CrossValidationRecord.Load(folder) is { } record && record.Folds.Count < record.Planned;
        }
        catch (ThalwegException)
        {
            return false;
        }
    }

    private static CrossValidationResult Execute(
        Recipe recipe, (RunFolder Folder, bool Resumes) at, RunOptions options, ICrossValidationProgress? progress,
        CancellationToken cancellation)
    {
        (RunFolder folder, bool resumes) = at;
        SplitRecipe split = recipe.Data.Split;
        int planned = split.Folds!.Value * split.Repeats!.Value;
        List<FoldResult> folds = [];
        for (int index = 0; index < planned && !cancellation.IsCancellationRequested; index++)
        {
            (int repeat, int fold) = ((index / split.Folds.Value) + 1, (index % split.Folds.Value) + 1);
            Recipe own = recipe with { Data = recipe.Data with { Split = split with { Fold = fold, Repeat = repeat } } };
            RunFolder place = new(Path.Combine(folder.Location, NameOf(repeat, fold, split.Repeats.Value)));
            if (resumes && FoldResult.Find(place, own) is { } before)
            {
                folds.Add(before);
                continue;
            }

            Run run = resumes && place.IsUnfinished
                ? Run.Reopen(place.Location, options)
                : Run.Create(own, options with { Folder = place.Location, Replaces = options.Replaces || resumes });
            new CrossValidationResult(folder, folds, planned).Save(recipe);
            progress?.FoldStarted(run.Plan, repeat, fold);
            RunResult result = run.Execute(progress, cancellation);
            if (result.Failure is { } failure)
                throw new ThalwegException($"fold {fold} of repeat {repeat}: {failure}");
            if (result.Reason == Training.EndReason.Cancelled)
                break;
            folds.Add(new FoldResult(repeat, fold, run.Plan.Recipe, place.LoadRecord())
            {
                Folder = place,
                TrainingSamples = run.Plan.Split.Training.Data.Count,
                ValidationSamples = run.Plan.Split.Validation.Data.Count,
            });
        }

        CrossValidationResult all = new(folder, folds, planned);
        all.Save(recipe);
        return all;
    }

    private static void RefuseTestData(RunOptions options)
    {
        if (options.OpensTest)
        {
            throw new ThalwegException("RunOptions.OpensTest: cross-validation leaves the test data closed; read them once, with the "
                + "model of the refit");
        }
    }

    private static string NameOf(int repeat, int fold, int repeats) => repeats == 1
        ? string.Create(CultureInfo.InvariantCulture, $"fold-{fold}")
        : string.Create(CultureInfo.InvariantCulture, $"repeat-{repeat}-fold-{fold}");
}

/// <summary>Sees the runs of a cross-validation.</summary>
public interface ICrossValidationProgress : IProgress<RunEvent>
{
    /// <summary>The run of a fold begins.</summary>
    /// <param name="plan">What it is about to do.</param>
    /// <param name="repeat">Repeat, from 1.</param>
    /// <param name="fold">Fold, from 1.</param>
    void FoldStarted(RunPlan plan, int repeat, int fold);
}

/// <summary>A figure over the folds.</summary>
/// <param name="Name">Name of the metric.</param>
/// <param name="Mean">Mean over the folds.</param>
/// <param name="Deviation">Standard deviation over the folds, with n - 1; NaN for one fold.</param>
/// <param name="Trivial">Mean of what the trivial answer scores on the same rows; NaN where that is not known.</param>
/// <param name="Interval">Where the mean probably lies; null where there are fewer than two folds.</param>
/// <param name="Values">The figure of each fold.</param>
public sealed record FoldMetric(
    string Name, double Mean, double Deviation, double Trivial, MetricInterval? Interval, IReadOnlyList<double> Values);
