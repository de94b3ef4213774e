using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>How large a change of the metric counts as better.</summary>
public enum PlateauThreshold
{
    /// <summary>The threshold is a share of the best value's size: better than best + threshold |best|, or, where less is better, than
    /// best - threshold |best|.</summary>
    Relative,

    /// <summary>The threshold is in the unit of the metric.</summary>
    Absolute,
}

/// <summary>Multiplies the update by a factor that falls each time a validation metric has stopped improving.</summary>
/// <remarks>
/// Formula: u = c g; after patience + 1 observations in a row that are no better than the best, c = max(c factor, minimum), then cooldown
/// observations do not count. No schedule can be this, because it depends on what was measured: it is a rule, whose state (c, best, bad
/// observations, cooldown left) is saved with the others, and which <see cref="OptimizerRun.Observe(double)"/> passes each new value.
/// Source: the reduction of rates by hand in Krizhevsky, Sutskever and Hinton (2012), section 5; as PyTorch's ReduceLROnPlateau, but for a
/// relative threshold where the best is below 0: PyTorch's best (1 - threshold) lies on the wrong side of it there.
/// </remarks>
public sealed record ReduceOnPlateau : Rule
{
    private const int Scale = 0, Best = 1, Bad = 2, Cooling = 3;

    /// <summary>Factor of each reduction, dimensionless, in (0, 1), default 0.1.</summary>
    public double Factor { get; init => field = AboveZero(value); } = 0.1;

    /// <summary>Observations that are no better and still do nothing, at least 0, default 10.</summary>
    public int Patience { get; init => field = AtLeast(0, value); } = 10;

    /// <summary>Change that counts as better, at least 0, default 1e-4.</summary>
    public double Threshold { get; init => field = AtLeastZero(value); } = 1e-4;

    /// <summary>What the threshold is measured in, default a share of the best value.</summary>
    public PlateauThreshold ThresholdForm { get; init; }

    /// <summary>Observations after a reduction that do not count, at least 0, default 0.</summary>
    public int Cooldown { get; init => field = AtLeast(0, value); }

    /// <summary>Smallest c, dimensionless, at least 0, default 0.</summary>
    public double Minimum { get; init => field = AtLeastZero(value); }

    /// <summary>Smallest change of c that is made, dimensionless, at least 0, default 1e-8.</summary>
    public double Epsilon { get; init => field = AtLeastZero(value); } = 1e-8;

    /// <summary>Whether less is better, as of a loss; default false: more is better, as of the accuracy that the trainer reports.</summary>
    public bool LessIsBetter { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["scale", "best", "bad", "cooling"];

    /// <inheritdoc/>
    public override string Formula => "u = c g, c = max(c factor, minimum) after more than patience observations that are no better";

    /// <inheritdoc/>
    public override string Source => "Krizhevsky, Sutskever, Hinton: ImageNet classification, 2012, section 5; PyTorch, ReduceLROnPlateau";

    /// <inheritdoc/>
    public override string Use => "where no schedule is known: falls when the validation metric has stopped improving";

    /// <inheritdoc/>
    public override RuleNeeds Needs => new() { Metric = true };

    /// <summary>The factor c that the rule multiplies updates by.</summary>
    /// <param name="slots">State of the rule, in the order of <see cref="Slots"/>.</param>
    internal static double ScaleOf(IReadOnlyList<Tensor> slots) => slots[Scale].AsSpan<double>()[0];

    /// <inheritdoc/>
    protected override string? Conflict => Factor >= 1 ? "expected factor below 1; give 0.1" : null;

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments) => SlotPlan.Single(slot switch
    {
        "scale" => 1,
        "best" => LessIsBetter ? double.PositiveInfinity : double.NegativeInfinity,
        _ => 0,
    });

    /// <inheritdoc/>
    protected internal override void Observe(RuleSignal signal, RuleState state)
    {
        if (signal is MetricSignal { Value: var metric })
            Observe(metric, state);
    }

    private void Observe(double metric, RuleState slots)
    {
        ref double best = ref slots[Best].AsSpan<double>()[0], bad = ref slots[Bad].AsSpan<double>()[0];
        ref double cooling = ref slots[Cooling].AsSpan<double>()[0], scale = ref slots[Scale].AsSpan<double>()[0];
        (best, bad) = IsBetter(metric, best) ? (metric, 0) : (best, bad + 1);
        if (cooling > 0)
            (cooling, bad) = (cooling - 1, 0);
        if (bad <= Patience)
            return;
        double reduced = Math.Max(scale * Factor, Minimum);
        scale = scale - reduced > Epsilon ? reduced : scale;
        (cooling, bad) = (Cooldown, 0);
    }

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new ScaleKernel<T>(T.CreateTruncating(*fusion.ExactSlot(Scale))));

    private bool IsBetter(double metric, double best) => (LessIsBetter, ThresholdForm) switch
    {
        // The threshold is a share of |best|: best * (1 +- threshold) would point the wrong way below 0, where nothing could be better.
        (true, PlateauThreshold.Relative) => metric < Beyond(best, -Threshold),
        (true, _) => metric < best - Threshold,
        (false, PlateauThreshold.Relative) => metric > Beyond(best, Threshold),
        _ => metric > best + Threshold,
    };

    /// <summary>best + share |best|, so that equal bits come out above 0 as from best (1 + share); the first best is infinite.</summary>
    private static double Beyond(double best, double share) => double.IsInfinity(best) ? best : best * (1 + (best < 0 ? -share : share));
}
