using System.Globalization;
using Thalweg.Checkpoints;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>A run as its folder keeps it: the latest checkpoint that is whole, and what belongs to it.</summary>
internal sealed record SavedRun
{
    /// <summary>Its folder.</summary>
    public required RunFolder Folder { get; init; }

    /// <summary>Its record, as of the checkpoint.</summary>
    public required RunRecord Record { get; init; }

    /// <summary>Its recipe.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>The checkpoint; null where the run ended before its first one was saved.</summary>
    public TrainingFile? State { get; init; }

    /// <summary>What is to be known, such as of checkpoints that are damaged, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether the run had come to its end.</summary>
    public bool IsFinished { get; init; }

    private bool IsDiverged { get; init; }

    /// <summary>Why it ended; null for one that did not come to its end.</summary>
    private EndReason? End { get; init; }

    /// <summary>Bytes of the events up to the checkpoint; all of them where that is not known.</summary>
    public long EventsPosition { get; init; } = long.MaxValue;

    /// <summary>When it was opened.</summary>
    public DateTimeOffset Time { get; } = DateTimeOffset.UtcNow;

    /// <summary>Steps that had been taken.</summary>
    public long Step => State?.Document.Step ?? 0;

    private string? Latest { get; init; }

    /// <summary>Opens a run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="ThalwegException">There is none, or its files are damaged.</exception>
    public static SavedRun Open(RunFolder folder)
    {
        folder.RefuseAbsent();
        List<string> damaged = [];
        string? latest = folder.Checkpoints.Files.FirstOrDefault();
        TrainingFile? state = folder.Checkpoints.LoadLatest(damaged);
        RunRecord? written = Find(folder, state, damaged);
        RunRecord record = state?.FindNote(RunSession.RecordNote) is { } text ? RunRecord.FromJson(text, state.Tensors.Source)
            : written ?? folder.LoadRecord();
        long position = long.TryParse(state?.FindNote(RunSession.EventsNote), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            ? bytes : state is null ? 0 : long.MaxValue;
        if (File.Exists(folder.EventsPath) && new FileInfo(folder.EventsPath).Length is var length && length < position && position < long.MaxValue)
            damaged.Add($"{folder.EventsPath}: expected {position} bytes up to the checkpoint, found {length}; the events between are lost");
        return new SavedRun
        {
            Folder = folder,
            Record = record with { Resumptions = written?.Resumptions ?? record.Resumptions },
            Recipe = state?.FindNote(RunSession.RecipeNote) is { } recipe ? Recipe.Parse(recipe) : folder.LoadRecipe(),
            State = state,
            Notes = [.. damaged.Select(message => Note(message, state))],
            IsFinished = written is { IsUnfinished: false },
            IsDiverged = written is { Status: "diverged" },
            End = written?.Outcome?.Reason,
            EventsPosition = position,
            Latest = latest,
        };
    }

    /// <summary>The full recipe of the run with the changes; what was asked for is what was recorded.</summary>
    public ResolvedRecipe Resolve(ResolvedRecipe resolved, ResumeChanges changes)
    {
        Recipe recorded = changes.Differences.Aggregate(Record.Settings, (recipe, item) => recipe.With(item.Path, item.New));
        return resolved with { Recorded = recorded, Given = recorded };
    }

    /// <summary>Puts a trainer where the run stood.</summary>
    /// <param name="prepared">Recipe, data and trainer.</param>
    /// <param name="changes">What is changed.</param>
    /// <param name="options">Ask for the changes.</param>
    /// <returns>What the plan tells.</returns>
    /// <exception cref="ThalwegException">The data are others, or there is nothing left to do.</exception>
    public RunPlanOfResume Restore(PreparedRecipe prepared, ResumeChanges changes, RunOptions options)
    {
        RefuseOtherData(Folder, Record, Recipe, prepared.Data);
        Recipe before = Recipe.Resolve(prepared.Split.Training).Recipe;
        changes = changes.Check(before, prepared.Recipe, options, (prepared.Split.Training.Data.Count, Step, IsFinished));
        if (State is not null)
            TrainingCheckpoint.Restore(prepared.Trainer, State, changes.HasOtherRates);
        RefuseFinished(prepared, changes);
        return new RunPlanOfResume([.. Notes, .. changes.Notes], changes.Differences);
    }

    /// <summary>Refuses data that are not those of a run.</summary>
    /// <param name="folder">Folder of the run.</param>
    /// <param name="record">Its record.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="data">The data as they are now.</param>
    /// <exception cref="ThalwegException">They are others.</exception>
    public static void RefuseOtherData(RunFolder folder, RunRecord record, Recipe recipe, RunData data)
    {
        string? difference = record.DataDigest != data.Digest() ? "its parts or its preprocessing differ"
            : record.Fingerprint?.DifferenceFrom(data.Fingerprint(record.Fingerprint).GetAwaiter().GetResult());
        if (difference is not null)
        {
            throw new ThalwegException(
                $"Run.Resume: {recipe.Data.Source} is not what it was when the run in {folder.Location} began: {difference}; "
                + "bring the old data back, or start a new run");
        }
    }

    /// <summary>Whether a later checkpoint was saved since.</summary>
    public bool IsOutdated() => Folder.Checkpoints.Files.FirstOrDefault() != Latest;

    /// <summary>Refuses a run that has come to its end, and would take no further step.</summary>
    private void RefuseFinished(PreparedRecipe prepared, ResumeChanges changes)
    {
        if (!IsFinished)
            return;
        if (State is null)
        {
            throw new ThalwegException(
                $"Run.Resume: the run in {Folder.Location} is finished, and kept no checkpoint to resume from; start a new one with another "
                + "RunOptions.Folder");
        }

        if (IsDiverged && !changes.Differences.Any(item => item.Path == "run.on_non_finite"))
        {
            throw new ThalwegException(
                $"Run.Resume: the run in {Folder.Location} ended because the loss became NaN or infinite, and would do so again; set "
                + "run.on_non_finite to rollback with RunOptions.Overrides recovery, or start a new run");
        }

        if (End is EndReason.StepLimit or EndReason.TimeLimit)
        {
            throw new ThalwegException(
                $"Run.Resume: the run in {Folder.Location} is finished: it ended at its limit, "
                + (End == EndReason.StepLimit
                    ? $"training.max_steps {prepared.Recipe.Training.MaxSteps}"
                    : $"training.max_time {prepared.Recipe.Training.MaxTime}")
                + "; start a new run with a larger one");
        }

        Trainer trainer = prepared.Trainer;
        if (trainer.HasStoppedEarly)
        {
            throw new ThalwegException(
                $"Run.Resume: the run in {Folder.Location} is finished: it stopped early, after {prepared.Options.Patience} evaluations without a "
                + "better one; raise training.early_stopping.patience with RunOptions.Overrides patience, or start a new run");
        }

        if (trainer.CompletedEpochs >= prepared.Options.Epochs)
        {
            throw new ThalwegException(
                $"Run.Resume: the run in {Folder.Location} is finished: all {prepared.Options.Epochs} epochs are done; give more "
                + "training.epochs to continue it, or start a new one with another RunOptions.Folder");
        }
    }

    private static string Note(string message, TrainingFile? state) =>
        state is null ? message : $"{message}; the run resumes from step {state.Document.Step}";

    /// <summary>The record as it was written last; a damaged one is no loss where a checkpoint holds it.</summary>
    private static RunRecord? Find(RunFolder folder, TrainingFile? state, List<string> damaged)
    {
        try
        {
            return folder.LoadRecord();
        }
        catch (ThalwegException error) when (state?.FindNote(RunSession.RecordNote) is not null)
        {
            damaged.Add(error.Message);
            return null;
        }
    }
}

/// <summary>What a plan tells of a run that resumes.</summary>
/// <param name="Notes">What is to be known, one sentence each.</param>
/// <param name="Changes">Fields that are changed.</param>
internal sealed record RunPlanOfResume(IReadOnlyList<string> Notes, IReadOnlyList<RecipeDifference> Changes);
