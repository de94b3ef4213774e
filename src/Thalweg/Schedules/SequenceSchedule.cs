namespace Thalweg.Schedules;

/// <summary>One schedule up to a step, another from there on, which then counts from 0; sequences of sequences give any number.</summary>
/// <remarks>Formula: first(t) for t &lt; at, second(t-at) from there on. Source: as PyTorch's SequentialLR
/// and optax's join_schedules.</remarks>
public sealed record SequenceSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="first">Number or schedule of the first steps.</param>
    /// <param name="second">Number or schedule of all further ones.</param>
    /// <param name="at">The step at which the second begins, warm-up included, at least 1.</param>
    /// <exception cref="ThalwegException">The step is below 1: leave the first out; or a number is not finite: give another.</exception>
    public SequenceSchedule(Hyperparameter first, Hyperparameter second, int at) => (First, Second, At) = (first, second, at);

    /// <summary>Number or schedule of the first steps.</summary>
    public Hyperparameter First { get; init => field = Finite(value); }

    /// <summary>Number or schedule of all further ones.</summary>
    public Hyperparameter Second { get; init => field = Finite(value); }

    /// <summary>The step at which the second begins, warm-up included, at least 1.</summary>
    public new int At { get; init => field = AtLeast(1, value); }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds =>
        (Math.Min(First.Bounds.Low, Second.Bounds.Low), Math.Max(First.Bounds.High, Second.Bounds.High));

    /// <inheritdoc/>
    public override Decline Decline => Second.Decline;

    /// <inheritdoc/>
    public override string Formula => "first(t) for t < at, second(t-at) from there on";

    /// <inheritdoc/>
    public override string Source => "folklore; PyTorch, SequentialLR";

    /// <inheritdoc/>
    public override string Use => "one schedule after another: phases of a run";

    /// <inheritdoc/>
    protected override string? Conflict => WarmupConflict(At);

    /// <inheritdoc/>
    protected override double Decayed(long step) => step < At ? First.At(step - Warmup) : Second.At(step - At);
}
