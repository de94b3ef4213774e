namespace Thalweg.Losses;

/// <summary>e^y - t y: the negative log-likelihood of a count t under a Poisson law of rate e^y, without terms of t alone.</summary>
/// <remarks>Outputs and targets <c>[batch, ...]</c> of one shape and type. Source: McCullagh, Nelder, "Generalized linear models",
/// 1989, section 6.2.</remarks>
public sealed record PoissonLoss : ElementLoss
{
    /// <summary>Whether the outputs are logarithms of the rates (default) or the rates themselves: y - t log(y + epsilon).</summary>
    public bool LogInput { get; init; } = true;

    /// <summary>Whether to add Stirling's approximation of log t!, for counts above 1; default false.</summary>
    public bool Full { get; init; }

    /// <summary>Added to rates before the logarithm, above 0; default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    protected override Tensor Each(Tensor outputs, Tensor targets)
    {
        Tensor losses = LogInput
            ? outputs.Exp().Subtract(targets.MultiplyMasked(outputs))
            : outputs.Subtract(targets.Multiply(outputs.Add(Epsilon).Log()));
        if (!Full)
            return losses;

        // t log t - t + log(2 pi t) / 2 for t > 1, 0 elsewhere.
        Tensor counts = targets.Detach(), large = counts.Subtract(1).Step(), one = Tensor.Scalar(1, counts.DType);
        Tensor safe = Tensor.Where(large, counts, one);
        Tensor stirling = safe.Multiply(safe.Log()).Subtract(safe).Add(safe.Multiply(2 * Math.PI).Log().Multiply(0.5));
        return losses.Add(stirling.Multiply(large));
    }
}
