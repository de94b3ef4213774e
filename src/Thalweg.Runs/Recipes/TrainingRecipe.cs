using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>How a network is trained.</summary>
public sealed record TrainingRecipe
{
    /// <summary>What training lowers, as in <c>huber(delta=0.5)</c>; default by the task.</summary>
    public string? Loss { get; init; }

    /// <summary>What makes the updates.</summary>
    public OptimizerRecipe Optimizer { get; init; } = new();

    /// <summary>Samples per step, 1 or more, or <c>full</c> (<see cref="TrainerOptions.FullBatch"/>) for all; the default depends on the
    /// data.</summary>
    [Field(Least = 0, ZeroWord = "full")]
    public int? BatchSize { get; init; }

    /// <summary>Samples per step as a schedule over the epochs from 0, in place of <see cref="BatchSize"/>; default none.</summary>
    [Field(Hint = "samples per step over the epochs, a schedule")]
    public string? BatchSchedule { get; init; }

    /// <summary>Which samples an epoch takes and in which order, as in <c>balanced</c>, which draws each class equally often; default
    /// <c>shuffled</c>.</summary>
    public string? Sampler { get; init; }

    /// <summary>How the gradients of a step's samples become one; default their mean.</summary>
    public BatchGradient? BatchGradient { get; init; }

    /// <summary>Samples computed at once, 1 or more; default the batch.</summary>
    [Field(Least = 1)]
    public int? MicroBatchSize { get; init; }

    /// <summary>Shards that the samples of a step are cut into, each with a gradient sum of its own, 1 to 4096; default 1. Part of the bits
    /// of a run: see <see cref="TrainerOptions.Shards"/>.</summary>
    [Field(Least = 1)]
    public int? Shards { get; init; }

    /// <summary>What becomes of a smaller last batch of an epoch; default it is kept.</summary>
    public LastBatch? LastBatch { get; init; }

    /// <summary>Regularizers separated by commas, as in <c>mixup(0.2), l2(1e-3)</c>; default none.</summary>
    [Field(Hint = "regularizers, as in mixup(0.2), l2(1e-3)")]
    public string? Regularizers { get; init; }

    /// <summary>Metrics that are computed beside that of the task, separated by commas, as in <c>macro_f1, top_k_accuracy(5)</c>; default
    /// none.</summary>
    [Field(Hint = "metrics beside that of the task, as in macro_f1")]
    public string? Metrics { get; init; }

    /// <summary>Passes over the training data, 1 or more; the default depends on the data.</summary>
    [Field(Least = 1)]
    public int? Epochs { get; init; }

    /// <summary>Steps after which the run ends, in the middle of an epoch too, and over which a schedule of the rate spans, 1 or more; default
    /// none.</summary>
    [Field(Least = 1)]
    public int? MaxSteps { get; init; }

    /// <summary>Time after which the run ends, from its start or its last resumption, as in <c>90s</c>, <c>10min</c> or <c>2h</c>; default
    /// none. What a run computes in a time differs from run to run.</summary>
    public string? MaxTime { get; init; }

    /// <summary>Epochs from one evaluation on the validation data to the next, 1 or more; default 1.</summary>
    [Field(Least = 1)]
    public int? EvaluateEvery { get; init; }

    /// <summary>Training loss of an epoch: mean over <c>samples</c>, the default, or of the means of the <c>batches</c>.</summary>
    [Field(Words = ["samples", "batches"])]
    public EpochLossAverage? EpochLoss { get; init; }

    /// <summary>When the run ends before its last epoch, and which weights it keeps.</summary>
    public EarlyStoppingRecipe EarlyStopping { get; init; } = new();
}

/// <summary>What makes the updates of a run.</summary>
public sealed record OptimizerRecipe
{
    /// <summary>Name of an optimizer or minimizer, also with settings as in <c>adam(b2=0.99)</c>, or a chain of rules; the default depends
    /// on the data.</summary>
    [Field(IsShorthand = true)]
    public string? Name { get; init; }

    /// <summary>Learning rate, above 0; the default depends on optimizer and data.</summary>
    [Field(Above = 0)]
    public double? LearningRate { get; init; }

    /// <summary>How the rate falls: <c>constant</c>, <c>cosine</c> or <c>linear</c> over the whole run, or a schedule that holds the rate,
    /// as in <c>step(0.1, every=500)</c>; the default depends on the optimizer.</summary>
    [Field(Hint = "constant, cosine, linear or another schedule")]
    public string? Schedule { get; init; }

    /// <summary>Linear warm-up, a share of the run below 1, else steps; default 0.05, or 0 with a constant rate.</summary>
    [Field(Least = 0)]
    public double? Warmup { get; init; }

    /// <summary>Factor of weight decay, 0 or more; the default depends on optimizer and data.</summary>
    [Field(Least = 0)]
    public double? WeightDecay { get; init; }

    /// <summary>Largest norm of the gradient over all parameters, above 0; default none.</summary>
    [Field(Above = 0)]
    public double? ClipNorm { get; init; }

    /// <summary>The learning rate over a run, by <see cref="LearningRate"/>, <see cref="Schedule"/> and <see cref="Warmup"/>.</summary>
    /// <param name="steps">Steps of the run, 1 or more.</param>
    /// <exception cref="ThalwegException">There is no rate or no schedule, or the warm-up is as long as the run.</exception>
    public Hyperparameter RateOver(long steps) => OptimizerBuilder.Rate(this, steps);
}

/// <summary>When a run ends before its last epoch, and which weights it keeps.</summary>
public sealed record EarlyStoppingRecipe
{
    /// <summary>Metric on the validation data that chooses the best epoch: <c>metric</c> for that of the task, <c>loss</c>, or another
    /// registered one such as <c>macro_f1</c>; the default depends on the data.</summary>
    public string? Monitor { get; init; }

    /// <summary>Evaluations without improvement after which the run ends, 0 for never; the default depends on the data.</summary>
    [Field(Least = 0)]
    public int? Patience { get; init; }

    /// <summary>Least improvement that counts, 0 or more; default 0, any.</summary>
    [Field(Least = 0)]
    public double? MinDelta { get; init; }

    /// <summary>Unit of <see cref="MinDelta"/>: that of the figure, the default, or a share of the best value.</summary>
    public MinDeltaMode? MinDeltaForm { get; init; }

    /// <summary>Weights that the run ends with; the default depends on the data.</summary>
    public KeptWeights? Keep { get; init; }
}

/// <summary>Weights that a run ends with.</summary>
public enum KeptWeights
{
    /// <summary>Those of the best epoch.</summary>
    Best,

    /// <summary>The last ones.</summary>
    Last,
}
