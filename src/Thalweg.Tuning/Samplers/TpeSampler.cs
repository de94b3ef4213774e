namespace Thalweg.Tuning;

/// <summary>Proposes points that are likely among good trials and unlikely among the others: tree-structured Parzen estimators.</summary>
/// <remarks>
/// Bergstra et al., "Algorithms for hyper-parameter optimization", NeurIPS 2011: of some draws from the density l of the good trials the one with the greatest l / g, where g is
/// the density of the others. All parameters in one density (multivariate), conditional ones included. Good are the best gamma of the trials, at most 25; weights of the
/// others fall with age beyond the last 25; widths of kernels are distances to neighbors. Optuna 5 has the same startup of 10 trials, gamma 0.1 and the same weights and
/// widths; it draws 24 points and leaves conditional parameters to densities of their own, unless it is told group=True.
/// </remarks>
public sealed record TpeSampler : Sampler
{
    /// <summary>Good trials at most, and latest trials with full weight.</summary>
    private const int MostGood = 25, FullWeight = 25;

    /// <summary>Random trials before the first densities, dimensionless, 1 or more; default 10.</summary>
    public int StartupTrials { get; init => field = AtLeast(1, value); } = 10;

    /// <summary>Draws of which the best is proposed, dimensionless, 1 or more; default 64 (Optuna 24).</summary>
    public int Candidates { get; init => field = AtLeast(1, value); } = 64;

    /// <summary>Share of the trials that count as good, dimensionless, in [0, 1]; default 0.1.</summary>
    public double Gamma { get; init => field = Within(value, 0, 1); } = 0.1;

    /// <inheritdoc/>
    public override TrialPoint Suggest(SuggestionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.History.Count < StartupTrials)
            return new SobolSampler().Suggest(context);
        UnitSpace space = new(context.Space);
        int[] ranked = TrialRanking.Order(context);
        int good = Math.Min(MostGood, (int)Math.Ceiling(Gamma * ranked.Length));
        TrialPoint[] below = [.. ranked.Take(good).Order().Select(i => context.History[i].Point)];
        TrialPoint[] above = [.. ranked.Skip(good).Order().Select(i => context.History[i].Point), .. context.Pending];
        ParzenMixture likely = Mixture(space, below), unlikely = Mixture(space, above);
        RandomStream random = context.NewStream();
        (double[]? best, double bestRatio) = (null, double.NegativeInfinity);
        for (int i = 0; i < Candidates; i++)
        {
            (double[] point, bool[] isActive) = likely.Draw(ref random);
            double ratio = likely.LogDensity(point, isActive) - unlikely.LogDensity(point, isActive);
            if (best is null || ratio > bestRatio)
                (best, bestRatio) = (point, ratio);
        }

        return context.Space.FromUnit([.. best!.Select(unit => Math.Max(unit, 0))]);
    }

    private static ParzenMixture Mixture(UnitSpace space, TrialPoint[] points)
    {
        double[][] features = [.. points.Select(space.Features)];
        bool[][] isActive = [.. points.Select(point => space.Space.Select(parameter => point[parameter.Path] is not null).ToArray())];
        return new(space, features, isActive, Weights(points.Length));
    }

    /// <summary>1 for the latest, less for those before: a line from 1 / n up to 1.</summary>
    private static double[] Weights(int count)
    {
        int old = count - FullWeight;
        return [.. Enumerable.Range(0, count).Select(i => i >= old || old < 2 ? 1 : (1.0 / count) + ((1 - (1.0 / count)) * i / (old - 1)))];
    }
}
