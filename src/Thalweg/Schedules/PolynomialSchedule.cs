namespace Thalweg.Schedules;

/// <summary>A power of the share of steps that is left, from a start to an end, and the end from there on.</summary>
/// <remarks>
/// Formula: end + (start-end) (1-s)^power with s = min(1, (t-warmup)/(steps-warmup)). Source: Chen et al., DeepLab (2017), section 3.2
/// ("poly"); as PyTorch's PolynomialLR.
/// </remarks>
public sealed record PolynomialSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="start">Value at the start (after the warm-up), finite.</param>
    /// <param name="steps">Step at which the end is reached, warm-up included, at least 1.</param>
    /// <exception cref="ThalwegException">The start is not finite or there is no step: give numbers in range.</exception>
    public PolynomialSchedule(double start, int steps) => (Start, Steps) = (start, steps);

    /// <summary>Value at the start (after the warm-up), finite.</summary>
    public double Start { get; init => field = Finite(value); }

    /// <summary>Step at which the end is reached, warm-up included, at least 1.</summary>
    public int Steps { get; init => field = AtLeast(1, value); }

    /// <summary>The power, dimensionless, above 0, default 1, a straight line.</summary>
    public double Power { get; init => field = AboveZero(value); } = 1;

    /// <summary>Value at the end and after it, finite, default 0.</summary>
    public double End { get; init => field = Finite(value); }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => Between(Start, End);

    /// <inheritdoc/>
    public override Decline Decline => Decline.Constant(End);

    /// <inheritdoc/>
    public override string Formula => "end + (start-end) (1-s)^power, s = min(1, (t-warmup)/(steps-warmup))";

    /// <inheritdoc/>
    public override string Source => "Chen et al.: DeepLab, 2017, section 3.2; PyTorch, PolynomialLR";

    /// <inheritdoc/>
    public override string Use => "runs of known length; with a power above 1 it falls faster at first than linear, below 1 slower";

    /// <inheritdoc/>
    protected override string? Conflict => WarmupConflict(Steps);

    /// <inheritdoc/>
    protected override double Decayed(long step) => End + ((Start - End) * Math.Pow(1 - Progress(step, Steps), Power));
}
