using System.Text.Json;
using Thalweg.Checkpoints;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Runs.Tests;

public sealed class RunTests
{
    [Fact]
    public void A_run_takes_one_call_and_leaves_all_in_its_folder()
    {
        using TemporaryFolder temporary = new();
        _ = temporary.Recipe();
        RunResult result = Run.Start(
            Recipe.Parse($"data: {temporary.At("data.csv")}\nnetwork: mlp:8\ntraining: {{ epochs: 3, early_stopping: {{ patience: 0 }} }}"),
            new RunOptions { Folder = temporary.At("run"), OpensTest = true });
        result.Reason.ShouldBe(EndReason.Completed);
        result.EpochCount.ShouldBe(3);
        result.Test.ShouldNotBeNull();
        result.TestReads.ShouldBe(1);
        string[] files = [.. Directory.EnumerateFiles(temporary.At("run")).Select(path => Path.GetFileName(path)).Order()];
        files.ShouldBe(["events.jsonl", "model.safetensors", "recipe.yaml", "run.json", "test-reads.json"], ignoreOrder: true);
        TrainedModel model = TrainedModel.Load(temporary.At("run"));
        model.Provenance.CommandLine.ShouldContain("recipe.yaml");
        RunRecord.Load(temporary.At("run")).Status.ShouldBe("finished");
        result.Model.Evaluate(result.Folder.LoadRecipe().OpenData().Split.Validation.Data).Metric.ShouldBe(result.Kept!.Validation.Metric);
    }

