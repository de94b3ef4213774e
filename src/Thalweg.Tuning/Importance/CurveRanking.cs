namespace Thalweg.Tuning;

/// <summary>Trials from the best to the worst, paused ones among them.</summary>
public static class CurveRanking
{
    /// <summary>Ranks the trials: those that failed are last; those that were completed are ranked by their figure; a paused one stands
    /// where it would by the best of its curve, compared with the others at the epoch at which it was paused.</summary>
    /// <param name="history">The trials.</param>
    /// <param name="goal">The goal.</param>
    public static IReadOnlyList<TrialResult> Of(IReadOnlyList<TrialResult> history, SearchGoal goal)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(goal);
        List<TrialResult> ranked = [.. StudyScheduler.Ranked(history, goal)];

        // The longest first, so that each is compared with trials that lasted as long as itself or longer.
        foreach (TrialResult paused in history.Where(result => result.Status == TrialStatus.Pruned)
            .OrderByDescending(result => result.Curve.Count).ThenBy(result => result.Number))
        {
            double own = BestOf(paused, goal, paused.Curve.Count);
            int position = ranked.FindIndex(other => BestOf(other, goal, paused.Curve.Count) < own);
            ranked.Insert(position < 0 ? ranked.Count : position, paused);
        }

        ranked.AddRange(history.Where(result => result.Status == TrialStatus.Failed));
        return ranked;
    }

    /// <summary>The best of the first epochs, the more the better; negative infinity where there is none.</summary>
    private static double BestOf(TrialResult result, SearchGoal goal, int epochs)
    {
        double best = double.NegativeInfinity;
        foreach (double value in result.Curve.Take(epochs).Where(double.IsFinite))
            best = Math.Max(best, goal.Maximize ? value : -value);
        return best;
    }
}
