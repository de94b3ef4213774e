using Thalweg.Data;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Training;

/// <summary>How a run trains; every value has a default.</summary>
public sealed record TrainerOptions
{
    /// <summary>The optimizer: a named one or a chain of rules; default Adam with rate 1e-3.</summary>
    public Chain Optimizer { get; init; } = new Adam();

    /// <summary>Passes over the training data, 1 or more; default 20.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Steps after which the run ends, in the middle of an epoch too, 1 or more; default null, all of its epochs.</summary>
    /// <remarks>The epoch that is cut off is evaluated like the others. A schedule of your own is not shortened.</remarks>
    public long? MaxSteps { get; init; }

    /// <summary>Time of training, evaluations included, after which the run ends with the step under way, above 0; default null, without
    /// end.</summary>
    /// <remarks>Measured by a clock that never goes back. How far a run gets in a time differs from run to run: its bits do not
    /// repeat.</remarks>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>The value of <see cref="BatchSize"/> that stands for all training samples.</summary>
    public const int FullBatch = 0;

    /// <summary>Shards at most: each has a vector of the parameters' size.</summary>
    private const int MostShards = 4096;

    /// <summary>Samples per step where <see cref="BatchSize"/> is not set and the training data are as many.</summary>
    internal const int UsualBatch = 64;

    /// <summary>Samples per step, from 1 to the size of the training data, or <see cref="FullBatch"/>; default null, 64 or all training
    /// samples where they are fewer. It decides the <see cref="BatchMode"/>.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Samples per step as a function of the epoch from 0, rounded and kept between 1 and the training data, in place of
    /// <see cref="BatchSize"/>; default null.</summary>
    /// <remarks>Source: Smith, Kindermans, Ying, Le, "Don't decay the learning rate, increase the batch size", ICLR 2018; see
    /// <see cref="GrowthSchedule"/>.</remarks>
    public Schedule? BatchSchedule { get; init; }

    /// <summary>Samples that are computed at once, 1 or more; default null, the whole batch. Smaller micro-batches need less memory: their
    /// gradients add up in place.</summary>
    /// <remarks>The gradient is that of the mean over all samples of the step, by their weights, whatever the sizes of the micro-batches; batch
    /// normalization sees each micro-batch by itself. One sample that would be left for a last micro-batch joins the one before, which then has one more
    /// than this number.</remarks>
    public int? MicroBatchSize { get; init; }

    /// <summary>Shards that the samples of a step, or of a micro-batch, are cut into, 1 to 4096; default 1. Each has a gradient sum of its
    /// own, and the sums, losses and scores of all are combined in a fixed tree, see <see cref="ShardTree"/>; batch normalization sees
    /// all shards of the step, or of the micro-batch.</summary>
    /// <remarks>Shards are what several workers share out, see <see cref="Exchange"/>. Their number is part of the bits of a run, the
    /// number of workers is not. Other regularizers and losses that look at more than one sample, such as mixup, see each shard by
    /// itself.</remarks>
    public int Shards { get; init; } = 1;

    /// <summary>Workers that share the shards out among them; default null: all shards are computed here. No part of a saved
    /// run.</summary>
    public ShardExchange? Exchange { get; init; }

    /// <summary>What becomes of a last batch that is smaller than the others; default <see cref="LastBatch.Kept"/>.</summary>
    public LastBatch LastBatch { get; init; }

    /// <summary>How the gradients of the samples of a step become one; default <see cref="BatchGradient.Mean"/>.</summary>
    public BatchGradient BatchGradient { get; init; }

    /// <summary>What the training loss of an epoch is in reports; default <see cref="EpochLossAverage.MeanOverSamples"/>.</summary>
    public EpochLossAverage EpochLoss { get; init; }

    /// <summary>The loss; default null, the one that belongs to the task: see <see cref="Evaluator.LossOf"/>.</summary>
    public Loss? Loss { get; init; }

    /// <summary>What keeps the network from fitting the training data too exactly, in order; default none.</summary>
    public IReadOnlyList<Regularizer> Regularizers { get; init; } = [];

    /// <summary>A minimizer that makes the updates in place of <see cref="Optimizer"/>; default null. It asks for full batches.</summary>
    public Minimizer? Minimizer { get; init; }

    /// <summary>Iterations that a minimizer makes in each step, 1 or more, in place of its own bound; default 10.</summary>
    public int IterationsPerStep { get; init; } = 10;

    /// <summary>Whether a minimizer may work on mini-batches, whose noise misleads line searches and estimates of curvature; default
    /// false.</summary>
    public bool AllowMiniBatches { get; init; }

    /// <summary>Evaluations without improvement of <see cref="Monitor"/> after which the run stops, 1 or more; 0 never stops early; default
    /// 5.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>Metrics that are computed on training and validation data beside the figures that each evaluation has: see
    /// <see cref="Evaluation.Others"/>; default none.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>The metric on the validation data that early stopping, the choice of the best weights and rules for plateaus watch; default
    /// that of the task, <see cref="Metric.OfTask"/>. On few validation samples <see cref="Metric.Loss"/> is the steadier one: accuracy
    /// takes few values there. The loss decides between equal values.</summary>
    public Metric Monitor { get; init; } = Metric.OfTask;

