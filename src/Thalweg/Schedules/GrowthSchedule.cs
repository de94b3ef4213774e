namespace Thalweg.Schedules;

/// <summary>Grows by a factor each time a number of steps has passed, up to a bound: for batch sizes, in place of a falling rate.</summary>
/// <remarks>
/// Formula: min(end, start factor^floor((t-warmup)/every)). Source: Smith, Kindermans, Ying and Le, Don't decay the learning rate, increase
/// the batch size (2018), section 3: a batch that grows by a factor quiets the noise like a rate that falls by it.
/// </remarks>
public sealed record GrowthSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="start">Value at the start (after the warm-up), above 0.</param>
    /// <param name="every">Steps (for a batch size: epochs) from one growth to the next, at least 1.</param>
    /// <exception cref="ThalwegException">A number is out of range: give one in range.</exception>
    public GrowthSchedule(double start, int every) => (Start, Every) = (start, every);

    /// <summary>Value at the start (after the warm-up), above 0.</summary>
    public double Start { get; init => field = AboveZero(value); }

    /// <summary>Steps from one growth to the next, at least 1.</summary>
    public int Every { get; init => field = AtLeast(1, value); }

    /// <summary>Factor of each growth, dimensionless, at least 1, default 2.</summary>
    public double Factor { get; init => field = AtLeastNumber(1, value); } = 2;

    /// <summary>Largest value, above 0, default 65536.</summary>
    public double End { get; init => field = AboveZero(value); } = 65536;

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (Math.Min(Start, End), End);

    /// <inheritdoc/>
    public override Decline Decline => Decline.Constant(Factor > 1 ? End : Start);

    /// <inheritdoc/>
    public override string Formula => "min(end, start factor^floor((t-warmup)/every))";

    /// <inheritdoc/>
    public override string Source => "Smith, Kindermans, Ying, Le: Don't decay the learning rate, increase the batch size, 2018, section 3";

    /// <inheritdoc/>
    public override string Use => "batch sizes that grow in place of a rate that falls: fewer, larger steps toward the end";

    /// <inheritdoc/>
    protected override double Decayed(long step) => Math.Min(End, Start * Math.Pow(Factor, (step - Warmup) / Every));
}
