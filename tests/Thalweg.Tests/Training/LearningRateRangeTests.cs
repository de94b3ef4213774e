using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Schedules;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>The learning-rate range test and other parts of a run that are chosen by name.</summary>
public sealed class LearningRateRangeTests
{
    private static readonly TrainerOptions _options = new() { Optimizer = new Sgd(), BatchSize = 32, Patience = 0 };

    [Fact]
    public void The_curve_falls_then_explodes_and_the_suggestion_trains_well()
    {
        Sequential network = Samples.Network();
        network.Initialize(1);
        float[] start = Samples.Weights(network);
        TrainingSet data = new(Samples.Clusters(400));
        LearningRateRangeResult result = LearningRateRangeTest
            .Run(network, data, _options, new LearningRateRange { Low = 1e-4, High = 1e4, Steps = 80 });
        Samples.Weights(network).ShouldBe(start);
        result.Points.Count.ShouldBeLessThan(80);
        result.Points.Select(point => point.Rate).ShouldBeInOrder();
        result.Points[0].Rate.ShouldBe(1e-4, 1e-12);
        (result.Points[1].Rate / result.Points[0].Rate).ShouldBe(Math.Pow(1e8, 1 / 79.0), 1e-9);
        result.Least!.Smoothed.ShouldBeLessThan(0.5 * result.Points[0].Smoothed);
        result.Suggested.ShouldBeInRange(1e-3, 10);
        Trainer trainer = new(
            network, data, new ValidationSet(data.Data), _options with { Optimizer = new Sgd(result.Suggested), Epochs = 10 });
        trainer.Fit().Best!.Validation.Accuracy.ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void Bad_ranges_and_methods_without_a_rate_are_refused()
    {
        TrainingSet data = new(Samples.Clusters(40));
        Should.Throw<ThalwegException>(() => LearningRateRangeTest.Run(Samples.Network(), data, _options,
            new LearningRateRange { Low = 1, High = 0.1 })).Message.ShouldContain("0 < low < high");
        TrainerOptions minimizer = _options with { Minimizer = new Lbfgs(), BatchSize = TrainerOptions.FullBatch };
        Should.Throw<ThalwegException>(() => LearningRateRangeTest.Run(Samples.Network(), data, minimizer)).Message
            .ShouldContain("without a rate");
    }

    [Theory]
    [InlineData(TrainerOptions.FullBatch, BatchMode.FullBatch, 1)]
    [InlineData(100, BatchMode.FullBatch, 1)]
    [InlineData(1, BatchMode.SingleSample, 100)]
    [InlineData(30, BatchMode.MiniBatch, 4)]
    public void The_batch_size_decides_the_mode_of_descent(int size, BatchMode mode, int steps)
    {
        Dataset data = Samples.Clusters(100);
        Trainer trainer = new(
            Samples.Network(), new TrainingSet(data), new ValidationSet(data), _options with { BatchSize = size, Epochs = 1 });
        trainer.Mode.ShouldBe(mode);
        trainer.Fit().Steps.ShouldBe(steps);
    }

    [Fact]
    public void A_growing_batch_makes_fewer_steps_each_epoch_and_resumes_at_its_place()
    {
        TrainerOptions options = _options with { BatchSchedule = new GrowthSchedule(10, 2), Epochs = 6 };
        Dataset data = Samples.Clusters(100);
        Trainer trainer = new(Samples.Network(), new TrainingSet(data), new ValidationSet(data), options);
        List<(int Epoch, int Steps)> seen = [];
        trainer.StepEnded += step => seen.Add((step.Epoch, step.StepsPerEpoch));
        trainer.Fit();
        seen.GroupBy(step => step.Epoch).Select(epoch => (epoch.Count(), epoch.First().Steps))
            .ShouldBe([(10, 10), (10, 10), (5, 5), (5, 5), (3, 3), (3, 3)]);
        trainer.TotalSteps.ShouldBe(36);
        new BatchPlan(100, options).Locate(23).ShouldBe((2, 3));
        new BatchPlan(100, options).Locate(36).ShouldBe((6, 0));
    }
}