    [Fact]
    public void A_run_is_replayed_from_its_recipe_to_the_same_bits()
    {
        using TemporaryFolder temporary = new();
        Run.Start(temporary.Recipe(), new RunOptions { Folder = temporary.At("a") });
        Run.Start(Recipe.Load(temporary.At("a/recipe.yaml")), new RunOptions { Folder = temporary.At("b") });
        File.ReadAllText(temporary.At("b/recipe.yaml")).ShouldBe(File.ReadAllText(temporary.At("a/recipe.yaml")));
        Weights(temporary.At("b")).ShouldBe(Weights(temporary.At("a")));
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void A_cancelled_run_resumes_to_the_same_bits(bool hasRecipeFile)
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe(epochs: 6).With("threads", 1).With("network.activation", "relu").With("network.initializer", "by_activation");
        RunOptions options = new() { Describe = asked => string.Join(' ', asked.Diff(new Recipe())) };
        Run.Start(recipe, options with { Folder = temporary.At("whole") });
        Cut(recipe, temporary.At("cut"), options);
        RunRecord.Load(temporary.At("cut")).Status.ShouldBe("interrupted");
        if (!hasRecipeFile)
        {
            // As versions before recipes left a folder.
            File.Delete(temporary.At("cut/recipe.yaml"));
            File.Delete(temporary.At("cut/events.jsonl"));
        }

        RunResult resumed = Run.Resume(temporary.At("cut"), options);
        resumed.EpochCount.ShouldBe(6);
        File.ReadAllBytes(temporary.At("cut/model.safetensors")).ShouldBe(File.ReadAllBytes(temporary.At("whole/model.safetensors")));
        Should.Throw<ThalwegException>(() => Run.Resume(temporary.At("cut"))).Message.ShouldContain("finished");
        RunEvent[] events = [.. EventLog.Read(temporary.At("cut"))];
        events.OfType<RunEvent.Started>().Last().Epoch.ShouldBeGreaterThan(0);
        events.OfType<RunEvent.EpochEnded>().Last().Report.Epoch.ShouldBe(5);
        events[^1].ShouldBeOfType<RunEvent.Ended>().Status.ShouldBe("finished");
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_not_overwritten_unasked()
    {
        using TemporaryFolder temporary = new();
        RunOptions options = new() { Folder = temporary.At("run") };
        Cut(temporary.Recipe(), temporary.At("run"), options);
        Should.Throw<ThalwegException>(() => Run.Start(temporary.Recipe(), options)).Message.ShouldContain("unfinished");
        Run.Start(temporary.Recipe(epochs: 1), options with { Replaces = true });
        Should.Throw<ThalwegException>(() => Run.Start(temporary.Recipe(), options)).Message.ShouldContain("model");
        EventLog.Read(temporary.At("run")).OfType<RunEvent.EpochEnded>().Count().ShouldBe(1);
        Should.Throw<ThalwegException>(() => Run.Resume(temporary.At("none"))).Message.ShouldContain("no run");
        Should.Throw<ThalwegException>(() => Run.Start(temporary.Recipe(), new RunOptions { Folder = temporary.At("data.csv") }))
            .Message.ShouldContain("found a file");
    }

    [Fact]
    public void Other_data_are_not_resumed()
    {
        using TemporaryFolder temporary = new();
        Cut(temporary.Recipe(), temporary.At("run"), new RunOptions());
        _ = temporary.Recipe(rows: 150);
        Should.Throw<ThalwegException>(() => Run.Resume(temporary.At("run"))).Message.ShouldContain("not what it was");
    }

    [Fact]
    public void A_network_that_was_made_in_code_is_trained_recorded_and_resumed()
    {
        using TemporaryFolder temporary = new();
        RunOptions options = new() { Network = _ => new Twice(), Folder = temporary.At("whole") };
        RunResult whole = Run.Start(temporary.Recipe(epochs: 6), options);
        EventLog.Read(temporary.At("whole")).OfType<RunEvent.Started>().Single().NotReplayable!.ShouldContain("Twice");
        RunRecord.Load(temporary.At("whole")).NotReplayable!.ShouldContain("Twice");
        whole.Folder.LoadRecipe().Network.Layers.ShouldBe(NetworkRecipe.Custom);
        Should.Throw<ThalwegException>(() => Run.Start(whole.Folder.LoadRecipe(), new RunOptions { Folder = temporary.At("again") }))
            .Message.ShouldContain("RunOptions.Network");

        Cut(temporary.Recipe(epochs: 6), temporary.At("cut"), options);
        Should.Throw<ThalwegException>(() => Run.Resume(temporary.At("cut"))).Message.ShouldContain("RunOptions.Network");
        File.Exists(temporary.At("whole/model.safetensors")).ShouldBeFalse();
        RunResult resumed = Run.Resume(temporary.At("cut"), options);
        Weights(resumed.Model.Module).ShouldBe(Weights(whole.Model.Module));
        Twice loaded = new();
        ModuleState.Read(SafetensorsFile.Read(whole.Folder.WeightsPath), loaded, whole.Folder.WeightsPath);
        Weights(loaded).ShouldBe(Weights(whole.Model.Module));
        Should.Throw<ThalwegException>(() => Run.Start(temporary.Recipe(), options)).Message.ShouldContain("model already");
    }

    [Fact]
    public void Data_that_were_given_in_code_are_trained_on()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe(epochs: 2);
        RunData data = RunData.Of(recipe.OpenData().Split);
        Run.Start(recipe, new RunOptions { Folder = temporary.At("a"), Data = data });
        Run.Start(recipe, new RunOptions { Folder = temporary.At("b") });
        Weights(temporary.At("a")).ShouldBe(Weights(temporary.At("b")));
        RunRecord.Load(temporary.At("a")).NotReplayable!.ShouldContain("data");
        RunRecord.Load(temporary.At("b")).NotReplayable.ShouldBeNull();
    }

    [Fact]
    public void Events_arrive_in_order_and_are_written_down()
    {
        using TemporaryFolder temporary = new();
        Events events = new();
        int steps = 0;
        RunOptions options = new() { Folder = temporary.At("run"), StepEnded = _ => steps++ };
        Run.Start(temporary.Recipe(epochs: 2).With("run.checkpoint_every", "1h"), options, events);
        string[] kinds = [.. events.All.Select(item => item.GetType().Name).Where(kind => kind != "Checkpoint")];
        kinds.ShouldBe(["Started", "EpochEnded", "EpochEnded", "Ended"]);
        events.All.OfType<RunEvent.Checkpoint>().Select(item => item.Step).ShouldBe([0, 10]);
        steps.ShouldBe(10);
        EventLog.Read(temporary.At("run")).Select(item => item.ToJson()).ShouldBe(events.All.Select(item => item.ToJson()));
    }

