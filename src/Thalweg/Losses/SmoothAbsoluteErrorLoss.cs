namespace Thalweg.Losses;

/// <summary>d^2 / (2 beta) for |d| = |y - t| below beta, |d| - beta / 2 above.</summary>
/// <remarks>Outputs and targets <c>[batch, ...]</c> of one shape and type. Source: Girshick, "Fast R-CNN", ICCV 2015, eq. (3),
/// with beta 1.</remarks>
public sealed record SmoothAbsoluteErrorLoss : ElementLoss
{
    /// <summary>Where the parabola ends, in the unit of the outputs, above 0; default 1.</summary>
    /// <exception cref="ThalwegException">It is not above 0; for 0 use <see cref="AbsoluteErrorLoss"/>.</exception>
    public double Beta { get; init => field = Throw.IfNotPositive("smooth absolute error", "beta", value); } = 1;

    /// <inheritdoc/>
    protected override Tensor Each(Tensor outputs, Tensor targets)
    {
        // With c = d cut to [-beta, beta], c (d - c / 2) is both branches, with exact first and second derivatives.
        Tensor difference = outputs.Subtract(targets), cut = difference.Hardtanh(-Beta, Beta);
        return cut.Multiply(difference.Subtract(cut.Multiply(0.5))).Multiply(1 / Beta);
    }
}
