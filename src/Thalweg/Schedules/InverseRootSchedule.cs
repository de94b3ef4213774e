namespace Thalweg.Schedules;

/// <summary>Rises in a straight line to a peak, then falls with the root of the number of steps.</summary>
/// <remarks>
/// Formula: peak min(n/rise, sqrt(rise/n)), n = t+1. Source: Vaswani et al., Attention is all you need (2017), eq. 3, whose peak is
/// (width rise)^-0.5; known by the name of Noam. It has its warm-up in itself; one more only delays the fall.
/// </remarks>
public sealed record InverseRootSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="peak">Highest value, finite.</param>
    /// <param name="rise">Steps of the rise, at least 1.</param>
    /// <exception cref="ThalwegException">The peak is not finite or there is no step: give numbers in range.</exception>
    public InverseRootSchedule(double peak, int rise) => (Peak, Rise) = (peak, rise);

    /// <summary>Highest value, finite.</summary>
    public double Peak { get; init => field = Finite(value); }

    /// <summary>Steps of the rise, at least 1.</summary>
    public int Rise { get; init => field = AtLeast(1, value); }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => Between(0, Peak);

    /// <inheritdoc/>
    public override Decline Decline => Decline.PowerOf(0.5, Peak);

    /// <inheritdoc/>
    public override string Formula => "peak min(n/rise, sqrt(rise/n)), n = t+1";

    /// <inheritdoc/>
    public override string Source => "Vaswani et al.: Attention is all you need, 2017, eq. 3";

    /// <inheritdoc/>
    public override string Use => "Transformers, with warm-up, where the length of the run is open";

    /// <inheritdoc/>
    protected override double Decayed(long step)
    {
        double n = step - Warmup + 1;
        return Peak * Math.Min(n / Rise, Math.Sqrt(Rise / n));
    }
}
