using Thalweg.Runs;

namespace Thalweg.Tuning.Tests.Studies;

/// <summary>Studies of real trainings: killed, continued, shared.</summary>
public sealed class TrainingStudyTests
{
    [Fact]
    public void A_study_that_is_ended_at_any_step_comes_to_the_same_trials_models_and_figures()
    {
        using TemporaryFolder temporary = new();
        StudyDefinition definition = Definition(temporary);
        StudyResult whole = Run(temporary, "whole", definition, workers: 1);
        whole.IsFinished.ShouldBeTrue();
        whole.Trials.Count.ShouldBe(definition.Trials);
        whole.Finalists.Count.ShouldBe(2);
        whole.Finalists[0].Values.Count.ShouldBe(2);
        double.IsFinite(whole.Optimism).ShouldBeTrue();

        // Ended again and again in the middle of trials, with one worker or two.
        int sessions = 0;
        StudyResult? ended = null;
        while (ended is not { IsFinished: true })
        {
            sessions++.ShouldBeLessThan(200);
            using CancellationTokenSource stop = new();
            int left = 5 + (4 * (sessions % 5));
            ended = Run(temporary, "ended", definition, workers: 1 + (sessions % 2), stop.Token, _ =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                    stop.Cancel();
            });
        }

        sessions.ShouldBeGreaterThan(5);
        Lines(ended).ShouldBe(Lines(whole));
        foreach (StudyTrial trial in whole.Trials.Where(trial => trial.Status != TrialStatus.Failed))
        {
            RunEquality.Differences(TrialTraining.FolderOf(temporary.At("whole"), trial.Number),
                TrialTraining.FolderOf(temporary.At("ended"), trial.Number)).ShouldAllBe(difference => !difference.Contains("model"));
        }

