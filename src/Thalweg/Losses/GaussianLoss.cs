namespace Thalweg.Losses;

/// <summary>(log v + (m - t)^2 / v) / 2: the negative log-likelihood of t under a normal law of mean m and variance v.</summary>
/// <remarks>
/// As a loss of a network, the first half of the outputs' last axis holds the means, the second half the variances, <c>[batch, 2 n]</c>
/// for targets <c>[batch, n]</c>. Source: Nix, Weigend, "Estimating the mean and variance of the target probability distribution", ICNN
/// 1994, eq. (3).
/// </remarks>
public sealed record GaussianLoss : Loss
{
    /// <summary>Whether to add log(2 pi) / 2, which no derivative sees; default false.</summary>
    public bool Full { get; init; }

    /// <summary>Least variance, above 0; default 1e-6.</summary>
    /// <exception cref="ThalwegException">It is not above 0.</exception>
    public double Epsilon { get; init => field = Throw.IfNotPositive("gaussian", "epsilon", value); } = 1e-6;

    /// <inheritdoc/>
    public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        int half = outputs.Rank > 0 && outputs.Shape[-1] % 2 == 0
            ? outputs.Shape[-1] / 2
            : throw new ThalwegException($"[gaussian] expected outputs [..., 2 n] of means and variances, got {outputs.Shape}");
        return OfMoments(outputs.Slice(-1, 0, half), outputs.Slice(-1, half, half), targets, reduction);
    }

    /// <summary>Computes the loss from means and variances.</summary>
    /// <param name="mean">Means, of any shape.</param>
    /// <param name="variance">Variances of the same shape, 0 or more; smaller ones than <see cref="Epsilon"/> count as that, with the
    /// derivative at that.</param>
    /// <param name="targets">Targets of the same shape.</param>
    /// <param name="reduction">Mean over all, sum, or none.</param>
    /// <exception cref="ThalwegException">The shapes or types do not fit.</exception>
    public Tensor OfMoments(Tensor mean, Tensor variance, Tensor targets, Reduction reduction)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(variance);
        ArgumentNullException.ThrowIfNull(targets);
        SameShape("gaussian", mean, targets);
        SameShape("gaussian", mean, variance);
        RefuseNegative("gaussian", "variances", variance, "; end the outputs that are variances with a softplus or an exponential");
        // The floor takes no part in the derivative: a variance that fell below it would otherwise never learn again.
        Tensor v = variance.Add(variance.Detach().Negate().Add(Epsilon).Relu());
        // Divided before it is squared: a large difference is no loss beside a large variance.
        Tensor difference = mean.Subtract(targets), losses = v.Log().Add(difference.Multiply(difference.Divide(v))).Multiply(0.5);
        return Reduce(Full ? losses.Add(0.5 * Math.Log(2 * Math.PI)) : losses, reduction);
    }
}
