using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Tests.Training;
using Thalweg.Training;

namespace Thalweg.Tests.Metrics;

/// <summary>Metrics in a run: computed, watched, and without a byte in steady steps; limits of a run.</summary>
public sealed class MetricTrainingTests
{
    private static readonly TrainerOptions s_options = new() { Optimizer = new Adam(0.01), Epochs = 6, BatchSize = 16 };

    [Fact]
    public void Rankings_are_computed_on_validation_data_and_may_choose_the_epoch()
    {
        TrainerOptions options = s_options with { Monitor = new RocAuc(), Metrics = [new AveragePrecision(), new LogLoss(), new Brier()] };
        Trainer trainer = Make(options);
        List<string> best = [];
        trainer.EpochEnded += epoch => best.Add($"{epoch.IsBest}");
        TrainingReport report = trainer.Fit();
        double[] areas = [.. report.Epochs.Select(epoch => epoch.Validation.ValueOf(new RocAuc()))];
        areas.ShouldAllBe(area => area > 0.5 && area <= 1);
        areas[report.BestEpoch].ShouldBe(areas.Max());
        foreach (EpochReport epoch in report.Epochs)
        {
            // The batches of training come from a network that changes between them.
            epoch.Training.ValueOf(new RocAuc()).ShouldBe(double.NaN);
            epoch.Validation.ValueOf(new LogLoss()).ShouldBe(epoch.Validation.Loss, 1e-5);
            epoch.Training.ValueOf(new LogLoss()).ShouldBe(epoch.Training.Loss, 1e-5);
        }
    }

    [Fact]
    public void A_report_agrees_with_the_evaluation()
    {
        Trainer trainer = Make(s_options);
        trainer.Fit();
        Dataset data = Samples.Clusters(150, seed: 9), training = Samples.Clusters(200);
        Preprocessing preprocessing = new()
        {
            Task = data.Task,
            FeatureShape = [2],
            Target = new TargetEncoding { Name = "y", Index = 2, ClassNames = Samples.Names },
        };
        TrainedModel model = new(trainer.Module, preprocessing);
        ReportOptions options = new() { Training = training, Metrics = [new TopKAccuracy(2)] };
        Evaluation figures = model.Evaluate(data, options, out EvaluationReport? report);
        (figures with { Others = null }).ShouldBe(model.Evaluate(data));
        report!.Find("accuracy")!.Value.ShouldBe(figures.Accuracy, 1e-12);
        report.Find("accuracy")!.Trivial.ShouldBe(Baseline.Of(training, data), 1e-12);
        report.Find("log_loss")!.Value.ShouldBe(figures.Loss, 1e-5);
        report.Find("roc_auc")!.Trivial.ShouldBe(0.5);
        report.Find("top_k_accuracy").ShouldNotBeNull();
        report.Samples.ShouldBe(150);
        report.Confusion!.Sum(row => row.Sum()).ShouldBe(150);
        report.Classes!.Select(one => one.Name).ShouldBe(Samples.Names);
        report.Classes!.Sum(one => one.Recall * one.Samples).ShouldBe(150 * figures.Accuracy, 1e-9);
        report.Calibration!.Sum(bin => bin.Samples).ShouldBe(150);
        foreach (MetricEstimate metric in report.Metrics)
            metric.Value.ShouldBeInRange(metric.Interval!.Low, metric.Interval.High, metric.Name);
    }

    [Fact]
    public void Numbers_are_told_in_their_own_unit()
    {
        Trainer trainer = new(
            Samples.Network(1, 1), new TrainingSet(Samples.Wave(100)), new ValidationSet(Samples.Wave(80, 5)),
            s_options with { Metrics = [new MeanAbsolutePercentageError(), new Pinball()] }, new TargetScale(10, 1000));
        Evaluation last = trainer.Fit().Epochs[^1].Validation;

        // Half the absolute error; the percentage is that of numbers near 1000.
        last.ValueOf(new Pinball()).ShouldBe(last.MeanAbsoluteError / 2, 1e-9);
        last.ValueOf(new MeanAbsolutePercentageError()).ShouldBe(last.MeanAbsoluteError / 1000, 1e-4);
    }