    [Fact]
    public void An_observer_stops_a_run_and_adds_events()
    {
        using TemporaryFolder temporary = new();
        Stopper stopper = new();
        Run run = Run.Create(temporary.Recipe(), new RunOptions { Folder = temporary.At("run"), Observers = [stopper] });
        stopper.Run = run;
        RunResult result = run.Execute();
        result.Reason.ShouldBe(EndReason.Requested);
        result.Note.ShouldBe("seen enough");
        result.EpochCount.ShouldBe(2);
        result.Folder.IsUnfinished.ShouldBeFalse();
        RunRecord.Load(temporary.At("run")).Status.ShouldBe("stopped");
        IReadOnlyList<RunEvent> events = EventLog.Read(temporary.At("run"));
        events.OfType<RunEvent.Custom>().ShouldHaveSingleItem().Kind.ShouldBe("test.stop");
        events[^1].ShouldBeOfType<RunEvent.Ended>().Note.ShouldBe("seen enough");
        TrainedModel.Load(temporary.At("run")).Evaluate(run.Plan.Split.Validation.Data).Metric.ShouldBe(result.Kept!.Validation.Metric);
    }

    [Fact]
    public void A_metric_of_a_user_chooses_the_best_epoch()
    {
        using TemporaryFolder temporary = new();
        Settings.Register<WrongForTest>();
        Recipe recipe = temporary.Recipe(epochs: 5).With("training.metrics", "macro_f1").With("training.early_stopping.monitor", "wrong_for_test")
            .With("training.early_stopping.keep", "best");
        RunResult result = Run.Start(Recipe.Parse(recipe.ToYaml()), new RunOptions { Folder = temporary.At("run") });
        double[] values = [.. result.Epochs.Select(epoch => epoch.Validation.Others!.Single(other => other.Name == "wrong_for_test").Value)];
        values[result.Kept!.Epoch].ShouldBe(values.Min());
        result.Epochs.ShouldAllBe(epoch => epoch.Validation.Others!.Any(other => other.Name == "macro_f1"));

        Cut(recipe, temporary.At("cut"), new RunOptions());
        RunResult resumed = Run.Resume(temporary.At("cut"));
        resumed.Epochs.Select(epoch => epoch with { Seconds = 0 }).ShouldBe(result.Epochs.Select(epoch => epoch with { Seconds = 0 }));
        EventLog.Read(temporary.At("cut")).OfType<RunEvent.EpochEnded>().Last().Report.Validation.ShouldBe(result.Epochs[^1].Validation);
        Should.Throw<ThalwegException>(() => Run.Create(recipe.With("training.early_stopping.monitor", "acuracy"))).Message.ShouldContain("accuracy");
    }

    [Fact]
    public void A_run_that_fails_at_once_leaves_nothing()
    {
        using TemporaryFolder temporary = new();
        Failing failing = new() { Step = 0 };
        Should.Throw<ThalwegException>(() => Run.Start(temporary.Recipe(), new RunOptions { Folder = temporary.At("run"), Observers = [failing] }))
            .Message.ShouldContain("Failing");
        Directory.Exists(temporary.At("run")).ShouldBeFalse();
    }

    [Fact]
    public void Warnings_are_errors_where_the_recipe_is_strict()
    {
        using TemporaryFolder temporary = new();
        Recipe recipe = temporary.Recipe();
        File.WriteAllText(temporary.At("data.csv"), Samples.Classes(200).Replace("x,y,color,kind", "x,label,color,kind", StringComparison.Ordinal));
        RunOptions options = new() { Folder = temporary.At("run") };
        Run.Create(recipe, options).Plan.Warnings.ShouldHaveSingleItem().ShouldContain("add data.target label");
        Should.Throw<ThalwegException>(() => Run.Create(recipe.With("data.strict", true), options)).Message.ShouldContain("data.strict");
        Events events = new();
        Run.Start(recipe.With("training.epochs", 1), options, events);
        events.All.OfType<RunEvent.Warning>().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_record_of_a_newer_version_is_refused_and_an_older_one_is_read()
    {
        using TemporaryFolder temporary = new();
        File.WriteAllText(temporary.At("run.json"), """{"formatVersion":2,"status":["new"]}""");
        Should.Throw<ThalwegException>(() => RunRecord.Load(temporary.Folder)).Message.ShouldContain("update Thalweg");
        File.WriteAllText(temporary.At("run.json"), "{");
        Should.Throw<ThalwegException>(() => RunRecord.Load(temporary.Folder)).Message.ShouldContain("not the record of a run");
        File.Delete(temporary.At("run.json"));
        Should.Throw<ThalwegException>(() => RunRecord.Load(temporary.Folder)).Message.ShouldContain("cannot read");
    }

    [Fact]
    public void The_settings_of_older_records_are_read_and_written_unchanged()
    {
        string old = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "run-version-1.json"));
        using TemporaryFolder temporary = new();
        File.WriteAllText(temporary.At("run.json"), old);
        Recipe settings = RunRecord.Load(temporary.Folder).Settings;
        settings.Data.Reading.Separator.ShouldBe(';');
        settings.Data.IgnoredColumns.ShouldBe(["y"]);
        settings.Training.Optimizer.Name.ShouldBe("momentum(mu=0.8)");
        settings.Training.BatchSize.ShouldBe(TrainerOptions.FullBatch);
        settings.Network.DropoutScaling.ShouldBe(DropoutScaling.AtEvaluation);

