using Thalweg.Data;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>The protocol of a step: who sees what, who may end a run, and that watching costs nothing.</summary>
public sealed class ObserverTests
{
    private static readonly Dataset s_training = Samples.Clusters(64), s_validation = Samples.Clusters(100, 5);

    private static readonly TrainerOptions _options =
        new() { Optimizer = new Adam(0.01), Epochs = 3, BatchSize = 20, Patience = 0, RestoreBest = false };

    [Fact]
    public void An_observer_sees_run_epochs_steps_and_gradients_in_order()
    {
        Recorder recorder = new();
        Make(_options with { Observers = [recorder], EvaluateEvery = 2 }).Fit();
        string epoch = string.Concat(Enumerable.Repeat("s g e ", 4));
        recorder.Seen.ShouldBe($"run epoch0 {epoch}end0 epoch1 {epoch}end1! epoch2 {epoch}end2! Completed");
        recorder.Steps.Select(step => step.Step).ShouldBe(Enumerable.Range(0, 12).Select(step => (long)step));
        recorder.Steps.ShouldAllBe(step => step.LearningRate == 0.01 && step.Updates == step.Step + 1 && step.Gradients == step.Updates);
        recorder.Samples[0].ShouldBe(20);
        recorder.Samples.Take(4).Sum().ShouldBe(64);
        recorder.Names.ShouldBe(["0.weight", "3.weight", "0.bias", "3.bias"]);
        recorder.Losses.ShouldBe(recorder.Steps.Select(step => step.Loss));
    }

    [Fact]
    public void Rate_updates_and_gradients_are_those_of_the_rules()
    {
        LinearSchedule schedule = new(0.1, 6);
        Recorder recorder = new();
        Chain chain = [new Accumulate(2), new ScaleByAdam(), new ScaleByLearningRate(schedule)];
        Make(_options with { Optimizer = chain, Observers = [recorder] }).Fit();
        recorder.Steps.Select(step => step.Gradients).ShouldBe(Enumerable.Range(1, 12).Select(step => (long)step));
        recorder.Steps.Select(step => step.Updates).ShouldBe(Enumerable.Range(1, 12).Select(step => (long)step / 2));
        recorder.Steps[^1].LearningRate.ShouldBe(schedule.At(5));
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("sam")]
    [InlineData("nesterov(form=look_ahead)")]
    [InlineData("chain(accumulate(2), kfac(0.01))")]
    [InlineData("sophia(every=2)")]
    public void Observers_that_only_look_change_no_bit(string text)
    {
        TrainerOptions options = _options with { Optimizer = ChainText.Parse(text) };
        Trainer plain = Make(options), watched = Make(options with { Observers = [new Idle(), new Recorder()] });
        plain.Fit();
        watched.Fit();
        Samples.Weights(watched.Module).ShouldBe(Samples.Weights(plain.Module));
    }

    [Fact]
    public void Gradients_that_an_observer_writes_are_what_the_rules_see()
    {
        TrainerOptions options = _options with { Optimizer = new Sgd(0.1) };
        Trainer halved = Make(options with { Observers = [new Halving()] });
        halved.Fit();
        Trainer slow = Make(options with { Optimizer = new Sgd(0.05) });
        slow.Fit();
        Samples.Weights(halved.Module).ShouldBe(Samples.Weights(slow.Module));
    }

    [Fact]
    public void The_gradient_of_sam_is_told_once_with_the_weights_at_home()
    {
        AtHome observer = new();
        Make(_options with { Optimizer = ChainText.Parse("sam(0.05)"), Observers = [observer] }).Fit();
        observer.Gradients.ShouldBe(12);
        observer.Moved.ShouldBe(0);
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("sam")]
    public void Steps_allocate_nothing_with_an_observer_that_does_nothing(string text)
    {
        // One epoch of 2000 steps: the report of an epoch is an object.
        Dataset data = Samples.Clusters(2000);
        TrainerOptions options = _options with { Optimizer = ChainText.Parse(text), BatchSize = 1, Observers = [new Idle()] };
        Trainer trainer = new(Samples.Network(dropout: 0.1), new TrainingSet(data), new ValidationSet(data), options);
        using IEnumerator<StepReport> steps = trainer.Steps().GetEnumerator();
        Shared.Allocations.Fewest(() => steps.MoveNext(), 300).ShouldBe(0);
        trainer.CompletedEpochs.ShouldBe(0);
    }

