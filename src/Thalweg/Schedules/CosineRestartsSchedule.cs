namespace Thalweg.Schedules;

/// <summary>Falls along half a cosine, jumps back up and falls again, each time over as many or more steps.</summary>
/// <remarks>
/// Formula: end + (start-end) (1+cos(pi s/length))/2, s steps since the restart, length = steps growth^restarts. Source: Loshchilov and
/// Hutter, SGDR (2017), eq. 5.
/// </remarks>
public sealed record CosineRestartsSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="start">Value after each restart, finite.</param>
    /// <param name="steps">Steps of the first fall, at least 1.</param>
    /// <exception cref="ThalwegException">The start is not finite or there is no step: give numbers in range.</exception>
    public CosineRestartsSchedule(double start, int steps) => (Start, Steps) = (start, steps);

    /// <summary>Value after each restart, finite.</summary>
    public double Start { get; init => field = Finite(value); }

    /// <summary>Steps of the first fall, at least 1.</summary>
    public int Steps { get; init => field = AtLeast(1, value); }

    /// <summary>Factor from one fall's length to the next, a whole number of at least 1, default 1.</summary>
    public int Growth { get; init => field = AtLeast(1, value); } = 1;

    /// <summary>Value that each fall tends to, finite, default 0.</summary>
    public double End { get; init => field = Finite(value); }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => Between(Start, End);

    /// <inheritdoc/>
    public override Decline Decline => Decline.Constant((Start + End) / 2);

    /// <inheritdoc/>
    public override string Formula => "end + (start-end) (1+cos(pi s/length))/2, s steps since the restart, length = steps growth^restarts";

    /// <inheritdoc/>
    public override string Source => "Loshchilov, Hutter: SGDR, 2017, eq. 5";

    /// <inheritdoc/>
    public override string Use => "long runs from which good models are to be taken at the end of each cycle";

    /// <inheritdoc/>
    protected override double Decayed(long step)
    {
        long length = Steps, since = step - Warmup;
        if (Growth == 1)
            since %= length;
        for (; since >= length; length *= Growth)
            since -= length;
        return End + ((Start - End) * (1 + Math.Cos(Math.PI * since / length)) / 2);
    }
}
