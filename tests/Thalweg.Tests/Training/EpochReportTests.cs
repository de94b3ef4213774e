using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>What a run tells of its epochs: the rate that acted, all of each epoch, and the figures of the weights that are kept.</summary>
public sealed class EpochReportTests
{
    private static readonly Dataset s_training = Samples.Clusters(64), s_validation = Samples.Clusters(100, 5);

    private static readonly TrainerOptions _options =
        new() { Optimizer = new Adam(0.01), Epochs = 5, BatchSize = 20, Patience = 0, RestoreBest = false };

    [Fact]
    public void The_rate_holds_the_reductions_on_a_plateau()
    {
        Chain chain = [new ReduceOnPlateau { Factor = 0.5, Patience = 0 }, new ScaleByLearningRate(1e-30)];
        TrainingReport report = Make(_options with { Optimizer = chain }).Fit();
        double[] expected = [1, 1, 0.5, 0.25, 0.125];
        for (int epoch = 0; epoch < expected.Length; epoch++)
            report.Epochs[epoch].LearningRate.ShouldBe(1e-30 * expected[epoch], 1e-36);
    }

    [Fact]
    public void Rate_and_curvature_count_updates_where_gradients_are_collected()
    {
        LinearSchedule schedule = new(1, 10);
        ParameterSegments segments = new(new ParameterSegment("0.weight", 0, 4, Shape: [2, 2]));
        OptimizerRun run = new(
            [new Accumulate(3), new ScaleByKfac { FactorsEvery = 2 }, new ScaleByLearningRate(schedule)], segments, DType.Float64);
        List<int> wants = [];
        double[] w = new double[4];
        run.LearningRate.ShouldBe(schedule.At(0));
        for (int gradient = 0; gradient < 12; gradient++)
        {
            if (run.Wanted == SignalKinds.LayerFactors)
                wants.Add(gradient);

            run.Step<double>(w, [1, 1, 1, 1]);
            run.Updates.ShouldBe((gradient + 1) / 3);
            run.LearningRate.ShouldBe(schedule.At(Math.Max(0, ((gradient + 1) / 3) - 1)));
        }

        wants.ShouldBe([0, 6]);
    }

