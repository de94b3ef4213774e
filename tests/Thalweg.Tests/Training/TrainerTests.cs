using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Schedules;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

public sealed partial class TrainerTests
{
    private static readonly TrainerOptions s_options = new() { Optimizer = new Adam(0.01), Epochs = 8, BatchSize = 32, Patience = 0 };

    [Fact]
    public void Classes_are_learned()
    {
        Trainer trainer = Make(Samples.Network(), s_options);
        TrainingReport report = trainer.Fit();
        report.Reason.ShouldBe(EndReason.Completed);
        report.Epochs.Count.ShouldBe(8);
        report.Best!.Validation.Accuracy.ShouldBeGreaterThan(0.97);
        report.Steps.ShouldBe(8 * 16);
        report.Epochs[0].Training.Loss.ShouldBeGreaterThan(report.Epochs[^1].Training.Loss);
        report.Epochs[0].LearningRate.ShouldBe(0.01);
        trainer.Module.IsTraining.ShouldBeFalse();
    }

    [Fact]
    public void Numbers_are_learned()
    {
        Trainer trainer = new(Samples.Network(1, 1), new TrainingSet(Samples.Wave(512)), new ValidationSet(Samples.Wave(128, 3)),
            s_options with { Epochs = 30 }, targetUnit: 10);
        TrainingReport report = trainer.Fit();
        report.Best!.Validation.R2.ShouldBeGreaterThan(0.97);
        report.Best.Validation.Metric.ShouldBe(report.Best.Validation.R2);
        report.Best.Validation.RootMeanSquaredError.ShouldBe(10 * Math.Sqrt(report.Best.Validation.Loss), 1e-4);
        report.Best.Validation.MeanAbsoluteError.ShouldBeLessThan(report.Best.Validation.RootMeanSquaredError);
    }

    [Theory]
    [InlineData(0.0, false)]
    [InlineData(0.3, false)]
    [InlineData(0.0, true)]
    public void Same_seed_gives_the_same_bits_for_any_number_of_threads(double dropout, bool batchNorm)
    {
        int before = Threads.Count;
        try
        {
            List<float[]> weights = [];
            foreach (int threads in new[] { 1, 2, 3, 1 })
            {
                Threads.Count = threads;
                Trainer trainer = Make(Samples.Network(dropout: dropout, batchNorm: batchNorm), s_options with { Epochs = 2 });
                trainer.Fit();
                weights.Add(Samples.Weights(trainer.Module));
            }

            weights.ShouldAllBe(w => w.SequenceEqual(weights[0]));
            Trainer other = Make(Samples.Network(dropout: dropout, batchNorm: batchNorm), s_options with { Epochs = 2, Seed = 2 });
            other.Fit();
            Samples.Weights(other.Module).ShouldNotBe(weights[0]);
        }
        finally
        {
            Threads.Count = before;
        }
    }

    [Fact]
    public void A_steady_step_allocates_nothing()
    {
        Trainer trainer = Make(
            Samples.Network(dropout: 0.1), s_options with { Optimizer = [new ClipByGlobalNorm(1), .. new AdamW(0.01).Chain] });
        int[] batch = Dataset.AllRows(32);
        Allocations.Fewest(() => trainer.TakeStep(batch), 1000).ShouldBe(0);
    }

    [Fact]
    public void Early_stopping_restores_the_best_weights()
    {
        // A rate this large makes the metric jump about, so that the best epoch is not the last.
        Trainer trainer = Make(Samples.Network(), s_options with { Optimizer = new Sgd(3), Epochs = 60, Patience = 3 });
        List<(double Metric, double Loss, float[] Weights)> seen = [];
        trainer.EpochEnded += e => seen.Add((e.Validation.Metric, e.Validation.Loss, Samples.Weights(trainer.Module)));
        TrainingReport report = trainer.Fit();
        report.Reason.ShouldBe(EndReason.EarlyStopping);
        report.BestEpoch.ShouldBe(seen.IndexOf(seen.OrderByDescending(s => s.Metric).ThenBy(s => s.Loss).First()));
        report.Epochs.Count.ShouldBe(report.BestEpoch + 1 + 3);
        Samples.Weights(trainer.Module).ShouldBe(seen[report.BestEpoch].Weights);
    }

    [Fact]
    public void Patience_counts_from_the_last_strict_improvement()
    {
        EarlyStopping stopping = new(2);
        stopping.Observe(0, 0.5).ShouldBeTrue();
        stopping.Observe(1, 0.5).ShouldBeFalse();
        stopping.IsDue.ShouldBeFalse();
        stopping.Observe(2, 0.6).ShouldBeTrue();
        stopping.Observe(3, double.NaN).ShouldBeFalse();
        stopping.Observe(4, 0.1).ShouldBeFalse();
        stopping.IsDue.ShouldBeTrue();
        stopping.BestEpoch.ShouldBe(2);
    }