    [Fact]
    public void Metrics_leave_steady_steps_without_a_byte()
    {
        IReadOnlyList<Metric> metrics = Settings.ParseAll<Metric>(
            "precision, recall(micro), f1, matthews, log_loss, brier, perplexity, expected_calibration_error, roc_auc, top_k_accuracy(2)");
        Trainer trainer = Make(s_options with { Metrics = metrics });
        int[] rows = [.. Enumerable.Range(0, 16)];
        for (int i = 0; i < 20; i++)
            trainer.TakeStep(rows);
        Shared.Allocations.Fewest(() => trainer.TakeStep(rows), 30).ShouldBe(0);
    }

    [Fact]
    public void A_run_ends_at_its_steps_within_an_epoch_and_is_evaluated()
    {
        TrainingReport report = Make(s_options with { MaxSteps = 17 }).Fit();
        report.Reason.ShouldBe(EndReason.StepLimit);
        report.Steps.ShouldBe(17);
        report.Epochs.Count.ShouldBe(2);
        report.Epochs[^1].IsEvaluated.ShouldBeTrue();
        report.Epochs[^1].Training.Samples.ShouldBe(4 * 16);
        Trainer whole = Make(s_options with { MaxSteps = 6 * 13 });
        whole.Fit().Reason.ShouldBe(EndReason.Completed);
        whole.TotalSteps.ShouldBe(78);
        Make(s_options with { MaxSteps = 13 }).Fit().Epochs.Count.ShouldBe(1);
        Should.Throw<ThalwegException>(() => Make(s_options with { MaxSteps = 0 })).Message.ShouldContain("steps at most");
    }

    [Fact]
    public void A_run_ends_when_its_time_is_over()
    {
        TrainingReport report = Make(s_options with { Epochs = 100_000, Patience = 0, MaxTime = TimeSpan.FromMilliseconds(200) }).Fit();
        report.Reason.ShouldBe(EndReason.TimeLimit);
        report.Epochs[^1].IsEvaluated.ShouldBeTrue();
        report.Epochs.ShouldAllBe(epoch => epoch.Training.Samples > 0);
        Should.Throw<ThalwegException>(() => Make(s_options with { MaxTime = TimeSpan.Zero })).Message.ShouldContain("time above 0");
    }

    [Fact]
    public void One_batch_is_learned_by_a_network_that_works_and_not_by_one_that_does_not()
    {
        Sequential network = Samples.Network();
        network.Initialize(1, DType.Float32);
        float[] before = Samples.Weights(network);
        OverfitResult result = OverfitTest.Run(network, new TrainingSet(Samples.Clusters(200)), s_options);
        result.IsLearned.ShouldBeTrue();
        result.Samples.ShouldBe(16);
        result.After.Accuracy.ShouldBe(1);
        result.Steps.ShouldBeLessThan(1000);
        Samples.Weights(network).ShouldBe(before);
        OverfitTest.Run(network, new TrainingSet(Samples.Clusters(200)), s_options with { Optimizer = new Adam(1e-9) }, steps: 40)
            .IsLearned.ShouldBeFalse();
        OverfitTest.Run(Samples.Network(1, 1), new TrainingSet(Samples.Wave(100)), s_options, steps: 3000).IsLearned.ShouldBeTrue();
    }

    [Fact]
    public void Batch_sizes_are_tried_up_to_the_data_or_the_memory()
    {
        Sequential network = Samples.Network();
        network.Initialize(1, DType.Float32);
        float[] before = Samples.Weights(network);
        TrainingSet training = new(Samples.Clusters(200));
        BatchSizeResult result = BatchSizeSearch.Run(network, training, s_options);
        result.Points.Select(point => point.BatchSize).ShouldBe([1, 2, 4, 8, 16, 32, 64, 128, 200]);
        result.MemoryLimit.ShouldBeNull();
        result.Points.Select(point => point.BatchSize).ShouldContain(result.Suggested);
        result.Points[^1].MemoryBytes.ShouldBeGreaterThan(result.Points[0].MemoryBytes);
        Samples.Weights(network).ShouldBe(before);
        long limit = result.Points[5].MemoryBytes;
        BatchSizeResult small = BatchSizeSearch.Run(network, training, s_options, limit);
        small.MemoryLimit.ShouldBe(limit);
        small.Points.Count.ShouldBeInRange(2, 6);
    }

    private static Trainer Make(TrainerOptions options) => new(
        Samples.Network(), new TrainingSet(Samples.Clusters(200)), new ValidationSet(Samples.Clusters(100, 4)), options);
}
