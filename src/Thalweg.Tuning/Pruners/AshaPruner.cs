namespace Thalweg.Tuning;

/// <summary>Asynchronous successive halving: a trial continues from a rung as soon as it is among the best part of those that have come there.</summary>
/// <remarks>
/// Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020, algorithm 2. A paused trial that comes to be among the best part, because
/// worse ones followed, continues before a new one starts, the highest rung first: Optuna's successive halving stops trials for good instead.
/// </remarks>
public sealed record AshaPruner : Pruner
{
    /// <summary>Budget of the first rung, in units of budget, 1 or more; default 1.</summary>
    public int MinBudget { get; init => field = AtLeast(1, value); } = 1;

    /// <summary>How many trials a rung has for each that continues, and how much longer the next one is, dimensionless, 2 or more; default 3.</summary>
    public int Factor { get; init => field = AtLeast(2, value); } = 3;

    /// <inheritdoc/>
    protected override PruneDecision DecideCore(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Decide(context, Rungs.Of(MinBudget, Factor, context.MaxBudget), Factor, static _ => true);
    }

    /// <inheritdoc/>
    public override int? Resume(ResumptionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Resume(context, Rungs.Of(MinBudget, Factor, context.MaxBudget), Factor, static _ => true);
    }

    /// <summary>Decides at a rung, among the trials that belong to it.</summary>
    internal static PruneDecision Decide(PruningContext context, int[] rungs, int factor, Func<int, bool> belongs)
    {
        int budget = context.Curve.Count;
        double loss = CurveLoss.At(context.Curve, context.Goal, budget);
        if (!rungs.Contains(budget) || double.IsNaN(loss))
            return PruneDecision.Continue;
        double[] others = [.. CurveLoss.Reached(context.History, context.Goal, budget)
            .Where(other => other.Number != context.Number && belongs(other.Number)).Select(other => other.Loss)];
        int promoted = Rungs.Promoted(others.Length + 1, factor);
        return others.Count(other => other <= loss) < promoted ? PruneDecision.Continue : PruneDecision.Pause;
    }

    /// <summary>The paused trial that may continue from the highest rung.</summary>
    internal static int? Resume(ResumptionContext context, int[] rungs, int factor, Func<int, bool> belongs)
    {
        for (int rung = rungs.Length - 1; rung >= 0; rung--)
        {
            (int Number, double Loss)[] reached =
                [.. CurveLoss.Reached(context.History, context.Goal, rungs[rung]).Where(trial => belongs(trial.Number))];
            int[] best = [.. reached.OrderBy(trial => trial.Loss).ThenBy(trial => trial.Number)
                .Take(Rungs.Promoted(reached.Length, factor)).Select(trial => trial.Number)];
            TrialResult? next = context.History.FirstOrDefault(trial =>
                best.Contains(trial.Number) && trial.Curve.Count == rungs[rung] && CurveLoss.IsPaused(trial, context));
            if (next is not null)
                return next.Number;
        }

        return null;
    }
}

/// <summary>Hyperband: several asynchronous halvings side by side, which start with more or less budget, for curves that cross.</summary>
/// <remarks>
/// Li et al., "Hyperband: a novel bandit-based approach to hyperparameter optimization", JMLR 18, 2018, algorithm 1: bracket s starts with max / factor^s units of budget and
/// ceil((s_max + 1) / (s + 1) factor^s) trials. Which bracket a trial belongs to follows from its number; within a bracket trials continue as in
/// <see cref="AshaPruner"/>.
/// </remarks>
public sealed record HyperbandPruner : Pruner
{
    /// <summary>Budget of the first rung of the first bracket, in units of budget, 1 or more; default 1.</summary>
    public int MinBudget { get; init => field = AtLeast(1, value); } = 1;

    /// <summary>How many trials a rung has for each that continues, and how much longer the next one is, dimensionless, 2 or more; default 3.</summary>
    public int Factor { get; init => field = AtLeast(2, value); } = 3;

    /// <inheritdoc/>
    protected override PruneDecision DecideCore(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] rungs = Rungs.Of(MinBudget, Factor, context.MaxBudget);
        int bracket = BracketOf(context.Number, rungs.Length);
        return AshaPruner.Decide(context, rungs[bracket..], Factor, number => BracketOf(number, rungs.Length) == bracket);
    }

    /// <inheritdoc/>
    public override int? Resume(ResumptionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] rungs = Rungs.Of(MinBudget, Factor, context.MaxBudget);
        for (int bracket = 0; bracket < rungs.Length; bracket++)
        {
            int own = bracket;
            if (AshaPruner.Resume(context, rungs[bracket..], Factor, number => BracketOf(number, rungs.Length) == own) is { } next)
                return next;
        }

        return null;
    }

    /// <summary>The bracket of a trial: 0 starts with the least budget; the last has the whole budget from the start.</summary>
    /// <param name="number">Number of the trial, from 0.</param>
    /// <param name="rungs">Rungs of bracket 0.</param>
    internal int BracketOf(int number, int rungs)
    {
        int[] sizes = [.. Enumerable.Range(0, rungs + 1).Select(bracket => BracketSize(rungs - bracket, rungs))];
        int rest = number % sizes.Sum(), at = 0;
        while (rest >= sizes[at])
            rest -= sizes[at++];
        return at;
    }

    private int BracketSize(int s, int most) => (int)Math.Ceiling((most + 1.0) / (s + 1) * Math.Pow(Factor, s));
}

/// <summary>The screen: all trials spend a little budget, and when no more start the best of them have the rest.</summary>
/// <remarks>Egele et al., "Is one epoch all you need for multi-fidelity hyperparameter optimization?", arXiv 2307.15422, 2023, section 3: one epoch, then the best
/// three are trained to the end.</remarks>
public sealed record ScreenPruner : Pruner
{
    /// <summary>Budget of the screen, in units of budget, 1 or more; default 1.</summary>
    public int MinBudget { get; init => field = AtLeast(1, value); } = 1;

    /// <summary>Trials that have the rest, dimensionless, 1 or more; default 3.</summary>
    public int Kept { get; init => field = AtLeast(1, value); } = 3;

    /// <inheritdoc/>
    protected override PruneDecision DecideCore(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Curve.Count == MinBudget ? PruneDecision.Pause : PruneDecision.Continue;
    }

    /// <inheritdoc/>
    public override int? Resume(ResumptionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.TrialsLeft > 0)
            return null;
        int[] best = [.. CurveLoss.Reached(context.History, context.Goal, MinBudget)
            .OrderBy(trial => trial.Loss).ThenBy(trial => trial.Number).Take(Kept).Select(trial => trial.Number)];
        return context.History.FirstOrDefault(trial => best.Contains(trial.Number) && CurveLoss.IsPaused(trial, context))?.Number;
    }
}
