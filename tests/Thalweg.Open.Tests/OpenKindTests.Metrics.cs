using System.Numerics;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Tests.Training;
using Thalweg.Training;

namespace Thalweg.Open.Tests;

/// <content>Custom metrics.</content>
public sealed partial class OpenKindTests
{
    [Fact]
    public void A_custom_metric_steers_early_stopping()
    {
        TrainerOptions options = _options with { Monitor = new OwnErrorShare(), Metrics = [new MacroF1()], Epochs = 20, Patience = 3 };
        TrainingReport own = Make(options).Fit(), usual = Make(options with { Monitor = Metric.OfTask, Metrics = [] }).Fit();
        own.BestEpoch.ShouldBe(usual.BestEpoch);
        own.Epochs.Count.ShouldBe(usual.Epochs.Count);
        foreach (EpochReport epoch in own.Epochs)
        {
            epoch.Validation.ValueOf(new OwnErrorShare()).ShouldBe(1 - epoch.Validation.Accuracy, 1e-12);
            epoch.Training.ValueOf(new OwnErrorShare()).ShouldBe(1 - epoch.Training.Accuracy, 1e-12);
            epoch.Validation.Others!.Select(other => other.Name).ShouldBe(["macro_f1", "own_error_share"]);
            epoch.Validation.ValueOf(Metric.Loss).ShouldBe(epoch.Validation.Loss);
        }

        double.IsNaN(usual.Epochs[0].Validation.ValueOf(new OwnErrorShare())).ShouldBeTrue();
    }

    [Fact]
    public void The_sums_of_a_metric_go_on_in_a_resumed_epoch()
    {
        string path = Path.Combine(Path.GetTempPath(), $"thalweg-{Environment.ProcessId}-metric.safetensors");
        TrainerOptions options = _options with { Metrics = [new OwnErrorShare(), new BalancedAccuracy()] };
        Trainer whole = Make(options);
        whole.StepEnded += step =>
        {
            if (step.Step == 5)
                TrainingCheckpoint.Save(whole, path);
        };
        TrainingReport expected = whole.Fit();
        try
        {
            Trainer resumed = Make(options);
            TrainingCheckpoint.Restore(resumed, path);
            resumed.Fit().Epochs.Select(epoch => epoch.Training).ShouldBe(expected.Epochs.Skip(1).Select(epoch => epoch.Training));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_metric_that_fails_leaves_the_weights_that_train()
    {
        Chain chain = ChainText.Parse("chain(adam(0.01), average_weights)");
        TrainerOptions options = _options with { Optimizer = chain, Metrics = [new Failing()] };
        Trainer failing = Make(options), plain = Make(options with { Metrics = [], Epochs = 1 });
        float[] trained = [];
        plain.StepEnded += step => trained = Samples.Weights(plain.Module);
        plain.Fit();
        Should.Throw<InvalidOperationException>(() => failing.Fit());
        Samples.Weights(failing.Module).ShouldBe(trained);
        failing.Report!.Reason.ShouldBe(EndReason.Failed);
    }

    [Fact]
    public void A_slot_that_is_called_average_is_not_taken_for_one()
    {
        OptimizerRun run = new([new Spy((_, _) => { }), new ScaleByLearningRate(1)], ParameterSegments.Single(1));
        run.State.Slots.Count.ShouldBe(1);
        run.Average.ShouldBeNull();
    }

    [Fact]
    public void Partial_sums_merge_to_those_of_the_whole()
    {
        MacroF1 metric = new();
        double[] first = [3, 1, 0, 2], second = [1, 0, 1, 2], whole = [4, 1, 1, 4];
        metric.Merge(second, first);
        first.ShouldBe(whole);

        // F1 of the classes: 2*4/(5+5) and 2*4/(5+5).
        metric.Result(whole).ShouldBe(0.8, 1e-12);
        new BalancedAccuracy().Result(whole).ShouldBe((4 / 5.0 + 4 / 5.0) / 2, 1e-12);
        new BalancedAccuracy().Result([2, 2, 0, 0]).ShouldBe(0.5);
    }

    [Fact]
    public void Metrics_refuse_tasks_that_they_cannot_judge()
    {
        Should.Throw<ThalwegException>(() => Make(_options with { Metrics = [new MeanAbsoluteError()] })).Message.ShouldContain(
            "[mean_absolute_error] expected numbers to predict to judge, got 3 classes");
        Should.Throw<ThalwegException>(() => Make(_options with { Monitor = new R2() })).Message.ShouldContain("[r2]");
        Should.Throw<ThalwegException>(() => Make(_options with { Metrics = [new TopKAccuracy(3)] })).Message.ShouldContain("more than 3");
        Dataset wave = Samples.Wave(30);
        TrainerOptions options = _options with { Monitor = new RootMeanSquaredError() };
        Trainer trainer = new(Samples.Network(1, 1), new TrainingSet(wave), new ValidationSet(wave), options);
        TrainingReport report = trainer.Fit();
        report.Epochs[report.BestEpoch].Validation.RootMeanSquaredError.ShouldBe(report.Epochs.Min(e => e.Validation.RootMeanSquaredError));
    }

    [Fact]
    public void The_share_of_the_two_best_is_counted()
    {
        Trainer trainer = Make(_options with { Metrics = [new TopKAccuracy(2), new TopKAccuracy(1)] });
        foreach (EpochReport epoch in trainer.Fit().Epochs)
        {
            double[] shares = [.. epoch.Validation.Others!.Select(other => other.Value)];
            shares[1].ShouldBe(epoch.Validation.Accuracy, 1e-12);
            shares[0].ShouldBeGreaterThanOrEqualTo(shares[1]);
        }
    }
}