        using JsonDocument document = JsonDocument.Parse(old);
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
            new FlatRecipe().Write(writer, settings, new JsonSerializerOptions());
        using JsonDocument written = JsonDocument.Parse(stream.ToArray());
        JsonElement.DeepEquals(written.RootElement, document.RootElement.GetProperty("settings")).ShouldBeTrue(written.RootElement.ToString());
    }

    [Fact]
    public void A_record_holds_every_field()
    {
        Recipe recipe = Recipe.Paths.Aggregate(new Recipe(), (current, path) => current.With(path, RecipeTests.ValueOf(path)));
        using TemporaryFolder temporary = new();
        RunRecord record = new() { Status = "running", Settings = recipe, DataDigest = "", Epochs = [], Seconds = 1 };
        File.WriteAllText(temporary.At("run.json"), JsonSerializer.Serialize(record, new JsonSerializerOptions(JsonSerializerDefaults.Web)));
        RunRecord.Load(temporary.Folder).Settings.Diff(recipe).ShouldBeEmpty();
    }

    /// <summary>Starts a run and ends it in the third epoch.</summary>
    private static void Cut(Recipe recipe, string folder, RunOptions options)
    {
        using CancellationTokenSource source = new();
        RunResult result = Run.Start(
            recipe, options with { Folder = folder, StepEnded = step => CancelAt(step, source) }, cancellation: source.Token);
        result.Reason.ShouldBe(EndReason.Cancelled);
        result.Folder.IsUnfinished.ShouldBeTrue();
    }

    private static void CancelAt(StepReport step, CancellationTokenSource source)
    {
        if (step is { Epoch: 2, StepInEpoch: 1 })
            source.Cancel();
    }

    private static float[][] Weights(string folder) => Weights(TrainedModel.Load(folder).Module);

    private static float[][] Weights(Module network) =>
        [.. network.NamedParameters().Select(item => item.Parameter.Value.ToArray<float>())];

    private sealed class Events : IProgress<RunEvent>
    {
        public List<RunEvent> All { get; } = [];

        public void Report(RunEvent value) => All.Add(value);
    }

    private sealed class Failing : ITrainingObserver
    {
        public required long Step { get; init; }

        public void StepStarted(Trainer trainer, in StepStart step)
        {
            if (step.Step == Step)
                throw new InvalidOperationException("on purpose");
        }
    }

    private sealed class Stopper : ITrainingObserver
    {
        public Run? Run { get; set; }

        public void EpochEnded(Trainer trainer, EpochReport epoch)
        {
            if (epoch.Epoch != 1)
                return;
            Run!.Report(new RunEvent.Custom("test.stop", 1, "{}"));
            trainer.RequestStop("seen enough");
        }
    }

    /// <summary>Errors of the most probable class, a share.</summary>
    public sealed record WrongForTest : Metrics.Metric
    {
        public override bool LessIsBetter => true;

        public override int LengthFor(int classes) => 2;

        public override void Add(in Metrics.MetricBatch batch, Span<double> sums)
        {
            for (int i = 0; i < batch.Count; i++)
                sums[0] += batch.PredictedClass(i) == batch.Label(i) ? 0 : 1;
            sums[1] += batch.Count;
        }

        public override double Result(ReadOnlySpan<double> sums) => sums[0] / sums[1];
    }

    /// <summary>A network that no recipe describes.</summary>
    private sealed class Twice : Module
    {
        private readonly Dense _first = new(5, 8), _second = new(8, 2);

        public Twice()
        {
            AddModule("first", _first);
            AddModule("second", _second);
        }

        protected override Tensor ForwardCore(Tensor input) => _second.Forward(_first.Forward(input) * 2);
    }
}
