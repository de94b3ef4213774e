namespace Thalweg.Schedules;

/// <summary>The same value at each step (after the warm-up).</summary>
/// <remarks>Formula: value. Worth writing out only for its warm-up: a plain number is a constant already.</remarks>
public sealed record ConstantSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="value">The value, finite; its unit and range are those of the hyperparameter that it is for.</param>
    /// <exception cref="ThalwegException">The value is not finite: give a number.</exception>
    public ConstantSchedule(double value) => Value = value;

    /// <summary>The value, finite.</summary>
    public double Value { get; init => field = Finite(value); }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (Value, Value);

    /// <inheritdoc/>
    public override Decline Decline => Decline.Constant(Value);

    /// <inheritdoc/>
    public override string Formula => "value";

    /// <inheritdoc/>
    public override string Source => "folklore";

    /// <inheritdoc/>
    public override string Use => "short runs, and comparisons of optimizers without the effect of a schedule";

    /// <inheritdoc/>
    protected override double Decayed(long step) => Value;
}
