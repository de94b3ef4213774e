using Thalweg.Checkpoints;
using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>One run of training: opens the data, trains, records what happens, saves what is good, and reads the test data where that was
/// asked for.</summary>
/// <remarks><see cref="Start"/> and <see cref="Resume"/> do it in one call. <see cref="Create"/> and <see cref="Reopen"/> give the run
/// before its first step, with its <see cref="Plan"/>; <see cref="Execute"/> trains.</remarks>
public sealed class Run
{
    private const string OpenTestReason = "the end of the run";

    private readonly RunOptions _options;
    private readonly RunSession _session;

    private Run(RunPlan plan, RunOptions options, SavedRun? before)
    {
        (Plan, _options) = (plan, options);
        _session = new RunSession(plan, options, before);
    }

    /// <summary>What the run is about to do.</summary>
    public RunPlan Plan { get; }

    /// <summary>Trains a recipe to its end.</summary>
    /// <param name="recipe">What is to be run.</param>
    /// <param name="options">Where it is saved; default <c>runs/DATA-SEED</c>.</param>
    /// <param name="progress">Gets each event on the training thread; must return quickly. Default null.</param>
    /// <param name="cancellation">Ends the run after its current step; it is saved and can be resumed.</param>
    /// <exception cref="ThalwegException">The recipe, the data or the folder are not as they should be: the message says what to do, and
    /// nothing was written.</exception>
    public static RunResult Start(
        Recipe recipe, RunOptions? options = null, IProgress<RunEvent>? progress = null, CancellationToken cancellation = default) =>
        Create(recipe, options).Execute(progress, cancellation);

    /// <summary>Resumes an unfinished run, to the same bits as if it had never stopped; or continues a finished one for more epochs, see
    /// <see cref="RunOptions.Change"/>.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="options">As for <see cref="Start"/>; <see cref="RunOptions.Folder"/> is not used.</param>
    /// <param name="progress">Gets each event on the training thread; must return quickly. Default null.</param>
    /// <param name="cancellation">Ends the run after its current step.</param>
    /// <exception cref="ThalwegException">There is no unfinished run, its files are damaged, or the data are not what they
    /// were.</exception>
    public static RunResult Resume(
        string folder, RunOptions? options = null, IProgress<RunEvent>? progress = null, CancellationToken cancellation = default) =>
        Reopen(folder, options).Execute(progress, cancellation);

    /// <summary>Makes a run without its first step; nothing is written yet.</summary>
    /// <param name="recipe">What is to be run.</param>
    /// <param name="options">Where it is saved; default <c>runs/DATA-SEED</c>.</param>
    /// <exception cref="ThalwegException">As for <see cref="Start"/>.</exception>
    public static Run Create(Recipe recipe, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        options ??= new RunOptions();
        if (options.Network is not null)
            recipe = recipe with { Network = recipe.Network with { Layers = NetworkRecipe.Custom } };
        RunFolder folder = RunFolder.ForNew(options.Folder, recipe, options.Replaces);
        return ThreadBudget.With(recipe.Threads, () => Make(recipe, folder, options, before: null));
    }

    /// <summary>Opens an unfinished run without its next step.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="options">As for <see cref="Resume"/>.</param>
    /// <exception cref="ThalwegException">As for <see cref="Resume"/>.</exception>
    public static Run Reopen(string folder, RunOptions? options = null)
    {
        SavedRun saved = SavedRun.Open(new RunFolder(folder));
        options ??= new RunOptions();
        if (saved.Record.NotReplayable is { } reason && options is { Network: null, Data: null })
        {
            throw new ThalwegException(
                $"Run.Resume: expected RunOptions.Network or RunOptions.Data as at the start, got neither, but {reason}; give it again");
        }

        ResumeChanges changes = ResumeChanges.Of(saved.Recipe, options, saved.Folder);
        return ThreadBudget.With(changes.Recipe.Threads, () => Make(
            changes.Recipe, saved.Folder, options with { OpensTest = options.OpensTest || saved.Record.OpensTest }, (saved, changes)));
    }