    /// <summary>The metrics that must be computed.</summary>
    internal IReadOnlyList<Metric> AllMetrics =>
        Monitor is KnownMetric || Metrics.Contains(Monitor) ? Metrics : [.. Metrics, Monitor];

    /// <summary>What counts as an improvement of <see cref="Monitor"/> (where less is better, it counts with its sign turned); default any strict one.</summary>
    public MinDelta MinDelta { get; init; } = new();

    /// <summary>Epochs from one evaluation on the validation data to the next, 1 or more; default 1. The last epoch is always
    /// evaluated.</summary>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>Whether the weights of the best epoch are put back at the end, unless the run is cancelled; false keeps the last; default
    /// true.</summary>
    public bool RestoreBest { get; init; } = true;

    /// <summary>What sees each step of the run, and may act on it, in order; default none. They are no part of a saved run.</summary>
    public IReadOnlyList<ITrainingObserver> Observers { get; init; } = [];

    /// <summary>Names weights, order of samples and dropout masks: the same seed gives the same bits; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Which samples an epoch takes and in which order; default <see cref="ShuffledSampler"/>, every sample once in an order that is
    /// drawn anew for each epoch. Streams have an order of their own.</summary>
    public Sampler Sampler { get; init; } = new ShuffledSampler();

    /// <summary>How many samples an update looks at.</summary>
    /// <param name="trainingSamples">Number of training samples.</param>
    public BatchMode Mode(int trainingSamples) => new BatchPlan(trainingSamples, this).SizeIn(0) switch
    {
        int size when size == trainingSamples => BatchMode.FullBatch,
        1 => BatchMode.SingleSample,
        _ => BatchMode.MiniBatch,
    };

    /// <summary>Steps of a whole run, which a schedule spans.</summary>
    /// <param name="trainingSamples">Number of training samples, at least 1.</param>
    public long StepsFor(int trainingSamples) => Math.Min(
        MaxSteps ?? long.MaxValue, BatchSize > trainingSamples ? Epochs : new BatchPlan(trainingSamples, this).TotalSteps);

    /// <summary>Refuses values out of range.</summary>
    /// <param name="training">The training samples.</param>
    /// <exception cref="ThalwegException">A value is out of range.</exception>
    internal void Validate(Dataset training)
    {
        RefuseBelow(1, Epochs, "epochs");
        RefuseBelow(1, IterationsPerStep, "iterations per step of a minimizer");
        RefuseBelow(1, EvaluateEvery, "epochs from one evaluation to the next");
        RefuseBelow(1, MicroBatchSize ?? 1, "samples at once");
        RefuseBelow(1, (int)Math.Min(MaxSteps ?? 1, int.MaxValue), "steps at most");
        if (MaxTime <= TimeSpan.Zero)
        {
            throw new ThalwegException($"[train] expected a time above 0 to train at most, got {MaxTime}; give more, or leave it out");
        }

        RefuseBelow(1, Shards, "shards");
        if (Shards > MostShards)
        {
            throw new ThalwegException(
                $"[train] expected {MostShards} or fewer shards, got {Shards}; choose as many as there are workers, or few more");
        }

        if (Exchange is { } exchange && (exchange.First < 0 || exchange.Count < 1 || exchange.First + exchange.Count > Shards))
        {
            throw new ThalwegException(
                $"[train] expected a worker with some of the {Shards} shards, got shards {exchange.First} to " +
                $"{exchange.First + exchange.Count - 1}; share out shards 0 to {Shards - 1}");
        }

        BatchPlan plan = BatchPlan.Of(training, this);
        int samples = training.Window is null ? Sampler.CountIn(training) : BatchPlan.Open;
        if (BatchSize is int size && (size < 0 || size > samples))
        {
            throw new ThalwegException(
                $"[train] expected a batch size from 1 to the {samples} training samples, got {size}; choose a smaller batch, or {nameof(FullBatch)} for all");
        }

        if (Patience < 0)
        {
            throw new ThalwegException($"[train] expected a patience of 0 (never stop early) or more epochs, got {Patience}");
        }

        int least = Enumerable.Range(0, BatchSchedule is null ? 1 : Epochs).Min(plan.SizeIn);
        if (least < samples)
        {
            RefuseMiniBatches(least, samples);
        }

        foreach (Regularizer regularizer in Regularizers)
        {
            regularizer.RefuseConflict();
            regularizer.RefuseUnfit(training);
        }
    }

    private static void RefuseBelow(int least, int value, string what)
    {
        if (value < least)
        {
            throw new ThalwegException($"[train] expected {least} or more {what}, got {value}");
        }
    }

    private void RefuseMiniBatches(int size, int samples)
    {
        if (Minimizer is { } minimizer)
        {
            if (!AllowMiniBatches)
            {
                throw new ThalwegException(
                    $"[train] expected full batches of {samples} samples for {minimizer.GetType().Name}, got {size}: noise misleads its " +
                    "searches; " +
                    "train on full batches, or allow mini-batches");
            }
        }
        else if (Optimizer.FirstOrDefault(rule => rule.Needs.FullBatch) is { } rule)
        {
            throw new ThalwegException(
                $"[train] expected full batches of {samples} samples for {rule}, got {size}: it reads the sign of the gradient, which " +
                "noise turns by chance; " +
                "train on full batches, or set allow_mini_batches=true");
        }
    }
}
