namespace Thalweg.Losses;

/// <summary>d^2 / 2 for |d| = |y - t| up to delta, delta (|d| - delta / 2) above.</summary>
/// <remarks>Outputs and targets <c>[batch, ...]</c> of one shape and type. Source: Huber, "Robust estimation of a location parameter",
/// Annals of Mathematical Statistics 35(1), 1964, section 4.</remarks>
public sealed record HuberLoss : ElementLoss
{
    /// <summary>Where the parabola ends, in the unit of the outputs, above 0; default 1.</summary>
    /// <exception cref="ThalwegException">It is not above 0.</exception>
    public double Delta { get; init => field = Throw.IfNotPositive("huber", "delta", value); } = 1;

    /// <inheritdoc/>
    protected override Tensor Each(Tensor outputs, Tensor targets)
    {
        // With c = d cut to [-delta, delta], c (d - c / 2) is both branches, with exact first and second derivatives.
        Tensor difference = outputs.Subtract(targets), cut = difference.Hardtanh(-Delta, Delta);
        return cut.Multiply(difference.Subtract(cut.Multiply(0.5)));
    }
}
