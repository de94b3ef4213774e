using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Training;

namespace Thalweg.Runs.Tests;

/// <summary>What goes wrong around and inside a run, and what is kept.</summary>
public sealed class FaultTests
{
    [Fact]
    public void A_step_that_throws_leaves_no_trace_and_the_run_goes_on_from_it()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = Fast(temporary);
        RunOptions options = With(Fault.None);
        Run.Start(recipe, options with { Folder = temporary.At("whole") });
        string message = Should.Throw<ThalwegException>(() => Run.Start(
            recipe, With(Fault.Throws, 17) with { Folder = temporary.At("run") })).Message;
        foreach (string fact in (string[])["on purpose", "step 17", "run", "Run.Resume"])
            message.ShouldContain(fact);
        RunRecord.Load(temporary.At("run")).Status.ShouldBe("failed");
        new RunFolder(temporary.At("run")).IsUnfinished.ShouldBeTrue();
        Run run = Run.Reopen(temporary.At("run"), options);
        run.Plan.FirstStep.ShouldBe(17);
        run.Execute();
        RunEquality.Differences(temporary.At("whole"), temporary.At("run")).ShouldBeEmpty();
    }

    [Fact]
    public void A_step_that_runs_out_of_memory_names_a_batch_that_fits_and_the_run_continues_from_it()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = Fast(temporary);
        Run.Start(recipe, With(Fault.None) with { Folder = temporary.At("whole") });
        string message = Should.Throw<ThalwegException>(() => Run.Start(
            recipe, With(Fault.NoMemory, 17) with { Folder = temporary.At("run") })).Message;
        foreach (string fact in (string[])["fit into memory", "no memory for the 75 MiB", "training.micro_batch_size to 8", "step 17"])
            message.ShouldContain(fact);
        Run.Resume(temporary.At("run"), With(Fault.None)).Reason.ShouldBe(EndReason.Completed);
        RunEquality.Differences(temporary.At("whole"), temporary.At("run")).ShouldBeEmpty();
    }

    [Fact]
    public void Runs_that_begin_at_the_same_time_in_one_folder_do_not_get_in_each_others_way()
    {
        using TemporaryFolder temporary = new();
        Parallel.For(0, 64, _ =>
        {
            for (int run = 0; run < 50; run++)
                new RunFolder(temporary.At($"trials/{run}")).CheckWritable();
        });
        Directory.GetFileSystemEntries(temporary.At(".")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("skip"), InlineData("rollback")]
    public void A_loss_that_is_not_finite_is_skipped_or_rolled_back_and_logged(string action)
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = Fast(temporary).With("run.on_non_finite", action);
        ListLogger logger = new();
        RunOptions options = With(Fault.NotFinite, 17) with { Folder = temporary.At("run"), Logger = logger };
        RunResult result = Run.Start(recipe, options);
        logger.Messages.ShouldContain(message => IsWarning(message, "step 17"));
        result.Reason.ShouldBe(EndReason.Completed);
        result.Steps.ShouldBe(40);
        RunEvent.Recovered recovered = EventLog.Read(temporary.At("run")).OfType<RunEvent.Recovered>().ShouldHaveSingleItem();
        recovered.Step.ShouldBe(17);
        recovered.Message.ShouldContain(action == "skip" ? "left out" : "those of step 0");
        double rate = result.Epochs[^1].LearningRate, whole = Plain(temporary, recipe).Epochs[^1].LearningRate;
        rate.ShouldBe(action == "skip" ? whole : whole / 2);
    }

    [Theory]
    [InlineData("skip"), InlineData("rollback")]
    public void A_run_that_recovered_resumes_to_equal_bits(string action)
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = Fast(temporary).With("run.on_non_finite", action).With("run.checkpoint_every", "4steps").With("run.spike_factor", 100.0);
        RunOptions options = With(Fault.NotFinite, 12, 31);
        Run.Start(recipe, options with { Folder = temporary.At("whole") });
        ResumeTests.Kill(recipe, temporary, "killed", 25, options);
        Run.Resume(temporary.At("killed"), options);
        RunEquality.Differences(temporary.At("whole"), temporary.At("killed")).ShouldBeEmpty();
        EventLog.Read(temporary.At("killed")).OfType<RunEvent.Recovered>().Count().ShouldBe(2);
    }

    [Fact]
    public void A_spike_is_rolled_back()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = Fast(temporary).With("training.epochs", 8).With("run.spike_factor", 20.0);
        RunOptions options = With(Fault.Spike, 70) with { Folder = temporary.At("run") };
        Run.Start(recipe, options).Reason.ShouldBe(EndReason.Completed);
        RunEvent.Recovered recovered = EventLog.Read(temporary.At("run")).OfType<RunEvent.Recovered>().ShouldHaveSingleItem();
        (recovered.Step, recovered.Action).ShouldBe((70, NonFiniteAction.Rollback));
        recovered.Message.ShouldContain("times its moving mean");
    }

    [Fact]
    public void Recoveries_are_bounded_and_a_run_that_diverged_can_go_on_with_them()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = Fast(temporary).With("run.on_non_finite", "skip");
        RunOptions options = With(Fault.NotFinite, [.. Enumerable.Range(15, 20)]);
        RunResult result = Run.Start(recipe, options with { Folder = temporary.At("bounded") });
        result.Reason.ShouldBe(EndReason.NonFinite);
        EventLog.Read(temporary.At("bounded")).OfType<RunEvent.Recovered>().Count().ShouldBe(10);

        options = With(Fault.NotFinite, 17);
        Run.Start(Fast(temporary), options with { Folder = temporary.At("run") }).Reason.ShouldBe(EndReason.NonFinite);
        RunRecord.Load(temporary.At("run")).Status.ShouldBe("diverged");
        Should.Throw<ThalwegException>(() => Run.Resume(temporary.At("run"), options)).Message.ShouldContain("rollback");
        options = options with { Change = old => old.With("run.on_non_finite", "rollback"), Overrides = [ResumeOverride.Recovery] };
        Run.Resume(temporary.At("run"), options).Reason.ShouldBe(EndReason.Completed);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_does_not_end_the_run()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = Fast(temporary).With("run.checkpoint_every", "1step");
        string checkpoints = temporary.At("run/checkpoints");
        ListLogger logger = new();
        RunOptions options = new()
        {
            Folder = temporary.At("run"),
            WaitsForCheckpoints = true,
            Logger = logger,
            StepEnded = step =>
            {
                if (step.Step == 12)
                {
                    Directory.Move(checkpoints, temporary.At("aside"));
                    File.WriteAllText(checkpoints, "in the way");
                }
                else if (step.Step == 24)
                {
                    File.Delete(checkpoints);
                    Directory.Move(temporary.At("aside"), checkpoints);
                }
            },
        };
        Run.Start(recipe, options);
        Run.Start(recipe, new RunOptions { Folder = temporary.At("whole") });
        EventLog.Read(temporary.At("run")).OfType<RunEvent.Fault>().ShouldNotBeEmpty();
        logger.Messages.ShouldContain(message => IsWarning(message, "continues"));
        RunEquality.Differences(temporary.At("whole"), temporary.At("run")).ShouldBeEmpty();
    }

    [Fact]
    public void Only_one_run_has_a_folder_and_a_dead_owner_has_none()
    {
        using TemporaryFolder temporary = new();
        ResumeTests.Kill(Fast(temporary), temporary, "run", 12);
        using (RunLock.Take(temporary.At("run")))
        {
            string message = Should.Throw<ThalwegException>(() => Run.Resume(temporary.At("run"))).Message;
            message.ShouldContain($"process {Environment.ProcessId} on {Environment.MachineName}");
            Should.Throw<ThalwegException>(() => RunLock.Take(temporary.At("run")));
        }

        RunLock.OwnerOf(temporary.At("run")).ShouldBeNull();
        string path = temporary.At($"run/{RunLock.FileName}");
        File.WriteAllText(path, $$"""{"process":1,"started":"another start","host":"{{Environment.MachineName}}"}""");
        RunLock.OwnerOf(temporary.At("run")).ShouldBeNull();
        File.WriteAllText(path, """{"process":1,"started":"x","host":"elsewhere"}""");
        Should.Throw<ThalwegException>(() => Run.Resume(temporary.At("run"))).Message.ShouldContain("delete run.lock");
        File.WriteAllText(path, """{"process":""");
        Run.Resume(temporary.At("run"));
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public void A_file_that_changes_while_it_is_read_is_refused()
    {
        using TemporaryFolder temporary = new();
        _ = temporary.Recipe();
        string path = temporary.At("data.csv");
        Should.Throw<ThalwegException>(() => DataFiles.Watch(() =>
        {
            DataSource source = DataSource.Open(path);
            File.AppendAllText(path, "1,1,red,yes\n");
            return source;
        })).Message.ShouldContain("changed while it was read");
        DataFiles.Watch(() => DataSource.Open(path)).Files.ShouldHaveSingleItem().Path.ShouldBe(Path.GetFullPath(path));
    }

    private static RunResult Plain(TemporaryFolder temporary, Recipe recipe) =>
        Run.Start(recipe, With(Fault.None) with { Folder = temporary.At("plain") });

    private static bool IsWarning(string message, string fact) =>
        message.StartsWith("Warning", StringComparison.Ordinal) && message.Contains(fact, StringComparison.Ordinal);

    private static Recipe Fast(TemporaryFolder temporary) => temporary.Recipe(rows: 400).With("run.checkpoint_every", "5steps");

    private static RunOptions With(Fault fault, params int[] steps)
    {
        StepClock clock = new();
        return new RunOptions { Network = _ => new Faulty(clock, fault, steps), Observers = [clock] };
    }

    /// <summary>Knows which step is under way.</summary>
    private sealed class StepClock : ITrainingObserver
    {
        public long Step { get; private set; }

        public void StepStarted(Trainer trainer, in StepStart step) => Step = step.Step;
    }

    private enum Fault
    {
        None,
        Throws,
        NoMemory,
        NotFinite,
        Spike,
    }

    /// <summary>A network with statistics, in which something goes wrong at some steps of training, behind the statistics.</summary>
    private sealed class Faulty : Module
    {
        private readonly Dense _first = new(5, 8), _second = new(8, 2);
        private readonly BatchNorm1d _norm = new(8);
        private readonly StepClock _clock;
        private readonly Fault _fault;
        private readonly int[] _steps;

        public Faulty(StepClock clock, Fault fault, int[] steps)
        {
            (_clock, _fault, _steps) = (clock, fault, steps);
            AddModule("first", _first);
            AddModule("norm", _norm);
            AddModule("second", _second);
        }

        protected override Tensor ForwardCore(Tensor input)
        {
            Tensor output = _second.Forward(_norm.Forward(_first.Forward(input)));
            if (!IsTraining || !_steps.Contains((int)_clock.Step))
                return output;
            return _fault switch
            {
                Fault.Throws => throw new ThalwegException("broken on purpose"),
                Fault.NoMemory when input.Shape[0] > 8 => throw new OutOfMemoryException("no memory for the 75 MiB of a test"),
                Fault.NotFinite => output * double.NaN,
                Fault.Spike => output * 1e4,
                _ => output,
            };
        }
    }
}
