namespace Thalweg.Tuning;

/// <summary>Trials that no other one beats.</summary>
public static class Pareto
{
    /// <summary>The completed trials that no other completed trial beats in one goal without being worse in another, in order of the first
    /// goal, best first.</summary>
    /// <param name="history">The trials.</param>
    /// <param name="goals">The goals.</param>
    /// <returns>The trials; of several with equal figures all.</returns>
    public static IReadOnlyList<TrialResult> FrontOf(IReadOnlyList<TrialResult> history, IReadOnlyList<SearchGoal> goals)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(goals);
        TrialResult[] completed = [.. StudyScheduler.Ranked(history, goals[0]).Where(result => result.Values.All(double.IsFinite))];
        if (goals.Count == 1)
            return [.. completed.TakeWhile(result => result.Values[0].Equals(completed[0].Values[0]))];
        return [.. completed.Where(one => !completed.Any(other => Beats(other, one, goals)))];
    }

    private static bool Beats(TrialResult one, TrialResult other, IReadOnlyList<SearchGoal> goals)
    {
        bool isBetter = false;
        for (int i = 0; i < goals.Count; i++)
        {
            double ahead = goals[i].Maximize ? one.Values[i] - other.Values[i] : other.Values[i] - one.Values[i];
            if (ahead < 0)
                return false;
            isBetter |= ahead > 0;
        }

        return isBetter;
    }
}
