namespace Thalweg.Schedules;

/// <summary>
/// Falls as a power of the number of steps, 1/t by default: slow enough to reach any point, fast enough for noise to average out.
/// </summary>
/// <remarks>
/// Formula: start/(1 + decay (t-warmup))^power. Source: Robbins and Monro, A stochastic approximation method (1951), eq. 6; Bottou,
/// Stochastic gradient descent tricks (2012), section 5.
/// </remarks>
public sealed record InverseTimeSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="start">Value at the start (after the warm-up), finite.</param>
    /// <param name="decay">How fast it falls, per step, at least 0.</param>
    /// <exception cref="ThalwegException">A number is out of range: give one in range.</exception>
    public InverseTimeSchedule(double start, double decay) => (Start, Decay) = (start, decay);

    /// <summary>Value at the start (after the warm-up), finite.</summary>
    public double Start { get; init => field = Finite(value); }

    /// <summary>How fast it falls, per step, at least 0.</summary>
    public double Decay { get; init => field = AtLeastZero(value); }

    /// <summary>The power, dimensionless, at least 0, default 1.</summary>
    public double Power { get; init => field = AtLeastZero(value); } = 1;

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => Decay == 0 || Power == 0 ? (Start, Start) : Between(0, Start);

    /// <inheritdoc/>
    public override Decline Decline => Decay == 0 ? Decline.Constant(Start) : Decline.PowerOf(Power, Start);

    /// <inheritdoc/>
    public override string Formula => "start/(1 + decay (t-warmup))^power";

    /// <inheritdoc/>
    public override string Source =>
        "Robbins, Monro: A stochastic approximation method, 1951, eq. 6; Bottou: Stochastic gradient descent tricks, 2012, section 5";

    /// <inheritdoc/>
    public override string Use => "convex problems: meets the conditions of Robbins and Monro";

    /// <inheritdoc/>
    protected override double Decayed(long step) => Start / Math.Pow(1 + (Decay * (step - Warmup)), Power);
}
