namespace Thalweg.Losses;

/// <summary>t (log t - y) of outputs y that are log-probabilities and targets t that are probabilities; 0 where t is
/// 0, whatever y.</summary>
/// <remarks>Outputs and targets <c>[batch, classes]</c>, or of any one shape. Summed over the classes this is the divergence of the targets
/// from the outputs. Source: Kullback, Leibler, 1951, eq. (2.4).</remarks>
public sealed record KullbackLeiblerLoss : Loss
{
    /// <summary>Whether the targets are log-probabilities too; default false.</summary>
    public bool LogTargets { get; init; }

    /// <summary>Whether the mean is over samples, so that it is a divergence (default), or over all elements.</summary>
    public bool MeanOverSamples { get; init; } = true;

    /// <inheritdoc/>
    public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        SameShape("kullback leibler", outputs, targets);
        Tensor losses;
        if (LogTargets)
        {
            // A logarithm of -infinity says that the probability is 0, which silences both logarithms.
            Tensor shares = targets.Exp(), zero = Tensor.Scalar(0, targets.DType), seen = shares.Detach();
            losses = shares.Multiply(Tensor.Where(seen, targets, zero).Subtract(Tensor.Where(seen, outputs, zero)));
        }
        else
        {
            Tensor safe = Tensor.Where(targets, targets, Tensor.Scalar(1, targets.DType));
            losses = targets.MultiplyMasked(safe.Log().Subtract(outputs));
        }

        return reduction == Reduction.Mean && MeanOverSamples && losses.Rank > 1
            ? losses.Sum().Multiply(1.0 / Math.Max(losses.Shape[0], 1))
            : Reduce(losses, reduction);
    }

    /// <inheritdoc/>
    public override Tensor Compute(Tensor outputs, Tensor targets, Tensor sampleWeights, Reduction reduction = Reduction.Mean)
    {
        Tensor losses = Compute(outputs, targets, Reduction.None);
        if (reduction == Reduction.Mean && MeanOverSamples && losses.Rank > 1)
            losses = losses.Flatten().Sum(-1);

        Tensor weights = Spread(sampleWeights, losses);
        return ReduceWeighted(losses.Multiply(weights), weights, reduction);
    }
}