    [Fact]
    public void Equal_metrics_are_distinguished_by_the_loss()
    {
        EarlyStopping stopping = new(0);
        stopping.Observe(0, 0.5, 1.0).ShouldBeTrue();
        stopping.Observe(1, 0.5, 1.1).ShouldBeFalse();
        stopping.Observe(2, 0.5, 0.9).ShouldBeTrue();
        stopping.Observe(3, 0.4, 0.1).ShouldBeFalse();
        stopping.BestLoss.ShouldBe(0.9);
        stopping.IsDue.ShouldBeFalse();
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_the_run_names_the_place_and_keeps_good_weights()
    {
        Trainer trainer = Make(Samples.Network(), s_options with { Optimizer = new Sgd(1e30) });
        float[] start = Samples.Weights(trainer.Module);
        TrainingReport report = trainer.Fit();
        report.Reason.ShouldBe(EndReason.NonFinite);
        report.Failure.ShouldNotBeNull().ShouldContain("the loss became NaN or infinite at step");
        report.Failure.ShouldContain("layer '");
        report.Failure.ShouldContain("learning rate");
        Samples.Weights(trainer.Module).ShouldBe(start);
    }

    [Fact]
    public void Features_that_are_not_finite_are_named()
    {
        Dataset data = Dataset.ForClassification([1, float.NaN, 1, 2], [2], [0, 1], ["a", "b"]);
        Trainer trainer = new(Samples.Network(2, 2), new TrainingSet(data), new ValidationSet(data), s_options with { BatchSize = 2 });
        trainer.Fit().Failure.ShouldNotBeNull().ShouldContain("the input features of the batch hold NaN or infinity");
    }

    [Fact]
    public void Bad_options_and_networks_are_refused()
    {
        Should.Throw<ThalwegException>(() => Make(Samples.Network(), s_options with { BatchSize = 513 })).Message.ShouldContain(
            "from 1 to the 512 training samples, got 513");
        Should.Throw<ThalwegException>(
            () => Make(Samples.Network(), s_options with { Epochs = 0 })).Message.ShouldContain("1 or more epochs");
        Should.Throw<ThalwegException>(() => Make(Samples.Network(), s_options with { Patience = -1 })).Message.ShouldContain("patience");
        Should.Throw<ThalwegException>(() => Make(Samples.Network(2, 4), s_options)).Message.ShouldContain("a network with 3 outputs");
    }

    [Fact]
    public void A_module_that_keeps_a_tensor_across_steps_is_caught()
    {
        Trainer trainer = Make(new Hoarder(), s_options);
        Should.Throw<ThalwegException>(() => trainer.Fit()).Message.ShouldContain("scope has ended; call Clone()");
    }

    [Fact]
    public void A_last_batch_of_one_sample_is_left_out()
    {
        Trainer.StepsIn(65, 64).ShouldBe(1);
        Trainer.StepsIn(66, 64).ShouldBe(2);
        Trainer.StepsIn(64, 64).ShouldBe(1);
        Trainer.StepsIn(5, 1).ShouldBe(5);
        Trainer.StepsIn(1, 1).ShouldBe(1);
        Dataset data = Samples.Clusters(65);
        new Trainer(
            Samples.Network(batchNorm: true), new TrainingSet(data), new ValidationSet(data), s_options with { Epochs = 1, BatchSize = 64 })
            .Fit().Reason.ShouldBe(EndReason.Completed);
    }

    [Fact]
    public void Averaged_weights_are_what_is_validated_and_kept()
    {
        Chain chain = [.. new Sgd(1).Chain, new AverageWeights()];
        Trainer trainer = Make(Samples.Network(batchNorm: true), s_options with { Optimizer = chain, Epochs = 3, RestoreBest = false });
        trainer.EpochEnded += _ =>
            trainer.Parameters.Values.ToArray<float>().ShouldNotBe(trainer.Optimizer.Average.ShouldNotBeNull().ToArray<float>());
        TrainingReport report = trainer.Fit();
        trainer.Parameters.Values.ToArray<float>().ShouldBe(trainer.Optimizer.Average!.ToArray<float>());
        new Evaluator(trainer.Module, trainer.Loss).Evaluate(Samples.Clusters(200, 5)).ShouldBe(report.Epochs[^1].Validation);
    }

    [Fact]
    public void Exact_batch_statistics_are_those_of_the_training_data()
    {
        Dataset data = Samples.Clusters(96);
        BatchNorm1d layer = new(2, new BatchNormOptions { Population = PopulationStatistics.Exact });
        Sequential network = new(layer, new Dense(2, 3));
        new Trainer(network, new TrainingSet(data), new ValidationSet(data), s_options with { Epochs = 2 }).Fit();
        float[] features = new float[96 * 2];
        data.Gather(Dataset.AllRows(96), features.AsSpan());
        double mean = Enumerable.Range(0, 96).Average(i => (double)features[2 * i]);
        layer.RunningMean.ShouldNotBeNull().ToArray<double>()[0].ShouldBe(mean, 1e-6);
    }

    [Fact]
    public void Training_in_double_works()
    {
        Sequential network = Samples.Network();
        network.Initialize(1, DType.Float64);
        Make(network, s_options).Fit().Best!.Validation.Accuracy.ShouldBeGreaterThan(0.97);
    }

    private static Trainer Make(Module module, TrainerOptions options) =>
        new(module, new TrainingSet(Samples.Clusters(512)), new ValidationSet(Samples.Clusters(200, 5)), options);

    /// <summary>A module with a fault: it adds what it computed a step earlier.</summary>
    private sealed class Hoarder : Module
    {
        private readonly Dense _dense;
        private Tensor? _before;

        public Hoarder() => _dense = AddModule("dense", new Dense(2, 3));

        protected override Tensor ForwardCore(Tensor x)
        {
            Tensor y = _dense.Forward(x);
            Tensor sum = _before is null || !IsTraining ? y : y.Add(_before);
            _before = IsTraining ? y : null;
            return sum;
        }
    }
}