        RunEquality.Differences(TrialTraining.WinnerOf(temporary.At("whole"), whole.Winner!.Number),
            TrialTraining.WinnerOf(temporary.At("ended"), whole.Winner.Number)).ShouldAllBe(difference => !difference.Contains("model"));
    }

    [Fact]
    public void A_paused_trial_is_the_beginning_of_the_whole_one_and_goes_on_to_the_bit()
    {
        using TemporaryFolder temporary = new();
        StudyDefinition definition = Definition(temporary) with { Pruner = Settings.Parse<Pruner>("none"), Finalists = 0, Trials = 2 };
        using Study study = Study.OpenOrCreate(new JournalStorage(temporary.At("study.jsonl")), definition);
        string worker = study.Join();
        TrialTraining training = new(study, temporary.At("a"));
        StudyJob whole = study.Ask(worker)!;
        TrialReport report = training.Run(whole, CancellationToken.None)!;
        TrialTraining other = new(study, temporary.At("b"));
        TrialReport paused = other.Run(With(whole, curve => curve.Count == 2, []), CancellationToken.None)!;
        (paused.Status, paused.Curve.Count).ShouldBe((TrialStatus.Pruned, 2));
        paused.Curve.ShouldBe(report.Curve.Take(2));

        // Once more, as after a kill between the pause and its record.
        other.Run(With(whole, curve => curve.Count == 2, []), CancellationToken.None).ShouldBeEquivalentTo(paused);
        TrialReport continued = other.Run(With(whole, _ => false, paused.Curve), CancellationToken.None)!;
        continued.Curve.ShouldBe(report.Curve);
        continued.Values.ShouldBe(report.Values);

        // A run that had come to its end before its record was written is not trained again.
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(TrialTraining.FolderOf(temporary.At("b"), 0), RunRecord.FileName));
        other.Run(With(whole, _ => false, paused.Curve), CancellationToken.None)!.Values.ShouldBe(report.Values);
        File.GetLastWriteTimeUtc(Path.Combine(TrialTraining.FolderOf(temporary.At("b"), 0), RunRecord.FileName)).ShouldBe(written);
    }

    [Fact]
    public void Trials_without_their_files_begin_again_to_the_same_result()
    {
        using TemporaryFolder temporary = new();
        StudyDefinition definition = Definition(temporary) with { Trials = 4 };
        StudyResult kept = Run(temporary, "kept", definition, 1);
        using Study study = Study.OpenOrCreate(new JournalStorage(Made(temporary, "trimmed")), definition);
        StudyResult trimmed = StudyWorkers.Run(study, new TrialTraining(study, temporary.At("trimmed")), new StudyRunOptions
        {
            Folder = temporary.At("trimmed"),
            KeepTrials = 1,
        });
        Lines(trimmed).ShouldBe(Lines(kept));
        Directory.EnumerateDirectories(temporary.At("trimmed/trials"), "checkpoints", SearchOption.AllDirectories).Count().ShouldBeLessThanOrEqualTo(1);
        Directory.EnumerateFiles(temporary.At("trimmed/trials"), RunRecord.FileName, SearchOption.AllDirectories).Count().ShouldBe(4);
    }

    [Fact]
    public void Settings_that_do_not_fit_fail_the_trial_and_not_the_study()
    {
        using TemporaryFolder temporary = new();
        StudyDefinition definition = Definition(temporary) with
        {
            Space = SearchSpace.Parse("network.normalization=choice(batch)", "training.batch_size=choice(1)"),
            Starts = [],
            Trials = 2,
        };
        StudyResult result = Run(temporary, "study", definition, 1);
        result.Trials.ShouldAllBe(trial => trial.Status == TrialStatus.Failed && trial.Failure!.Contains("batch normalization"));
        Should.Throw<ThalwegException>(result.RequireWinner).Message.ShouldContain("batch normalization");
    }

    [Fact]
    public void Several_goals_give_a_front()
    {
        using TemporaryFolder temporary = new();
        StudyDefinition definition = Definition(temporary) with
        {
            Goals = [StudyGoals.Parse("metric"), StudyGoals.Parse("parameters"), StudyGoals.Parse("macro_f1")],
            Finalists = 0,
        };
        StudyResult result = Run(temporary, "study", definition, 2);
        result.ParetoFront.ShouldContain(trial => trial.Number == result.Best!.Number);
        foreach (StudyTrial trial in result.Trials.Where(trial => trial.Status == TrialStatus.Completed))
            trial.Values.Count.ShouldBe(3);
        StudyTrial[] front = [.. result.ParetoFront];
        front.Select(trial => trial.Values[0]).ShouldBe(front.Select(trial => trial.Values[0]).OrderDescending());
        definition.IsExact.ShouldBeTrue();
        (definition with { Goals = [StudyGoals.Parse("latency")] }).IsExact.ShouldBeFalse();
    }

    internal static Recipe Data(TemporaryFolder temporary)
    {
        string path = temporary.At("data.csv");
        if (!File.Exists(path))
        {
            RandomStream random = new(5, RandomPurpose.User, 0);
            using StreamWriter writer = new(path);
            writer.Write("a,b,c,label\n");
            for (int i = 0; i < 120; i++)
            {
                double a = random.NextDouble() - 0.5, b = random.NextDouble() - 0.5, c = random.NextDouble();
                writer.Write(FormattableString.Invariant($"{a:0.0000},{b:0.0000},{c:0.0000},{((a * b) + (0.1 * (random.NextDouble() - 0.5)) > 0 ? "yes" : "no")}\n"));
            }
        }

        return new Recipe().With("data.source", path).With("network.layers", "mlp:8").With("training.epochs", 4)
            .With("training.early_stopping.patience", 0).With("training.early_stopping.keep", "best").With("run.checkpoint_every", "2steps");
    }

    internal static StudyDefinition Definition(TemporaryFolder temporary) => StudySetup.Define(Data(temporary), new StudyRequest
    {
        Space = SearchSpace.Parse("training.optimizer.learning_rate=log(1e-3, 0.3)", "network.width=logint(4, 16)", "network.activation=choice(relu, tanh)"),
        Sampler = "random",
        Pruner = "none",
        Order = "lag(3)",
        Trials = 6,
        Finalists = 2,
        Repeats = 2,
    });

    internal static string[] Lines(StudyResult result) =>
    [
        .. result.Order.Select(number => $"{number}"),
        .. result.Trials.Select(trial => FormattableString.Invariant(
            $"{trial.Number}: {trial.Point} {trial.Status} {string.Join(' ', trial.Values)}: {string.Join(' ', trial.Curve)}")),
        .. result.Finalists.Select(item => FormattableString.Invariant($"{item.Trial}: {string.Join(' ', item.Values)} {item.Low} {item.High}")),
        FormattableString.Invariant($"{result.Winner?.Number} {result.Optimism}"),
    ];

    private static StudyResult Run(
        TemporaryFolder temporary, string name, StudyDefinition definition, int workers, CancellationToken cancellation = default,
        Action<Thalweg.Training.StepReport>? step = null)
    {
        using Study study = Study.OpenOrCreate(new JournalStorage(Made(temporary, name)), definition);
        TrialTraining training = new(study, temporary.At(name), new TrialTrainingOptions { StepEnded = step });
        return StudyWorkers.Run(study, training, new StudyRunOptions { Workers = workers }, cancellation);
    }

    private static string Made(TemporaryFolder temporary, string name)
    {
        Directory.CreateDirectory(temporary.At(name));
        return temporary.At($"{name}/study.jsonl");
    }

    private static StudyJob With(StudyJob job, Func<IReadOnlyList<double>, bool> pauses, IReadOnlyList<double> curve) => new(pauses)
    {
        Index = job.Index,
        Kind = job.Kind,
        Trial = job.Trial,
        Point = job.Point,
        Worker = job.Worker,
        Curve = curve,
    };
}
