using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Metrics;
using Thalweg.Rules;

namespace Thalweg.Training;

/// <summary>Whether a network can learn one batch by heart: if not, something is wrong with network, loss, targets or learning rate, and
/// training on all data will not go better.</summary>
/// <remarks>The samples of the first batch are trained on over and over, without regularizers and weight decay, at the highest rate of the
/// schedule; the result is measured on them in evaluation mode. Weights and buffers are put back. Source: Karpathy, "A recipe for training neural
/// networks", 2019, section 2: overfit one batch.</remarks>
public static class OverfitTest
{
    private const double LearnedR2 = 0.99, LearnedLoss = 0.1;
    private const int Evaluations = 20;

    /// <summary>Makes the test.</summary>
    /// <param name="module">The network; initialized with the seed of the options if it has no values yet.</param>
    /// <param name="training">Data whose first batch is learned.</param>
    /// <param name="options">How to train.</param>
    /// <param name="targetUnit">Size of one standardized unit of a regression target, and its mean; default 1 and 0.</param>
    /// <param name="steps">Steps at most, 1 or more; default 1000.</param>
    /// <exception cref="ThalwegException">An option is out of range, or the data are a stream.</exception>
    public static OverfitResult Run(
        Module module, TrainingSet training, TrainerOptions options, TargetScale targetUnit = default, int steps = 1000)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        if (training.Stream is not null || steps < 1)
        {
            throw new ThalwegException("[overfit] expected samples that can be had in any order and 1 or more steps, got "
                + $"{(steps < 1 ? $"{steps} steps" : "a stream")}; collect the samples, or give more steps");
        }

        Dataset batch = FirstBatch(training.Data, options);
        TrainerOptions alone = Alone(options, batch.Count, steps);
        Trainer trainer = new(module, new TrainingSet(batch), new ValidationSet(batch), alone, targetUnit);
        BestWeights start = new(module, trainer.Parameters);
        bool wasTraining = module.IsTraining;
        Evaluation first = trainer.Evaluator.Evaluate(batch);
        trainer.EpochEnded += epoch =>
        {
            if (epoch.IsEvaluated && IsLearned(first, epoch.Validation))
                trainer.RequestStop("the batch is learned");
        };
        TrainingReport report = trainer.Fit();
        Evaluation last = report.Epochs.LastOrDefault(epoch => epoch.IsEvaluated)?.Validation ?? first;
        start.Restore();
        module.SetTraining(wasTraining);
        return new OverfitResult(batch.Count, report.Steps, first, last, IsLearned(first, last)) { Failure = report.Failure };
    }

    private static Dataset FirstBatch(Dataset data, TrainerOptions options)
    {
        int[] order = new int[options.Sampler.CountIn(data)];
        int size = BatchPlan.Of(data, options).SizeIn(0);
        options.Sampler.Fill(new SamplerContext(data, options.Seed, 0, size), order);
        ReadOnlySpan<int> all = data.SourceRows;
        int[] rows = new int[Math.Min(size, order.Length)];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = all[order[i]];

        return data.WithRows(rows);
    }

    private static TrainerOptions Alone(TrainerOptions options, int samples, int steps) => options with
    {
        Optimizer = [.. options.Optimizer.Where(rule => rule is not (AddDecayedWeights or ShrinkWeights)).Select(rule =>
            rule is ScaleByLearningRate rate ? rate with { LearningRate = rate.LearningRate.Bounds.High } : rule)],
        Regularizers = [],
        Sampler = new SequentialSampler(),
        BatchSize = TrainerOptions.FullBatch,
        BatchSchedule = null,
        MicroBatchSize = options.MicroBatchSize < samples ? options.MicroBatchSize : null,
        Shards = 1,
        Exchange = null,
        Epochs = steps,
        EvaluateEvery = Math.Max(1, steps / Evaluations),
        MaxSteps = null,
        MaxTime = null,
        Patience = 0,
        RestoreBest = false,
        Monitor = Metric.Loss,
        Metrics = [],
        Observers = [],
    };

    private static bool IsLearned(Evaluation first, Evaluation last) => last.Task switch
    {
        { HasClasses: true } => last.Accuracy == 1,
        RegressionTask when !double.IsNaN(last.R2) => last.R2 >= LearnedR2,
        _ => last.Loss <= LearnedLoss * first.Loss,
    };
}

/// <summary>What a network made of one batch.</summary>
/// <param name="Samples">Samples of the batch.</param>
/// <param name="Steps">Steps that were taken.</param>
/// <param name="Before">Figures on the batch before the first.</param>
/// <param name="After">Figures on the batch after the last.</param>
/// <param name="IsLearned">Whether it was learned: all classes right, R2 of 0.99 or more, else a tenth of the loss.</param>
public sealed record OverfitResult(int Samples, long Steps, Evaluation Before, Evaluation After, bool IsLearned)
{
    /// <summary>What went wrong, where the loss became NaN or infinite; else null.</summary>
    public string? Failure { get; init; }
}
