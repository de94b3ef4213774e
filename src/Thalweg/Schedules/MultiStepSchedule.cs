namespace Thalweg.Schedules;

/// <summary>Falls by a factor at each of some steps; a step that is listed twice counts twice.</summary>
/// <remarks>Formula: start factor^n, n the number of listed steps that t has reached. Source: He et al. (2016), section 4.2;
/// as PyTorch's MultiStepLR.</remarks>
public sealed record MultiStepSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="start">Value at the start (after the warm-up), finite.</param>
    /// <param name="milestones">The steps, warm-up included, in order, as in <c>[3000, 8000]</c>.</param>
    /// <exception cref="ThalwegException">The start is not finite: give a number.</exception>
    public MultiStepSchedule(double start, Milestones milestones) => (Start, Milestones) = (start, milestones);

    /// <summary>Value at the start (after the warm-up), finite.</summary>
    public double Start { get; init => field = Finite(value); }

    /// <summary>The steps at which it falls, warm-up included, in order.</summary>
    public Milestones Milestones { get; init; }

    /// <summary>Factor of each fall, dimensionless, above 0, default 0.1; above 1 it grows instead.</summary>
    public double Factor { get; init => field = AboveZero(value); } = 0.1;

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => Between(Start * Math.Pow(Factor, Milestones.Count), Start);

    /// <inheritdoc/>
    public override Decline Decline => Decline.Constant(Start * Math.Pow(Factor, Milestones.Count));

    /// <inheritdoc/>
    public override string Formula => "start factor^n, n the number of milestones that t has reached";

    /// <inheritdoc/>
    public override string Source => "He et al.: Deep residual learning, 2016, section 4.2; PyTorch, MultiStepLR";

    /// <inheritdoc/>
    public override string Use => "convolutional networks by published recipes: falls at given steps";

    /// <inheritdoc/>
    protected override double Decayed(long step) => Start * Math.Pow(Factor, Milestones.ReachedBy(step));
}
