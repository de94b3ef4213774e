namespace Thalweg.Tuning;

/// <summary>Pauses a trial whose best figure so far is worse than the median of the others at the same budget.</summary>
/// <remarks>Golovin et al., "Google Vizier", KDD 2017, section 3.2.2, with figures at the budget in place of their running means, as in Optuna. All trials that
/// came so far are compared with, paused ones too; Optuna takes only completed ones, whose median rises with each that it prunes.</remarks>
public sealed record MedianPruner : CurvePruner
{
    /// <summary>Other trials with a figure at this budget below which none is paused, dimensionless, 1 or more; default 5.</summary>
    public int StartupTrials { get; init => field = AtLeast(1, value); } = 5;

    /// <inheritdoc/>
    protected override bool IsHopeless(PruningContext context) => PercentilePruner.IsBelow(context, 50, StartupTrials);
}

/// <summary>Pauses a trial whose best figure so far is not among the best part of the others at the same budget.</summary>
/// <remarks>As <see cref="MedianPruner"/>, which is this with 50; the percentile lies between two figures by linear interpolation.</remarks>
public sealed record PercentilePruner : CurvePruner
{
    /// <summary>Makes it.</summary>
    /// <param name="percentile">Part of the trials that continues, in percent, in [0, 100]; default 25.</param>
    /// <exception cref="ThalwegException">It is out of range.</exception>
    public PercentilePruner(double percentile = 25) => Percentile = percentile;

    /// <summary>Part of the trials that continues, in percent, in [0, 100]; default 25.</summary>
    public double Percentile { get; init => field = Within(value, 0, 100); }

    /// <summary>Other trials with a figure at this budget below which none is paused, dimensionless, 1 or more; default 5.</summary>
    public int StartupTrials { get; init => field = AtLeast(1, value); } = 5;

    /// <inheritdoc/>
    protected override bool IsHopeless(PruningContext context) => IsBelow(context, Percentile, StartupTrials);

    /// <summary>Whether the trial's best figure lies beyond the percentile of the others.</summary>
    internal static bool IsBelow(PruningContext context, double percentile, int least)
    {
        int budget = context.Curve.Count;
        double[] others = [.. CurveLoss.Reached(context.History, context.Goal, budget)
            .Where(other => other.Number != context.Number).Select(other => other.Loss).Order()];
        if (others.Length < least)
            return false;
        double position = percentile / 100 * (others.Length - 1);
        int below = (int)Math.Floor(position);
        double limit = others[below] + ((position - below) * (others[Math.Min(below + 1, others.Length - 1)] - others[below]));
        return CurveLoss.Best(context.Curve, context.Goal, budget) > limit;
    }
}

/// <summary>A pruner that judges the curve of a trial by itself or beside others, from some budget on, at some distances.</summary>
public abstract record CurvePruner : Pruner
{
    /// <summary>Units of budget before the first judgment, dimensionless, 0 or more; default 0.</summary>
    public int Warmup { get; init => field = AtLeast(0, value); }

    /// <summary>Units of budget between judgments, dimensionless, 1 or more; default 1.</summary>
    public int Interval { get; init => field = AtLeast(1, value); } = 1;

    /// <inheritdoc/>
    protected sealed override PruneDecision DecideCore(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int budget = context.Curve.Count;
        return budget > Warmup && (budget - Warmup) % Interval == 0 && IsHopeless(context) ? PruneDecision.Pause : PruneDecision.Continue;
    }

    /// <summary>Whether the trial is to be paused.</summary>
    /// <param name="context">The trial, and what is known of others.</param>
    protected abstract bool IsHopeless(PruningContext context);
}

/// <summary>Pauses a trial that has not become better for some time.</summary>
/// <remarks>Prechelt, "Early stopping, but when?", 1998, section 2.3, on the figure of the goal.</remarks>
public sealed record PatiencePruner : CurvePruner
{
    /// <summary>Makes it.</summary>
    /// <param name="patience">Units of budget without a better figure, dimensionless, 1 or more; default 10.</param>
    /// <exception cref="ThalwegException">It is out of range.</exception>
    public PatiencePruner(int patience = 10) => Patience = patience;

    /// <summary>Units of budget without a better figure, dimensionless, 1 or more; default 10.</summary>
    public int Patience { get; init => field = AtLeast(1, value); }

    /// <summary>How much better a figure must be to count, in the unit of the goal, 0 or more; default 0.</summary>
    public double MinDelta { get; init => field = AtLeastZero(value); }

    /// <inheritdoc/>
    protected override bool IsHopeless(PruningContext context)
    {
        int budget = context.Curve.Count;
        if (budget <= Patience)
            return false;
        double before = CurveLoss.Best(context.Curve, context.Goal, budget - Patience), now = CurveLoss.Best(context.Curve, context.Goal, budget);
        return now >= before - MinDelta;
    }
}

/// <summary>Pauses a trial whose figure leaves a range.</summary>
public sealed record ThresholdPruner : CurvePruner
{
    /// <summary>Least figure, in the unit of the goal; default none.</summary>
    public double? Lower { get; init; }

    /// <summary>Greatest figure, in the unit of the goal; default none.</summary>
    public double? Upper { get; init; }

    /// <inheritdoc/>
    protected override string? Conflict => Lower is null && Upper is null
        ? "expected lower, upper or both, got none; give one as in threshold(lower=0.5)"
        : Lower > Upper ? $"expected lower to be at most upper, got {Lower} and {Upper}; exchange them" : null;

    /// <inheritdoc/>
    protected override bool IsHopeless(PruningContext context) => context.Curve[^1] < Lower || context.Curve[^1] > Upper;
}