    [Fact]
    public void A_run_that_an_observer_stops_says_why_and_keeps_the_best_weights()
    {
        Trainer trainer = Make(_options with { Epochs = 9, RestoreBest = true, Observers = [new Stopper(step: 10)] });
        TrainingReport report = trainer.Fit();
        (report.Reason, report.Note, report.Steps).ShouldBe((EndReason.Requested, "step 10 is enough", 11));
        report.Failure.ShouldBeNull();
        report.Epochs.Count.ShouldBe(2);
        report.KeptEpoch.ShouldBe(report.BestEpoch);
        new Thalweg.Training.Evaluator(trainer.Module, trainer.Loss).Evaluate(s_validation).ShouldBe(report.Kept!.Validation);
    }

    [Fact]
    public void A_request_from_an_epochs_end_is_no_interruption()
    {
        Trainer trainer = Make(_options with { Epochs = 5 });
        trainer.EpochEnded += epoch => trainer.RequestStop($"pruned at epoch {epoch.Epoch}");
        TrainingReport report = trainer.Fit();
        (report.Reason, report.Note, report.KeptEpoch, report.Steps).ShouldBe((EndReason.Requested, "pruned at epoch 0", 0, 4));
        trainer.Report.ShouldBe(report);
    }

    [Theory]
    [InlineData("RunStarted")]
    [InlineData("EpochStarted")]
    [InlineData("StepStarted")]
    [InlineData("GradientReady")]
    [InlineData("StepEnded")]
    [InlineData("EpochEnded")]
    [InlineData("RunEnded")]
    public void An_observer_that_fails_is_named_and_the_run_continues_exactly(string location)
    {
        foreach (string optimizer in (string[])["adam", "sam", "nesterov(form=look_ahead)"])
        {
            TrainerOptions options = _options with { Optimizer = ChainText.Parse(optimizer) };
            Trainer whole = Make(options);
            TrainingReport expected = whole.Fit();
            Failing failing = new(location);
            Recorder recorder = new();
            Trainer trainer = Make(options with { Observers = [failing, recorder] });
            ThalwegException failure = Should.Throw<ThalwegException>(() => trainer.Fit());
            failure.Message.ShouldContain(typeof(Failing).FullName!);
            failure.Message.ShouldContain(location);
            failure.InnerException.ShouldBeOfType<InvalidOperationException>();
            recorder.Seen.ShouldEndWith(location == "RunEnded" ? "Completed" : "Failed");
            trainer.Report!.Reason.ShouldBe(location == "RunEnded" ? EndReason.Completed : EndReason.Failed);
            if (location == "RunEnded")
                continue;
            TrainingReport report = trainer.Fit();
            Samples.Weights(trainer.Module).ShouldBe(Samples.Weights(whole.Module), optimizer);
            report.Epochs.Select(epoch => epoch with { Seconds = 0 }).ShouldBe(
                expected.Epochs.Select(epoch => epoch with { Seconds = 0 }), optimizer);
        }
    }

    [Fact]
    public void Steps_are_those_of_fit()
    {
        Trainer whole = Make(_options), own = Make(_options);
        List<StepReport> expected = [];
        whole.StepEnded += step => expected.Add(step);
        TrainingReport report = whole.Fit();
        own.Steps().ShouldBe(expected);
        own.Report!.Reason.ShouldBe(EndReason.Completed);
        own.Report.Epochs.Select(epoch => epoch with { Seconds = 0 }).ShouldBe(report.Epochs.Select(epoch => epoch with { Seconds = 0 }));
        Samples.Weights(own.Module).ShouldBe(Samples.Weights(whole.Module));
    }

    [Fact]
    public void A_loop_that_is_left_continues_where_it_was()
    {
        Trainer whole = Make(_options);
        whole.Fit();
        Recorder recorder = new();
        Trainer trainer = Make(_options with { Observers = [recorder] });
        foreach (StepReport step in trainer.Steps())
        {
            if (step.Step == 4)
                break;
        }

        (trainer.Report!.Reason, trainer.Step, trainer.Position).ShouldBe((EndReason.Cancelled, 5, (1, 1)));
        recorder.Seen.ShouldEndWith("Cancelled");
        trainer.Fit().Reason.ShouldBe(EndReason.Completed);
        Samples.Weights(trainer.Module).ShouldBe(Samples.Weights(whole.Module));
    }