    [Fact]
    public void Every_epoch_is_reported_evaluated_or_not()
    {
        Trainer trainer = Make(_options with { Epochs = 7, EvaluateEvery = 3 });
        List<EpochReport> told = [];
        trainer.EpochEnded += told.Add;
        TrainingReport report = trainer.Fit();
        report.Epochs.ShouldBe(told);
        told.Select(epoch => epoch.Epoch).ShouldBe([0, 1, 2, 3, 4, 5, 6]);
        told.Where(epoch => epoch.IsEvaluated).Select(epoch => epoch.Epoch).ShouldBe([2, 5, 6]);
        told.ShouldAllBe(epoch => epoch.Training.Samples == 64 && double.IsFinite(epoch.Training.Loss));
        told.Single(epoch => epoch.Epoch == 0).Validation.Metric.ShouldBe(double.NaN);
        told.Count(epoch => epoch.IsBest).ShouldBeGreaterThan(0);
        told.Where(epoch => epoch.IsBest).ShouldAllBe(epoch => epoch.IsEvaluated);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_figures_kept_are_those_of_the_weights_kept(bool restoreBest)
    {
        Trainer trainer = Make(_options with { Optimizer = new Sgd(3), Epochs = 30, RestoreBest = restoreBest });
        TrainingReport report = trainer.Fit();
        report.BestEpoch.ShouldBeLessThan(29);
        report.KeptEpoch.ShouldBe(restoreBest ? report.BestEpoch : 29);
        new Thalweg.Training.Evaluator(trainer.Module, trainer.Loss).Evaluate(s_validation).ShouldBe(report.Kept!.Validation);
    }

    [Fact]
    public void A_run_resumed_after_any_step_tells_what_the_whole_one_does()
    {
        // The rule observes each evaluation, so that one that was lost would change the weights.
        Chain chain = [new ReduceOnPlateau { Factor = 0.5, Patience = 0 }, new ScaleByLearningRate(0.5)];
        TrainerOptions options = _options with { Optimizer = chain, EvaluateEvery = 2, EpochLoss = EpochLossAverage.MeanOfBatchMeans };
        string path = Path.Combine(Path.GetTempPath(), $"thalweg-{Environment.ProcessId}-epochs.safetensors");
        List<string> files = [];
        Trainer whole = Make(options);
        whole.StepEnded += step =>
        {
            files.Add($"{path}.{step.Step}");
            TrainingCheckpoint.Save(whole, files[^1]);
        };
        TrainingReport expected = whole.Fit();
        files.Count.ShouldBe(20);
        try
        {
            foreach (string file in files)
            {
                Trainer resumed = Make(options);
                TrainingCheckpoint.Restore(resumed, file);
                TrainingReport report = resumed.Fit();
                Samples.Weights(resumed.Module).ShouldBe(Samples.Weights(whole.Module), file);
                report.Epochs.Count.ShouldBeGreaterThan(0);
                report.Epochs.Select(Untimed).ShouldBe(expected.Epochs.TakeLast(report.Epochs.Count).Select(Untimed), file);
                (report.BestEpoch, report.KeptEpoch).ShouldBe((expected.BestEpoch, expected.KeptEpoch));
            }
        }
        finally
        {
            files.ForEach(File.Delete);
        }
    }

    [Fact]
    public void A_run_that_continues_in_the_same_trainer_reports_the_whole_epoch()
    {
        TrainingReport expected = Make(_options).Fit();
        Trainer trainer = Make(_options);
        using CancellationTokenSource cancellation = new();
        trainer.StepEnded += step =>
        {
            if (step.Step == 5)
                cancellation.Cancel();
        };
        TrainingReport first = trainer.Fit(cancellation.Token);
        (first.Reason, first.KeptEpoch).ShouldBe((EndReason.Cancelled, -1));
        trainer.Fit().Epochs.Select(Untimed).ShouldBe(expected.Epochs.Select(Untimed));
    }

    [Fact]
    public void A_minimizer_that_was_done_within_an_epoch_runs_no_empty_one()
    {
        Dataset wave = Samples.Wave(100);
        TrainerOptions options = _options with { Minimizer = new Lbfgs(), AllowMiniBatches = true, BatchSize = 20, Epochs = 100 };
        Trainer Line()
        {
            Sequential network = new(new Dense(1, 1));
            network.Initialize(1, DType.Float64);
            return new Trainer(network, new TrainingSet(wave), new ValidationSet(wave), options);
        }

        string path = Path.Combine(Path.GetTempPath(), $"thalweg-{Environment.ProcessId}-converged.safetensors");
        try
        {
            Trainer whole = Line();
            TrainingReport expected = whole.Fit();
            expected.Reason.ShouldBe(EndReason.Converged);
            whole.Position.Step.ShouldBeGreaterThan(0);
            TrainingCheckpoint.Save(whole, path);
            Trainer resumed = Line();
            TrainingCheckpoint.Restore(resumed, path);
            TrainingReport report = resumed.Fit();
            (report.Reason, report.Epochs.Count, report.Steps).ShouldBe((EndReason.Converged, 0, expected.Steps));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.2)]
    public void The_range_test_leaves_no_trace_in_batch_normalization(double? momentum)
    {
        Sequential network = new(new Dense(2, 4), new BatchNorm1d(4, new BatchNormOptions { Momentum = momentum }), new Dense(4, 3));
        network.Initialize(1);
        Chain chain = [new SharpnessAware(0.05), new ScaleByLearningRate(0.1)];
        LearningRateRangeTest.Run(network, new TrainingSet(s_training), _options with { Optimizer = chain });
        BatchNorm layer = BatchNorm.AllOf(network).Single();
        layer.BatchesTracked.ShouldBe(0);
        layer.RunningMean!.ToArray<double>().ShouldAllBe(mean => mean == 0);

        // The second gradient of a step leaves statistics alone; the next forward pass must not.
        network.SetTraining(true);
        network.Forward(Tensor.Ones([3, 2]));
        layer.BatchesTracked.ShouldBe(1);
    }

    private static EpochReport Untimed(EpochReport epoch) => epoch with { Seconds = 0 };

    private static Trainer Make(TrainerOptions options) =>
        new(Samples.Network(dropout: 0.1), new TrainingSet(s_training), new ValidationSet(s_validation), options);
}
