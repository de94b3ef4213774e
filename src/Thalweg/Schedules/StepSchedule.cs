namespace Thalweg.Schedules;

/// <summary>Falls by a factor each time a number of steps has passed.</summary>
/// <remarks>Formula: start factor^floor((t-warmup)/every). Source: He et al., Deep residual learning (2016), section 4.1;
/// as PyTorch's StepLR.</remarks>
public sealed record StepSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="start">Value at the start (after the warm-up), finite.</param>
    /// <param name="every">Steps from one fall to the next, at least 1.</param>
    /// <exception cref="ThalwegException">The start is not finite or there is no step: give numbers in range.</exception>
    public StepSchedule(double start, int every) => (Start, Every) = (start, every);

    /// <summary>Value at the start (after the warm-up), finite.</summary>
    public double Start { get; init => field = Finite(value); }

    /// <summary>Steps from one fall to the next, at least 1.</summary>
    public int Every { get; init => field = AtLeast(1, value); }

    /// <summary>Factor of each fall, dimensionless, above 0, default 0.1; above 1 it grows instead.</summary>
    public double Factor { get; init => field = AboveZero(value); } = 0.1;

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => ByFactor(Start, Factor);

    /// <inheritdoc/>
    public override Decline Decline => Decline.Geometric(Factor, Start);

    /// <inheritdoc/>
    public override string Formula => "start factor^floor((t-warmup)/every)";

    /// <inheritdoc/>
    public override string Source => "He et al.: Deep residual learning, 2016, section 4.1; PyTorch, StepLR";

    /// <inheritdoc/>
    public override string Use => "a fall by a factor every so many steps, by published recipes";

    /// <inheritdoc/>
    protected override double Decayed(long step) => Start * Math.Pow(Factor, (step - Warmup) / Every);
}