    [Fact]
    public void A_run_under_way_is_not_begun_again()
    {
        Trainer trainer = Make(_options);
        foreach (StepReport step in trainer.Steps())
        {
            Should.Throw<ThalwegException>(() => trainer.Fit()).Message.ShouldContain("not under way");
            break;
        }

        trainer.Fit().Reason.ShouldBe(EndReason.Completed);
    }

    private static Trainer Make(TrainerOptions options) =>
        new(Samples.Network(dropout: 0.1), new TrainingSet(s_training), new ValidationSet(s_validation), options);

    private sealed class Idle : ITrainingObserver;

    private sealed class Recorder : ITrainingObserver
    {
        private readonly List<string> _seen = [];

        public string Seen => string.Join(' ', _seen);

        public List<StepReport> Steps { get; } = [];

        public List<int> Samples { get; } = [];

        public List<double> Losses { get; } = [];

        public IEnumerable<string> Names { get; private set; } = [];

        public void RunStarted(Trainer trainer) => _seen.Add("run");

        public void EpochStarted(Trainer trainer, int epoch) => _seen.Add($"epoch{epoch}");

        public void StepStarted(Trainer trainer, in StepStart step)
        {
            _seen.Add("s");
            Samples.Add(step.Samples.Length);
        }

        public void GradientReady(Trainer trainer, in StepGradientReport gradient)
        {
            _seen.Add("g");
            Losses.Add(gradient.Loss);
            Names = gradient.Parameters.Named.Select(parameter => parameter.Name);
        }

        public void StepEnded(Trainer trainer, in StepReport step)
        {
            _seen.Add("e");
            Steps.Add(step);
        }

        public void EpochEnded(Trainer trainer, EpochReport epoch) => _seen.Add($"end{epoch.Epoch}{(epoch.IsEvaluated ? "!" : "")}");

        public void RunEnded(Trainer trainer, TrainingReport report) => _seen.Add($"{report.Reason}");
    }

    private sealed class Halving : ITrainingObserver
    {
        public void GradientReady(Trainer trainer, in StepGradientReport gradient)
        {
            foreach (NamedParameter parameter in gradient.Parameters.Named)
            {
                foreach (ref float g in parameter.Gradient.AsSpan<float>())
                    g /= 2;
            }
        }
    }

    private sealed class AtHome : ITrainingObserver
    {
        private float[] _before = [];

        public int Gradients { get; private set; }

        public int Moved { get; private set; }

        public void StepStarted(Trainer trainer, in StepStart step) => _before = Samples.Weights(trainer.Module);

        public void GradientReady(Trainer trainer, in StepGradientReport gradient)
        {
            Gradients++;
            Moved += Samples.Weights(trainer.Module).SequenceEqual(_before) ? 0 : 1;
        }
    }

    private sealed class Stopper(long step) : ITrainingObserver
    {
        public void StepEnded(Trainer trainer, in StepReport report)
        {
            if (report.Step == step)
                trainer.RequestStop($"step {step} is enough");
        }
    }

    private sealed class Failing(string location) : ITrainingObserver
    {
        private int _calls;

        public void RunStarted(Trainer trainer) => Fail("RunStarted", 1);

        public void EpochStarted(Trainer trainer, int epoch) => Fail("EpochStarted", 2);

        public void StepStarted(Trainer trainer, in StepStart step) => Fail("StepStarted", 6);

        public void GradientReady(Trainer trainer, in StepGradientReport gradient) => Fail("GradientReady", 6);

        public void StepEnded(Trainer trainer, in StepReport step) => Fail("StepEnded", 6);

        public void EpochEnded(Trainer trainer, EpochReport epoch) => Fail("EpochEnded", 2);

        public void RunEnded(Trainer trainer, TrainingReport report) => Fail("RunEnded", 1);

        private void Fail(string method, int call)
        {
            if (method == location && ++_calls == call)
                throw new InvalidOperationException("on purpose");
        }
    }
}
