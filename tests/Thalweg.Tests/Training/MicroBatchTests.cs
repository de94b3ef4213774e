using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Minimizers;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>How samples are cut into micro-batches: all of them once, and none alone where that can be.</summary>
public sealed class MicroBatchTests
{
    [Fact]
    public void Micro_batches_hold_each_sample_once_and_none_alone()
    {
        for (int samples = 0; samples <= 40; samples++)
        {
            for (int size = 1; size <= 20; size++)
            {
                MicroBatches microBatches = new(samples, size);
                int[] all = Dataset.AllRows(samples);
                int[] found = [.. Enumerable.Range(0, microBatches.Count)
                    .SelectMany(microBatch => microBatches.Of(all, microBatch).ToArray())];
                found.ShouldBe(all);
                for (int microBatch = 0; microBatch < microBatches.Count; microBatch++)
                {
                    int count = microBatches[microBatch].Count;
                    count.ShouldBeLessThanOrEqualTo(microBatches.Largest);
                    (count > 1 || size == 1 || samples == 1).ShouldBeTrue($"{samples} samples in pieces of {size}");
                }

                microBatches.Of(all, microBatches.Count).Length.ShouldBe(0);
            }
        }
    }

    [Theory]
    [InlineData(129, 128, null)]
    [InlineData(129, TrainerOptions.FullBatch, 64)]
    [InlineData(130, 65, 64)]
    [InlineData(3, TrainerOptions.FullBatch, 2)]
    public void Batch_normalization_trains_whatever_is_left_for_the_last_micro_batch(int samples, int batch, int? microBatch)
    {
        Dataset data = Samples.Clusters(samples);
        TrainerOptions options = new() { Epochs = 2, BatchSize = batch, MicroBatchSize = microBatch, Patience = 0 };
        new Trainer(Samples.Network(batchNorm: true), new TrainingSet(data), new ValidationSet(data), options).Fit()
            .Reason.ShouldBe(EndReason.Completed);
    }

    [Fact]
    public void A_minimizer_trains_with_batch_normalization_on_micro_batches_with_one_sample_left()
    {
        Dataset data = Samples.Clusters(1025);
        TrainerOptions options = new()
        {
            Minimizer = new Lbfgs(),
            BatchSize = TrainerOptions.FullBatch,
            MicroBatchSize = 1024,
            Epochs = 2,
            Patience = 0,
        };
        new Trainer(Samples.Network(batchNorm: true), new TrainingSet(data), new ValidationSet(data), options).Fit()
            .Epochs.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(513)]
    [InlineData(2)]
    public void Layers_that_normalize_by_the_batch_in_evaluation_too_are_evaluated_on_any_number_of_samples(int samples)
    {
        Sequential network = new(
            new Dense(2, 4), new BatchNorm1d(4, new BatchNormOptions { TrackRunningStatistics = false }), new Dense(4, 3));
        Dataset data = Samples.Clusters(samples);
        TrainerOptions options = new() { Epochs = 1, Patience = 0 };
        new Trainer(network, new TrainingSet(data), new ValidationSet(data), options).Fit().Epochs[0].Validation.Samples.ShouldBe(samples);
    }

    [Fact]
    public void Exact_statistics_leave_no_sample_out()
    {
        Dataset data = Samples.Clusters(33);
        BatchNorm1d layer = new(2, new BatchNormOptions { Population = PopulationStatistics.Exact });
        TrainerOptions options = new() { Epochs = 1, BatchSize = 16, Patience = 0 };
        new Trainer(new Sequential(layer, new Dense(2, 3)), new TrainingSet(data), new ValidationSet(data), options).Fit();
        float[] features = new float[33 * 2];
        data.Gather(Dataset.AllRows(33), features.AsSpan());
        layer.RunningMean!.ToArray<double>()[0].ShouldBe(Enumerable.Range(0, 33).Average(i => (double)features[2 * i]), 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(63)]
    [InlineData(200)]
    public void The_default_batch_takes_what_is_there(int samples)
    {
        Dataset data = Samples.Clusters(samples);
        Trainer trainer = new(
            Samples.Network(), new TrainingSet(data), new ValidationSet(data), new TrainerOptions { Epochs = 1, Patience = 0 });
        trainer.BatchSize.ShouldBe(Math.Min(64, samples));
        trainer.Fit().Reason.ShouldBe(EndReason.Completed);
        new TrainerOptions { Epochs = 3 }.StepsFor(20).ShouldBe(3);
    }
}
