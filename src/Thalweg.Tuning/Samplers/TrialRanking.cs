namespace Thalweg.Tuning;

/// <summary>The order of trials from the best on, whatever the goals are.</summary>
internal static class TrialRanking
{
    /// <summary>Indices into the history: completed trials, then pruned ones, those that came farther first, then failed ones.</summary>
    public static int[] Order(SuggestionContext context)
    {
        IReadOnlyList<TrialResult> history = context.History;
        int[] completed = [.. Enumerable.Range(0, history.Count).Where(i => IsComplete(history[i], context.Goals))];
        IEnumerable<int> ranked = context.Goals.Count == 1
            ? completed.OrderBy(i => Observations.LossOf(history[i], context.Goals[0], 0))
            : ByFronts(completed, context);
        IEnumerable<int> others = Enumerable.Range(0, history.Count).Except(completed)
            .OrderBy(i => history[i].Status == TrialStatus.Pruned ? 0 : 1)
            .ThenByDescending(i => history[i].Curve.Count)
            .ThenBy(i => Observations.LastLossOf(history[i], context.Goals[0]) is var loss && double.IsNaN(loss) ? double.PositiveInfinity : loss);
        return [.. ranked, .. others];
    }

    private static bool IsComplete(TrialResult trial, IReadOnlyList<SearchGoal> goals) =>
        Enumerable.Range(0, goals.Count).All(goal => !double.IsNaN(Observations.LossOf(trial, goals[goal], goal)));

    /// <summary>Pareto fronts one after the other, within a front those with the most room around them first (Deb et al., "NSGA-II", IEEE TEC 6(2),
    /// 2002, section III).</summary>
    private static IEnumerable<int> ByFronts(int[] trials, SuggestionContext context)
    {
        Dictionary<int, double[]> losses = trials.ToDictionary(i => i, i => context.Goals
            .Select((goal, index) => Observations.LossOf(context.History[i], goal, index)).ToArray());
        List<int> rest = [.. trials];
        while (rest.Count > 0)
        {
            int[] front = [.. rest.Where(i => !rest.Any(other => Dominates(losses[other], losses[i])))];
            Dictionary<int, double> room = Room(front, losses);
            foreach (int trial in front.OrderByDescending(i => room[i]))
                yield return trial;
            rest.RemoveAll(front.Contains);
        }
    }

    private static bool Dominates(double[] left, double[] right) =>
        left.Zip(right).All(pair => pair.First <= pair.Second) && left.Zip(right).Any(pair => pair.First < pair.Second);

    private static Dictionary<int, double> Room(int[] front, Dictionary<int, double[]> losses)
    {
        Dictionary<int, double> room = front.ToDictionary(i => i, _ => 0.0);
        for (int goal = 0; goal < losses[front[0]].Length; goal++)
        {
            int[] order = [.. front.OrderBy(i => losses[i][goal])];
            double range = losses[order[^1]][goal] - losses[order[0]][goal];
            for (int k = 0; k < order.Length; k++)
            {
                room[order[k]] += k == 0 || k == order.Length - 1 || range == 0
                    ? double.PositiveInfinity
                    : (losses[order[k + 1]][goal] - losses[order[k - 1]][goal]) / range;
            }
        }

        return room;
    }
}
