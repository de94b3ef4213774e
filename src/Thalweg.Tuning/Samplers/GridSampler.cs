namespace Thalweg.Tuning;

/// <summary>Tries each combination of some values of each parameter, in an order that the seed shuffles.</summary>
/// <remarks>Values stand at equal distances on the scale of the distribution, its ends included; of a parameter with fewer values than
/// <see cref="Points"/>, and of a choice, all are tried. Combinations that differ only in parameters that are left out count once. After the last
/// combination the first comes again. The order is shuffled because a study may end before the grid does.</remarks>
public sealed record GridSampler : Sampler
{
    /// <summary>Makes it.</summary>
    /// <param name="points">Values of a parameter that has more, dimensionless, 1 or more; default 5.</param>
    /// <exception cref="ThalwegException">It is out of range.</exception>
    public GridSampler(int points = 5) => Points = points;

    /// <summary>Most combinations: their order is held in memory.</summary>
    private const long Most = 1_000_000;

    /// <summary>Values of a parameter that has more, dimensionless, 1 or more; default 5.</summary>
    public int Points { get; init => field = AtLeast(1, value); }

    /// <inheritdoc/>
    public override long? MaximumTrials(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return Combinations(space).Count;
    }

    /// <inheritdoc/>
    public override TrialPoint Suggest(SuggestionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IReadOnlyList<TrialPoint> all = Combinations(context.Space);
        int[] order = [.. Enumerable.Range(0, all.Count)];
        new RandomStream(context.Seed, RandomPurpose.Search, 3UL << 40).Shuffle(order.AsSpan());
        return all[order[context.Number % order.Length]];
    }

    private List<TrialPoint> Combinations(SearchSpace space)
    {
        double[][] values = [.. space.Select(parameter => Values(parameter.Distribution))];
        double count = values.Aggregate(1.0, (product, each) => product * each.Length);
        if (count > Most)
        {
            throw new ThalwegException($"[grid] expected at most {Most} combinations, got {count:G3} ({string.Join(" x ", values.Select(each => each.Length))}); "
                + "search fewer parameters, give fewer points, or take the random sampler");
        }

        HashSet<TrialPoint> seen = [];
        List<TrialPoint> points = [];
        double[] units = new double[space.Count];
        for (long number = 0; number < count; number++)
        {
            long rest = number;
            for (int i = 0; i < units.Length; i++)
            {
                units[i] = values[i][rest % values[i].Length];
                rest /= values[i].Length;
            }

            TrialPoint point = space.FromUnit(units);
            if (seen.Add(point))
                points.Add(point);
        }

        return points;
    }

    private double[] Values(Distribution distribution)
    {
        int count = distribution.IsCategorical ? (int)distribution.Count!.Value : (int)Math.Min(Points, distribution.Count ?? long.MaxValue);
        return distribution.Count == count
            ? [.. Enumerable.Range(0, count).Select(i => (i + 0.5) / count)]
            : [.. Enumerable.Range(0, count).Select(i => count == 1 ? 0.5 : (double)i / (count - 1))];
    }
}
