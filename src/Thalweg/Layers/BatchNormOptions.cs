namespace Thalweg.Layers;

/// <summary>What the momentum of batch normalization weighs in the moving averages.</summary>
public enum BatchNormMomentum
{
    /// <summary>The new batch: running = (1 - momentum) running + momentum batch, usually 0.1 (PyTorch).</summary>
    NewBatch,

    /// <summary>What is retained: running = momentum running + (1 - momentum) batch, usually 0.9 or 0.99 (Keras).</summary>
    Retained,
}

/// <summary>Which variance of a batch of n enters the moving average.</summary>
public enum RunningVariance
{
    /// <summary>The sum of squares divided by n - 1 (PyTorch; Ioffe, Szegedy, algorithm 2).</summary>
    Unbiased,

    /// <summary>The sum of squares divided by n (Keras).</summary>
    Biased,
}

/// <summary>Where the mean and variance of the population, which evaluation uses, come from.</summary>
public enum PopulationStatistics
{
    /// <summary>Moving averages over the batches of training.</summary>
    MovingAverage,

    /// <summary>An exact pass over the training data with <see cref="BatchNorm.MeasurePopulation(Module, IEnumerable{Tensor})"/>; until
    /// then moving averages.</summary>
    Exact,
}

/// <summary>Settings of batch normalization in which published forms differ.</summary>
public sealed record BatchNormOptions
{
    /// <summary>Added to the variance, above 0; default 1e-5 (Keras: 1e-3).</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Momentum in [0, 1], see <see cref="MomentumVariant"/>: a new batch of weight 0 leaves the moving averages as they are. Null
    /// gives the plain mean over all batches so far. Default 0.1.</summary>
    public double? Momentum { get; init; } = 0.1;

    /// <summary>What the momentum weighs; default the new batch.</summary>
    public BatchNormMomentum MomentumVariant { get; init; }

    /// <summary>Which variance enters the moving average; default unbiased.</summary>
    public RunningVariance Variance { get; init; }

    /// <summary>Where the statistics of evaluation come from; default moving averages.</summary>
    public PopulationStatistics Population { get; init; }

    /// <summary>Whether there are a scale and a shift to learn; default yes.</summary>
    public bool Affine { get; init; } = true;

    /// <summary>Whether statistics are kept for evaluation; without them evaluation uses the batch too. Default yes.</summary>
    public bool TrackRunningStatistics { get; init; } = true;

    /// <summary>Weight of the new batch in a moving average, whichever form the momentum has.</summary>
    /// <param name="batches">Batches so far, the new one included.</param>
    public double WeightOfNewBatch(long batches) => Momentum is not { } momentum ? 1.0 / batches
        : MomentumVariant == BatchNormMomentum.NewBatch ? momentum : 1 - momentum;

    /// <summary>Refuses numbers that are out of range.</summary>
    internal void Check()
    {
        double weight = WeightOfNewBatch(1);
        if (!(Epsilon > 0) || !(weight is >= 0 and <= 1))
        {
            throw new ThalwegException(
                $"[batch norm] expected epsilon > 0 and a weight of the new batch in [0, 1], got {Epsilon} and {weight} from momentum " +
                $"{Momentum} ({MomentumVariant})");
        }
    }
}
