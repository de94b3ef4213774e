using System.Diagnostics;
using Thalweg.Checkpoints;
using Thalweg.Training;

namespace Thalweg.Runs.Tests;

/// <summary>A run that is killed and resumed is the run that was never stopped.</summary>
public sealed class ResumeTests
{
    [Theory]
    [InlineData(1, "3steps", 1), InlineData(2, "3steps", 2), InlineData(7, "3steps", 3), InlineData(10, "1epoch", 2), InlineData(14, "2epochs", 1)]
    [InlineData(24, "1step", 2), InlineData(30, "4steps", 1)]
    public void A_run_killed_after_any_step_resumes_to_equal_weights_and_records(int step, string every, int threads)
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = Rich(temporary, every).With(
            "training.optimizer.name", "chain(scale_by_adam, scale_by_learning_rate(cosine(0.01, 40)), average_weights)");
        Run.Start(recipe, new RunOptions { Folder = temporary.At("whole") });
        Kill(recipe, temporary, "killed", step);
        Run.Resume(temporary.At("killed"), new RunOptions { Change = old => old.With("threads", threads) });
        RunEquality.Differences(temporary.At("whole"), temporary.At("killed")).ShouldBeEmpty();
        RunRecord.Load(temporary.At("killed")).Resumptions!.Count.ShouldBe(1);
    }

    [Fact]
    public void A_run_killed_before_its_first_checkpoint_starts_again()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = Rich(temporary, "1h");
        Run.Start(recipe, new RunOptions { Folder = temporary.At("whole") });
        Kill(recipe, temporary, "killed", 4);
        Directory.Delete(temporary.At("killed/checkpoints"), recursive: true);
        Run.Resume(temporary.At("killed"));
        RunEquality.Differences(temporary.At("whole"), temporary.At("killed")).ShouldBeEmpty();
    }

    [Fact]
    public void Comparisons_see_what_differs()
    {
        using TemporaryFolder temporary = new();
        Run.Start(Rich(temporary, "1h"), new RunOptions { Folder = temporary.At("a") });
        Run.Start(Rich(temporary, "1h").With("seed", 2), new RunOptions { Folder = temporary.At("b") });
        string differences = string.Join('\n', RunEquality.Differences(temporary.At("a"), temporary.At("b")));
        foreach (string what in (string[])["model.safetensors", "last checkpoint", "run.json", "events.jsonl"])
            differences.ShouldContain(what);
        RunEquality.Differences(temporary.At("a"), temporary.At("a")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void A_damaged_checkpoint_falls_back_to_the_one_before_and_says_so(bool isCut)
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = Rich(temporary, "5steps");
        Run.Start(recipe, new RunOptions { Folder = temporary.At("whole") });
        Kill(recipe, temporary, "killed", 23);
        string[] files = [.. new RunFolder(temporary.At("killed")).Checkpoints.Files];
        files.Length.ShouldBeGreaterThan(1);
        Damage(files[0], isCut);
        File.WriteAllText(temporary.At("killed/run.json"), "{");
        Run run = Run.Reopen(temporary.At("killed"));
        run.Plan.FirstStep.ShouldBe(CheckpointStore.StepOf(files[1]));
        string.Join('\n', run.Plan.ResumeNotes).ShouldContain(files[0]);
        run.Plan.ResumeNotes.ShouldContain(note => note.Contains($"resumes from step {run.Plan.FirstStep}"));
        run.Execute();
        EventLog.Read(temporary.At("killed")).OfType<RunEvent.Fault>().Count().ShouldBe(run.Plan.ResumeNotes.Count);
        RunEquality.Differences(temporary.At("whole"), temporary.At("killed")).ShouldBeEmpty();
    }

    [Fact]
    public void Where_all_checkpoints_are_damaged_nothing_is_resumed()
    {
        using TemporaryFolder temporary = new();
        Kill(Rich(temporary, "5steps"), temporary, "killed", 23);
        foreach (string file in new RunFolder(temporary.At("killed")).Checkpoints.Files)
            Damage(file, isCut: true);
        Should.Throw<ThalwegException>(() => Run.Resume(temporary.At("killed"))).Message.ShouldContain("damaged");
    }

    [Fact]
    public void A_finished_run_is_continued_to_what_a_longer_one_gives()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = Rich(temporary, "1h").With("training.optimizer.schedule", "constant").With("training.evaluate_every", 1);
        Run.Start(recipe.With("training.epochs", 6), new RunOptions { Folder = temporary.At("long") });
        Run.Start(recipe, new RunOptions { Folder = temporary.At("run") });
        Should.Throw<ThalwegException>(() => Run.Resume(temporary.At("run"))).Message.ShouldContain("finished");
        RunResult result = Run.Resume(temporary.At("run"), new RunOptions { Change = old => old.With("training.epochs", 6) });
        result.EpochCount.ShouldBe(6);
        Should.Throw<ThalwegException>(() => Run.Resume(temporary.At("run"))).Message.ShouldContain("all 6 epochs");
        RunEquality.Differences(temporary.At("long"), temporary.At("run")).ShouldAllBe(difference => difference.StartsWith("events.jsonl"));
        RunRecord.Load(temporary.At("run")).Resumptions![0].Changes.ShouldBe(["training.epochs: 4 -> 6"]);
        RunFolder folder = new(temporary.At("run"));
        folder.LoadRecipe().Training.Epochs.ShouldBe(6);
    }

    [Fact]
    public void More_epochs_that_change_the_rates_must_be_asked_for()
    {
        using TemporaryFolder temporary = new();
        Run.Start(Rich(temporary, "1h"), new RunOptions { Folder = temporary.At("run") });
        RunOptions longer = new() { Change = old => old.With("training.epochs", 8) };
        string message = Should.Throw<ThalwegException>(() => Run.Reopen(temporary.At("run"), longer)).Message;
        foreach (string fact in (string[])["training.epochs: 4 -> 8", "step 40: ", "schedule"])
            message.ShouldContain(fact);
        Run run = Run.Reopen(temporary.At("run"), longer with { Overrides = [ResumeOverride.Schedule] });
        run.Plan.ResumeNotes.ShouldHaveSingleItem().ShouldContain("another run");
        run.Execute().EpochCount.ShouldBe(8);
    }

    [Fact]
    public void Other_settings_are_refused_each_with_old_and_new()
    {
        using TemporaryFolder temporary = new();
        Kill(Rich(temporary, "5steps"), temporary, "killed", 12);
        RunOptions other = new() { Change = old => old.With("seed", 7).With("network.layers", "mlp:9") };
        string message = Should.Throw<ThalwegException>(() => Run.Reopen(temporary.At("killed"), other)).Message;
        message.ShouldContain("seed: 1 -> 7");
        message.ShouldContain("network.layers: mlp:8 -> mlp:9");
        RunOptions patient = new() { Change = old => old.With("training.early_stopping.patience", 3) };
        Should.Throw<ThalwegException>(() => Run.Reopen(temporary.At("killed"), patient)).Message.ShouldContain("patience");
        Run.Reopen(temporary.At("killed"), patient with { Overrides = [ResumeOverride.Patience] }).Plan.Changes.Count.ShouldBe(1);
        ResumeOverrides.Parse("epochs, schedule").ShouldBe([ResumeOverride.Epochs, ResumeOverride.Schedule]);
        Should.Throw<ThalwegException>(() => ResumeOverrides.Parse("patiense")).Message.ShouldContain("patience");
    }

    [Fact]
    public void Data_are_the_same_by_their_contents_not_by_their_time()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = Rich(temporary, "5steps");
        Run.Start(recipe, new RunOptions { Folder = temporary.At("whole") });
        Kill(recipe, temporary, "killed", 12);
        string text = File.ReadAllText(temporary.At("data.csv"));
        string[] lines = text.Split('\n');
        (lines[3], lines[4]) = (lines[4], lines[3]);
        File.WriteAllText(temporary.At("data.csv"), string.Join('\n', lines));
        Should.Throw<ThalwegException>(() => Run.Resume(temporary.At("killed"))).Message.ShouldContain("SHA-256");
        File.WriteAllText(temporary.At("data.csv"), text);
        Run.Resume(temporary.At("killed"));
        RunEquality.Differences(temporary.At("whole"), temporary.At("killed")).ShouldAllBe(difference => difference.Contains("fingerprint"));
    }

    [Theory]
    [InlineData("100steps", 100, 0, 0), InlineData("1step", 1, 0, 0), InlineData("2epochs", 0, 2, 0), InlineData("30s", 0, 0, 30)]
    [InlineData("10min", 0, 0, 600), InlineData("1.5 h", 0, 0, 5400)]
    public void Intervals_are_read(string text, long steps, int epochs, double seconds)
    {
        CheckpointInterval interval = CheckpointInterval.Parse(text);
        (interval.Steps, interval.Epochs, interval.Time.TotalSeconds).ShouldBe((steps, epochs, seconds));
    }

    [Theory]
    [InlineData(""), InlineData("10"), InlineData("0steps"), InlineData("1.5steps"), InlineData("-1s"), InlineData("5 parsecs"), InlineData("steps")]
    public void What_is_no_interval_is_refused(string text) =>
        Should.Throw<ThalwegException>(() => CheckpointInterval.Parse(text)).Message.ShouldContain("10min");

    [Fact]
    public void The_last_checkpoints_and_the_best_are_kept()
    {
        using TemporaryFolder temporary = new();
        CheckpointStore store = new RunFolder(temporary.At("run")).Checkpoints;
        bool hasBoth = false, hasMore = false;
        RunOptions options = new()
        {
            Folder = temporary.At("run"),
            StepEnded = _ =>
            {
                // Time for what is written in the background; a third file may wait to be deleted.
                SpinWait.SpinUntil(() => hasBoth || (hasBoth = IsLastAndBest(store.Files)), 50);
                hasMore |= store.Files.Count > 3;
            },
        };
        Run.Start(Rich(temporary, "1step").With("run.keep_checkpoints", 1).With("training.evaluate_every", 1), options);
        (hasBoth, hasMore).ShouldBe((true, false));
        Run.Start(Rich(temporary, "2steps").With("run.keep_checkpoints", 0), new RunOptions { Folder = temporary.At("none") });
        Directory.Exists(temporary.At("none/checkpoints")).ShouldBeFalse();
        Should.Throw<ThalwegException>(() => Run.Resume(temporary.At("none"))).Message.ShouldContain("no checkpoint");
    }

    private static bool IsLastAndBest(IReadOnlyList<string> files) => files is [string last, string best]
        && best.EndsWith("-best.safetensors", StringComparison.Ordinal) && CheckpointStore.StepOf(last) > CheckpointStore.StepOf(best);

    /// <summary>A recipe with all that a checkpoint must hold: averaged weights, normalization, dropout, accumulation.</summary>
    internal static Recipe Rich(TemporaryFolder temporary, string every) => temporary.Recipe(rows: 400)
        .With("network.normalization", "batch(population=exact)").With("training.evaluate_every", 3).With("run.checkpoint_every", every)
        .With("training.micro_batch_size", 8);

    /// <summary>Leaves a folder as a run leaves it that is killed after a step: it is copied while the run is under way.</summary>
    internal static void Kill(Recipe recipe, TemporaryFolder temporary, string name, int step, RunOptions? given = null)
    {
        RunOptions options = (given ?? new RunOptions()) with
        {
            Folder = temporary.At("victim"),
            Replaces = true,
            WaitsForCheckpoints = true,
            StepEnded = report =>
            {
                if (report.Step + 1 == step)
                    Copy(temporary.At("victim"), temporary.At(name));
            },
        };
        Run.Start(recipe, options);
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (Path.GetFileName(file) != RunLock.FileName && !file.EndsWith(".tmp", StringComparison.Ordinal))
                File.Copy(file, target);
        }
    }

    private static void Damage(string path, bool isCut)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(path, isCut ? bytes[..(bytes.Length / 2)] : bytes);
    }
}
