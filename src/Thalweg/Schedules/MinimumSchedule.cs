namespace Thalweg.Schedules;

/// <summary>The lower of two schedules, step by step: a bound on a rate.</summary>
/// <remarks>Formula: min(first(t), second(t)). Source: the relative step min(1e-2, 1/sqrt(t)) of Shazeer and Stern, Adafactor (2018),
/// section 8, is <c>minimum(0.01, inverse_root(1, 1))</c>.</remarks>
public sealed record MinimumSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="first">Number or schedule.</param>
    /// <param name="second">Number or schedule.</param>
    /// <exception cref="ThalwegException">A number is not finite: give one that is.</exception>
    public MinimumSchedule(Hyperparameter first, Hyperparameter second) => (First, Second) = (first, second);

    /// <summary>Number or schedule.</summary>
    public Hyperparameter First { get; init => field = Finite(value); }

    /// <summary>Number or schedule.</summary>
    public Hyperparameter Second { get; init => field = Finite(value); }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds =>
        (Math.Min(First.Bounds.Low, Second.Bounds.Low), Math.Min(First.Bounds.High, Second.Bounds.High));

    /// <inheritdoc/>
    public override Decline Decline => First.Bounds.Low >= 0 && Second.Bounds.Low >= 0 ? First.Decline.Under(Second.Decline) : default;

    /// <inheritdoc/>
    public override string Formula => "min(first(t), second(t))";

    /// <inheritdoc/>
    public override string Source => "Shazeer, Stern: Adafactor, 2018, section 8";

    /// <inheritdoc/>
    public override string Use => "to bound a rate by another, such as 1/sqrt(t)";

    /// <inheritdoc/>
    protected override double Decayed(long step) => Math.Min(First.At(step - Warmup), Second.At(step - Warmup));
}
