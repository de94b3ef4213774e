namespace Thalweg.Schedules;

/// <summary>Two schedules multiplied; products of products give any number.</summary>
/// <remarks>Formula: first(t) second(t). Source: as PyTorch's ChainedScheduler, whose factors multiply.</remarks>
public sealed record ProductSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="first">Number or schedule.</param>
    /// <param name="second">Number or schedule.</param>
    /// <exception cref="ThalwegException">A number is not finite: give one that is.</exception>
    public ProductSchedule(Hyperparameter first, Hyperparameter second) => (First, Second) = (first, second);

    /// <summary>Number or schedule.</summary>
    public Hyperparameter First { get; init => field = Finite(value); }

    /// <summary>Number or schedule.</summary>
    public Hyperparameter Second { get; init => field = Finite(value); }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds
    {
        get
        {
            ((double a, double b), (double c, double d)) = (First.Bounds, Second.Bounds);
            return (Math.Min(Math.Min(a * c, a * d), Math.Min(b * c, b * d)), Math.Max(Math.Max(a * c, a * d), Math.Max(b * c, b * d)));
        }
    }

    /// <inheritdoc/>
    public override Decline Decline => First.Decline.Times(Second.Decline);

    /// <inheritdoc/>
    public override string Formula => "first(t) second(t)";

    /// <inheritdoc/>
    public override string Source => "folklore; PyTorch, ChainedScheduler";

    /// <inheritdoc/>
    public override string Use => "to combine two schedules, such as a step and a warm-up of its own";

    /// <inheritdoc/>
    protected override double Decayed(long step) => First.At(step - Warmup) * Second.At(step - Warmup);
}
