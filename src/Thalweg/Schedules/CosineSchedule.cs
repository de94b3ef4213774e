namespace Thalweg.Schedules;

/// <summary>Half a cosine from a start down to an end over a number of steps, and the end from there on.</summary>
/// <remarks>
/// Formula: end + (start-end) (1+cos(pi s))/2 with s = min(1, (t-warmup)/(steps-warmup)). Source: Loshchilov and Hutter, SGDR (2017), eq.
/// 5, without restarts.
/// </remarks>
public sealed record CosineSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="start">Value at the start (after the warm-up), finite.</param>
    /// <param name="steps">Step at which the end is reached, warm-up included, at least 1.</param>
    /// <exception cref="ThalwegException">The start is not finite or there is no step: give numbers in range.</exception>
    public CosineSchedule(double start, int steps) => (Start, Steps) = (start, steps);

    /// <summary>Value at the start (after the warm-up), finite.</summary>
    public double Start { get; init => field = Finite(value); }

    /// <summary>Step at which the end is reached, warm-up included, at least 1.</summary>
    public int Steps { get; init => field = AtLeast(1, value); }

    /// <summary>Value at the end and after it, finite, default 0.</summary>
    public double End { get; init => field = Finite(value); }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (Math.Min(Start, End), Math.Max(Start, End));

    /// <summary>
    /// Whether it continues along the cosine, up again to the start at twice the steps, in place of staying at the end; default false.
    /// </summary>
    public bool Periodic { get; init; }

    /// <inheritdoc/>
    public override Decline Decline => Decline.Constant(Periodic ? (Start + End) / 2 : End);

    /// <inheritdoc/>
    public override string Formula =>
        "end + (start-end) (1+cos(pi s))/2, s = " + (Periodic ? "(t-warmup)/(steps-warmup)" : "min(1, (t-warmup)/(steps-warmup))");

    /// <inheritdoc/>
    public override string Source => "Loshchilov, Hutter: SGDR, 2017, eq. 5, without restarts";

    /// <inheritdoc/>
    public override string Use => "the default for runs of known length";

    /// <inheritdoc/>
    protected override string? Conflict => WarmupConflict(Steps);

    /// <inheritdoc/>
    protected override double Decayed(long step) =>
        End + (Start - End) * (1 + Math.Cos(Math.PI * (Periodic ? (step - Warmup) / (double)(Steps - Warmup) : Progress(step, Steps)))) / 2;
}
