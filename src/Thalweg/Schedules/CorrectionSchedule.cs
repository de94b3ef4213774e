namespace Thalweg.Schedules;

/// <summary>Rises to 1 as a moving average forgets its start at 0: the correction of Adam's second moment, as a factor
/// of the rate.</summary>
/// <remarks>Formula: sqrt(1 - decay^(t-warmup+1)). Source: Kingma and Ba, Adam (2015), end of section 2; Defazio et al., The road less
/// scheduled (2024), section 4.</remarks>
public sealed record CorrectionSchedule : Schedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="decay">Decay of the moving average, dimensionless, at least 0, below 1.</param>
    /// <exception cref="ThalwegException">The decay is out of range: give one in range.</exception>
    public CorrectionSchedule(double decay) => Decay = decay;

    /// <summary>Decay of the moving average, dimensionless, at least 0, below 1.</summary>
    public double Decay { get; init => field = value is >= 0 and < 1 ? value : throw Refused(nameof(Decay), "in [0, 1)", value); }

    /// <inheritdoc/>
    public override (double Low, double High) Bounds => (Decayed(Warmup), 1);

    /// <inheritdoc/>
    public override Decline Decline => Decline.Constant(1);

    /// <inheritdoc/>
    public override string Formula => "sqrt(1 - decay^(t-warmup+1))";

    /// <inheritdoc/>
    public override string Source => "Kingma, Ba: Adam, 2015, end of section 2";

    /// <inheritdoc/>
    public override string Use => "as a factor of the rate, the warm-up that the correction of a second moment amounts to";

    /// <inheritdoc/>
    protected override double Decayed(long step) => Math.Sqrt(1 - Math.Pow(Decay, step - Warmup + 1));
}
