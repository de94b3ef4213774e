namespace Thalweg.Schedules;

/// <summary>A straight line from a start to an end over a number of steps, and the end from there on.</summary>
/// <remarks>
/// Formula: (1-s) start + s end with s = min(1, (t-warmup)/(steps-warmup)). Source: Goodfellow, Bengio and Courville, Deep Learning
/// (2016), eq. 8.14.
/// </remarks>
public sealed record LinearSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="start">Value at the start (after the warm-up), finite.</param>
    /// <param name="steps">Step at which the end is reached, warm-up included, at least 1.</param>
    /// <exception cref="ThalwegException">The start is not finite or there is no step: give numbers in range.</exception>
    public LinearSchedule(double start, int steps) => (Start, Steps) = (start, steps);

    /// <summary>Value at the start (after the warm-up), finite.</summary>
    public double Start { get; init => field = Finite(value); }

    /// <summary>Step at which the end is reached, warm-up included, at least 1.</summary>
    public int Steps { get; init => field = AtLeast(1, value); }

    /// <summary>Value at the end and after it, finite, default 0.</summary>
    public double End { get; init => field = Finite(value); }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (Math.Min(Start, End), Math.Max(Start, End));

    /// <inheritdoc/>
    public override Decline Decline => Decline.Constant(End);

    /// <inheritdoc/>
    public override string Formula => "(1-s) start + s end, s = min(1, (t-warmup)/(steps-warmup))";

    /// <inheritdoc/>
    public override string Source => "Goodfellow, Bengio, Courville: Deep Learning, 2016, eq. 8.14";

    /// <inheritdoc/>
    public override string Use => "runs of known length, as the simplest that ends at 0";

    /// <inheritdoc/>
    protected override string? Conflict => WarmupConflict(Steps);

    /// <inheritdoc/>
    protected override double Decayed(long step)
    {
        double s = Progress(step, Steps);
        return (1 - s) * Start + s * End;
    }
}
