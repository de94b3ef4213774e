namespace Thalweg.Tuning;

/// <summary>What samplers learn from a history: a loss for each trial, lower is better, whatever the goals are.</summary>
internal static class Observations
{
    /// <summary>Weight of the sum beside the worst weighted goal: Knowles, "ParEGO", IEEE TEC 10(1), 2006, equation 2.</summary>
    private const double SumShare = 0.05;

    /// <summary>The losses of all trials of the history.</summary>
    /// <param name="context">The history.</param>
    /// <returns>A finite loss each: that of a failed trial is the worst of the others; that of a pruned one its last figure, at least the median of
    /// those that completed. With several goals a weighted mixture of them, whose weights are drawn for each trial.</returns>
    public static double[] Losses(SuggestionContext context)
    {
        IReadOnlyList<TrialResult> history = context.History;
        double[][] perGoal = [.. context.Goals.Select((goal, index) => Losses(history, goal, index))];
        return perGoal.Length == 1 ? perGoal[0] : Mixture(perGoal, context);
    }

    /// <summary>The loss of a completed trial for a goal; NaN where it has none.</summary>
    public static double LossOf(TrialResult trial, SearchGoal goal, int index) =>
        trial.Status == TrialStatus.Completed && index < trial.Values.Count && double.IsFinite(trial.Values[index])
            ? goal.Maximize ? -trial.Values[index] : trial.Values[index]
            : double.NaN;

    /// <summary>The last finite figure of a curve as a loss; NaN where there is none.</summary>
    public static double LastLossOf(TrialResult trial, SearchGoal goal)
    {
        double last = trial.Curve.LastOrDefault(double.IsFinite, double.NaN);
        return goal.Maximize ? -last : last;
    }

    private static double[] Losses(IReadOnlyList<TrialResult> history, SearchGoal goal, int index)
    {
        double[] losses = [.. history.Select(trial => LossOf(trial, goal, index))];
        double[] known = [.. losses.Where(double.IsFinite).Order()];
        double median = known.Length == 0 ? double.NaN : known[known.Length / 2];
        for (int i = 0; i < losses.Length; i++)
        {
            if (double.IsNaN(losses[i]) && history[i].Status == TrialStatus.Pruned && index == 0)
            {
                double last = LastLossOf(history[i], goal);
                losses[i] = double.IsNaN(median) ? last : Math.Max(last, median);
            }
        }

        double worst = losses.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return [.. losses.Select(loss => double.IsFinite(loss) ? loss : worst)];
    }

    private static double[] Mixture(double[][] perGoal, SuggestionContext context)
    {
        RandomStream random = new(context.Seed, RandomPurpose.Search, (1UL << 40) + (ulong)context.Number);
        double[] weights = [.. perGoal.Select(_ => -Math.Log(1 - random.NextDouble()))];
        double total = weights.Sum();
        double[] losses = new double[context.History.Count];
        for (int i = 0; i < losses.Length; i++)
        {
            double worst = double.NegativeInfinity, sum = 0;
            for (int goal = 0; goal < perGoal.Length; goal++)
            {
                double low = perGoal[goal].Min(), range = perGoal[goal].Max() - low;
                double scaled = range > 0 ? (perGoal[goal][i] - low) / range : 0;
                worst = Math.Max(worst, weights[goal] / total * scaled);
                sum += weights[goal] / total * scaled;
            }

            losses[i] = worst + (SumShare * sum);
        }

        return losses;
    }
}