    /// <summary>Adds an event of another program to those of the run; to be called on the training thread, as by an observer.</summary>
    /// <param name="item">The event.</param>
    public void Report(RunEvent.Custom item)
    {
        ArgumentNullException.ThrowIfNull(item);
        _session.Report(item);
    }

    /// <summary>Trains to the end, from wherever the run stands; once.</summary>
    /// <param name="progress">Gets each event on the training thread; must return quickly. Default null.</param>
    /// <param name="cancellation">Ends the run after its current step; it is saved and can be resumed.</param>
    /// <exception cref="ThalwegException">The folder cannot be written.</exception>
    public RunResult Execute(IProgress<RunEvent>? progress = null, CancellationToken cancellation = default) =>
        ThreadBudget.With(Plan.Recipe.Threads, () =>
        {
            using (_session)
                return Finish(_session.Fit(progress, cancellation));
        });

    private static Run Make(Recipe recipe, RunFolder folder, RunOptions options, (SavedRun Saved, ResumeChanges Changes)? before)
    {
        RecipeChecks.BeforeData(recipe);
        if (recipe.Data.Split is { Folds: { } folds, Fold: null })
        {
            throw new ThalwegException($"data.split.folds: expected data.split.fold, which of the {folds} folds this run validates on, got "
                + "none; give one, or start all of them by CrossValidation.Start");
        }

        if (NetworkRecipe.IsCustom(recipe) && options.Network is null)
        {
            throw new ThalwegException("network.layers: expected RunOptions.Network, because the network of this recipe was made in code, "
                + "got none; give the factory, or other layers");
        }

        RunData data = options.Data ?? RunData.Open(recipe);
        if (options.OpensTest && data.Split.Test is null)
        {
            throw new ThalwegException(
                "RunOptions.OpensTest: there are no test data; give some with data.split.test, or leave RunOptions.OpensTest out");
        }

        ResolvedRecipe resolved = recipe.Resolve(data.Split.Training);
        if (before is { } resumed)
            resolved = resumed.Saved.Resolve(resolved, resumed.Changes);
        _ = data.Fingerprint(before?.Saved.Record.Fingerprint);
        PreparedRecipe prepared = PreparedRecipe.Of(resolved, data, options, before?.Saved);
        RunPlan plan = before is { } run
            ? PlanOf(prepared, folder, options, run.Saved.Restore(prepared, run.Changes, options))
            : PlanOf(prepared, folder, options, null);
        RunWarnings.RefuseIfStrict(recipe, plan.Warnings);
        folder.CheckWritable();
        return new Run(plan, options, before?.Saved);
    }

    private static RunPlan PlanOf(PreparedRecipe prepared, RunFolder folder, RunOptions options, RunPlanOfResume? resume)
    {
        DataDescription? description = prepared.Data.Source?.Describe();
        return new RunPlan
        {
            Prepared = prepared,
            Data = description,
            Warnings = RunWarnings.AtStart(prepared.Recipe, description, prepared.Trainer),
            NotReplayable = options.Network is not null ? $"the network was made in code ({prepared.Network.GetType().Name})"
                : options.Data is not null ? "the data were given in code" : null,
            Folder = folder,
            FirstEpoch = prepared.Trainer.Position.Epoch,
            FirstStep = prepared.Trainer.Step,
            ResumeNotes = resume?.Notes ?? [],
            Changes = resume?.Changes ?? [],
        };
    }

