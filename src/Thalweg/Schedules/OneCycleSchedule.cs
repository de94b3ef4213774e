namespace Thalweg.Schedules;

/// <summary>The shape of a way from one value to another.</summary>
public enum AnnealVariant
{
    /// <summary>Half a cosine.</summary>
    Cosine,

    /// <summary>A straight line.</summary>
    Linear,
}

/// <summary>
/// Goes from a start to a peak and down to an end, once; with start and end above the peak it is the momentum's side of the same cycle.
/// </summary>
/// <remarks>
/// Formula: start to peak until step rise steps - 1, then peak to end until steps - 1 (three phases: back to the start for as long
/// as the rise, then to the end), each along half a cosine or a line. Source: Smith and Topin, Super-convergence (2018), section 3;
/// as PyTorch's OneCycleLR.
/// </remarks>
public sealed record OneCycleSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="start">First value, finite; customary is peak/25.</param>
    /// <param name="peak">Value at the top, finite.</param>
    /// <param name="end">Last value, finite; customary is start/10,000.</param>
    /// <param name="steps">Steps of the cycle, at least 2; the last value holds afterwards.</param>
    /// <exception cref="ThalwegException">A value is not finite, or there are fewer than 2 steps: give numbers in range.</exception>
    public OneCycleSchedule(double start, double peak, double end, int steps) => (Start, Peak, End, Steps) = (start, peak, end, steps);

    /// <summary>First value, finite.</summary>
    public double Start { get; init => field = Finite(value); }

    /// <summary>Value at the top, finite.</summary>
    public double Peak { get; init => field = Finite(value); }

    /// <summary>Last value, finite.</summary>
    public double End { get; init => field = Finite(value); }

    /// <summary>Steps of the cycle, at least 2.</summary>
    public int Steps { get; init => field = AtLeast(2, value); }

    /// <summary>Share of the steps that the rise takes, in (0, 1], default 0.3; below 1/2 with three phases.</summary>
    public double Rise { get; init => field = Share(value); } = 0.3;

    /// <summary>Whether it comes back to the start before it goes to the end, default false.</summary>
    public bool ThreePhases { get; init; }

    /// <summary>The shape of each way, default half a cosine.</summary>
    public AnnealVariant Form { get; init; }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (Math.Min(Math.Min(Start, Peak), End), Math.Max(Math.Max(Start, Peak), End));

    /// <inheritdoc/>
    public override Decline Decline => Decline.Constant(End);

    /// <inheritdoc/>
    public override string Formula => "start to peak until step rise steps - 1, " +
        (ThreePhases ? "back to start until 2 rise steps - 2, then to end until steps - 1" : "then to end until steps - 1") +
        (Form == AnnealVariant.Cosine ? ", along half cosines" : ", along lines");

    /// <inheritdoc/>
    public override string Source => "Smith, Topin: Super-convergence, 2018, section 3; PyTorch, OneCycleLR";

    /// <inheritdoc/>
    public override string Use => "short runs at high rates (super-convergence)";

    /// <inheritdoc/>
    protected override string? Conflict => ThreePhases && Rise >= 0.5
        ? "expected rise below 0.5 with three phases, which need it twice; choose 0.3"
        : null;

    /// <inheritdoc/>
    protected override double Decayed(long step)
    {
        double t = step - Warmup, top = (Rise * Steps) - 1, last = Steps - 1;
        if (t <= top)
            return Way(Start, Peak, t, top);
        if (!ThreePhases)
            return Way(Peak, End, t - top, last - top);
        double back = (2 * Rise * Steps) - 2;
        return t <= back ? Way(Peak, Start, t - top, back - top) : Way(Start, End, t - back, last - back);
    }

    private double Way(double from, double to, double steps, double length)
    {
        double share = length <= 0 ? 1 : Math.Min(1, steps / length);
        return Form == AnnealVariant.Linear
            ? from + ((to - from) * share)
            : to + ((from - to) * (1 + Math.Cos(Math.PI * share)) / 2);
    }
}
