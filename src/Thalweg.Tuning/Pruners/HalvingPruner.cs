namespace Thalweg.Tuning;

/// <summary>Successive halving: a group of trials spends a little budget each, the best part of them factor times as much, and so on.</summary>
/// <remarks>
/// Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016; Li et al., "Hyperband", JMLR 18, 2018, algorithm 1,
/// lines 5 to 9. Trials n g to n g + n - 1 are group g. Each pauses at every rung; when all of a group have come to the rung, or the study starts no more trials, the best 1 / factor of them
/// continue. With several workers a group waits for its slowest trial, where <see cref="AshaPruner"/> does not.
/// </remarks>
public sealed record HalvingPruner : Pruner
{
    /// <summary>Budget of the first rung, in units of budget, 1 or more; default 1.</summary>
    public int MinBudget { get; init => field = AtLeast(1, value); } = 1;

    /// <summary>How many trials a rung has for each that continues, and how much longer the next one is, dimensionless, 2 or more; default 3.</summary>
    public int Factor { get; init => field = AtLeast(2, value); } = 3;

    /// <summary>Trials of a group, dimensionless, 2 or more; default 27.</summary>
    public int GroupSize { get; init => field = AtLeast(2, value); } = 27;

    /// <inheritdoc/>
    protected override PruneDecision DecideCore(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Rungs.Of(MinBudget, Factor, context.MaxBudget).Contains(context.Curve.Count) ? PruneDecision.Pause : PruneDecision.Continue;
    }

    /// <inheritdoc/>
    public override int? Resume(ResumptionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] rungs = Rungs.Of(MinBudget, Factor, context.MaxBudget);
        foreach (IGrouping<int, TrialResult> group in context.History.GroupBy(trial => trial.Number / GroupSize).OrderBy(group => group.Key))
        {
            if (group.Count() < GroupSize && context.TrialsLeft > 0)
                continue;
            if (Continues([.. group], rungs, context) is { } number)
                return number;
        }

        return null;
    }

    private int? Continues(TrialResult[] group, int[] rungs, ResumptionContext context)
    {
        double expected = group.Length;
        for (int rung = 0; rung < rungs.Length; rung++)
        {
            // A rung is over when as many as are expected there have come, those that failed on the way counted.
            int failed = group.Count(trial => trial.Status == TrialStatus.Failed && (rung == 0 || trial.Curve.Count >= rungs[rung - 1]) && trial.Curve.Count < rungs[rung]);
            (int Number, double Loss)[] reached = [.. CurveLoss.Reached(group, context.Goal, rungs[rung])];
            if (reached.Length + failed < expected)
                return null;
            int promoted = Math.Max(1, Rungs.Promoted(reached.Length, Factor));
            int[] best = [.. reached.OrderBy(trial => trial.Loss).ThenBy(trial => trial.Number).Take(promoted).Select(trial => trial.Number)];
            TrialResult? next = group.Where(trial => best.Contains(trial.Number) && trial.Curve.Count == rungs[rung] && CurveLoss.IsPaused(trial, context))
                .OrderBy(trial => trial.Number).FirstOrDefault();
            if (next is not null)
                return next.Number;
            expected = best.Length;
        }

        return null;
    }
}
