namespace Thalweg.Tuning;

/// <summary>Reads curves as losses: lower is better, whatever the goal is.</summary>
internal static class CurveLoss
{
    /// <summary>The last finite figure after at most some units of budget; NaN where there is none.</summary>
    public static double At(IReadOnlyList<double> curve, SearchGoal goal, int budget)
    {
        for (int i = Math.Min(budget, curve.Count) - 1; i >= 0; i--)
        {
            if (double.IsFinite(curve[i]))
                return goal.Maximize ? -curve[i] : curve[i];
        }

        return double.NaN;
    }

    /// <summary>The best finite figure after at most some units of budget; NaN where there is none.</summary>
    public static double Best(IReadOnlyList<double> curve, SearchGoal goal, int budget)
    {
        double best = double.NaN;
        for (int i = 0; i < Math.Min(budget, curve.Count); i++)
        {
            double loss = goal.Maximize ? -curve[i] : curve[i];
            best = double.IsFinite(loss) && !(loss >= best) ? loss : best;
        }

        return best;
    }

    /// <summary>The losses of the trials that have spent a budget, those that failed on the way excepted.</summary>
    public static IEnumerable<(int Number, double Loss)> Reached(IReadOnlyList<TrialResult> history, SearchGoal goal, int budget) =>
        from trial in history
        where trial.Curve.Count >= budget
        let loss = At(trial.Curve, goal, budget)
        where !double.IsNaN(loss)
        select (trial.Number, loss);

    /// <summary>Whether a paused trial may continue: it is paused, has a curve, and is not under way.</summary>
    public static bool IsPaused(TrialResult trial, ResumptionContext context) =>
        trial.Status == TrialStatus.Pruned && trial.Curve.Count < context.MaxBudget && !context.Running.Contains(trial.Number)
        && (trial.Curve.Count == 0 || !double.IsInfinity(trial.Curve[^1]));
}

/// <summary>Budgets at which trials are compared: the least one times powers of a factor.</summary>
internal static class Rungs
{
    /// <summary>The budgets, ascending, below that of a whole trial.</summary>
    public static int[] Of(int least, double factor, int most)
    {
        List<int> rungs = [];
        for (double budget = least; Math.Round(budget) < most; budget *= factor)
            rungs.Add((int)Math.Round(budget));
        return [.. rungs.Distinct()];
    }

    /// <summary>The share 1 / factor of a number of trials, rounded down.</summary>
    public static int Promoted(int count, double factor) => (int)Math.Floor((count / factor) + 1e-9);
}