    private RunResult Finish(TrainingReport report)
    {
        Trainer trainer = Plan.Prepared.Trainer;
        DataSplit split = Plan.Split;
        bool isFinished = report.Reason is not (EndReason.Cancelled or EndReason.NonFinite);
        int keptEpoch = report.KeptEpoch;
        if (report.Reason == EndReason.Cancelled)
        {
            keptEpoch = report.BestEpoch;
            if (keptEpoch >= 0)
                trainer.RestoreBest();
        }

        // Of earlier sessions too, of which the report of this one does not know.
        EpochReport? kept = _session.Epochs.LastOrDefault(epoch => epoch.Epoch == keptEpoch);
        TrainedModel model = Plan.Prepared.ToModel(_options.Describe(Plan.Prepared.Resolved.Recorded));
        EvaluationReport? evaluated = kept is { IsEvaluated: true } ? Reports.OfValidation(Plan, model) : null;
        TestJudgment? test = isFinished && _options.OpensTest ? ReadTest(model, split) : null;
        AddMetrics(model.Provenance, kept?.Validation, test?.Figures);
        Plan.Folder.SaveModel(model);
        RunRecord record = _session.FinalRecordOf(StatusOf(report.Reason)) with
        {
            Test = test?.Figures,
            ValidationReport = evaluated,
            TestReport = test?.Report,
            Outcome = new RunOutcome(report.Reason, report.Steps, kept?.Epoch ?? -1, report.Failure, report.Note),
        };

        // The record last: while it calls the run unfinished, all that is missing is made up for when it is resumed.
        _session.Report(new RunEvent.Ended(
            record.Status, report.Reason, report.Steps, record.Seconds, kept?.Epoch ?? -1, report.Failure, report.Note));
        _session.WriteRest();
        Plan.Folder.SaveEnd(record, Plan.Recipe.Run.KeepCheckpoints != 0);
        string? note = _session.Enter(record);
        bool hasValidation = split.Validation.Data.Count > 0;
        double trivial = hasValidation ? Baseline.Of(split.Training.Data, split.Validation.Data) : double.NaN;
        Evaluation? linear = isFinished && hasValidation ? Linear(split) : null;
        return new RunResult
        {
            Reason = report.Reason,
            Model = model,
            Folder = Plan.Folder,
            Epochs = _session.Epochs,
            Best = _session.Epochs.LastOrDefault(epoch => epoch.IsBest),
            Kept = kept,
            Steps = report.Steps,
            Seconds = record.Seconds,
            Trivial = trivial,
            Linear = linear,
            TrivialOnTest = test?.TrivialOf(split.Training),
            Warnings = isFinished ? RunWarnings.AtEnd(kept?.Validation, trivial, linear, test?.Reuse) : [],
            Test = test?.Figures,
            TestReuse = test?.Reuse,
            IndexNote = note ?? test?.IndexNote,
            ValidationReport = evaluated,
            TestReport = test?.Report,
            TestReads = TestReadLog.Load(Plan.Folder.Location).Count,
            Failure = report.Failure,
            Note = report.Note,
        };
    }

    /// <summary>The figures of a linear model on the validation data, where it costs little and the network is another.</summary>
    private Evaluation? Linear(DataSplit split) =>
        Plan.Recipe.Network.Layers != "linear" && LinearReference.IsCheap(split.Training)
            ? LinearReference.Fit(split.Training, split.Validation, split.Preprocessing.Target.Scale)
            : null;

    /// <summary>The figures on the test data; written down before the data are read.</summary>
    private TestJudgment ReadTest(TrainedModel model, DataSplit split)
    {
        RunTestLedger ledger = new(Plan.Folder.Location, _options.Index);
        TestJudgment judged = TestJudgment.Of(model, split.Test!, ledger, OpenTestReason, Reports.OptionsOf(Plan));
        judged = judged with { Figures = judged.Figures with { Others = null } };
        _session.Report(new RunEvent.TestRead(judged.Figures, judged.Reading));
        return judged;
    }

    private static string StatusOf(EndReason reason) => reason switch
    {
        EndReason.Cancelled => "interrupted",
        EndReason.NonFinite => "diverged",
        EndReason.Requested => "stopped",
        _ => "finished",
    };

    private static void AddMetrics(Provenance provenance, Evaluation? validation, Evaluation? test)
    {
        if (validation is { Samples: > 0 })
            provenance.Metrics[$"validation {validation.MetricName}"] = validation.Metric;
        if (test is not null)
            provenance.Metrics[$"test {test.MetricName}"] = test.Metric;
    }
}
