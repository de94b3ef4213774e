namespace Thalweg.Tuning;

/// <summary>How much of a good result a setting decides.</summary>
/// <param name="Path">The setting.</param>
/// <param name="Importance">Its share of all settings together, in [0, 1].</param>
/// <param name="Trials">Trials that had it.</param>
public sealed record SettingImportance(string Path, double Importance, int Trials);

/// <summary>Importance of settings by the distribution of their values among good trials.</summary>
/// <remarks>
/// PED-ANOVA (Watanabe, Bansal, Hutter, arXiv 2304.10255): with the density p of a setting among the best share g of all trials and the
/// density q among the best share G, the importance in the region of the better trials is the variance of p / q under q, which is the
/// Pearson divergence of p from q (equation 9, with the closed form of section 4.2): v = sum_k q_k (p_k / q_k - 1)^2, over the cells
/// of a grid in the unit interval of the distribution. The importances are scaled to the sum 1. Densities are sums of Gaussian kernels on
/// the grid with the bandwidth of Scott's rule and a uniform kernel as prior, as in the paper; values without an order are counted with one
/// count each as prior. Paused trials count as well: by what their curve had come to, compared at the same epoch, so that none is left out of
/// the ranking; see <see cref="CurveRanking"/>. Only trials that have a setting are counted for it.
/// </remarks>
public static class PedAnova
{
    private const int Cells = 50;

    /// <summary>The importance of each setting.</summary>
    /// <param name="space">The space.</param>
    /// <param name="history">The trials.</param>
    /// <param name="goal">The goal that ranks them.</param>
    /// <param name="better">Share of the trials that are good, above 0 and below <paramref name="region"/>; default 0.1.</param>
    /// <param name="region">Share of the trials that they are compared with, at most 1; default 1, all of them.</param>
    /// <returns>The settings, the most important first; empty where there are fewer than 10 trials.</returns>
    public static IReadOnlyList<SettingImportance> Of(
        SearchSpace space, IReadOnlyList<TrialResult> history, SearchGoal goal, double better = 0.1, double region = 1)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(history);
        if (!(better > 0 && better < region && region <= 1))
        {
            throw new ThalwegException($"[importance] expected shares with 0 < better < region <= 1, got {better} and {region}; 0.1 and 1 are "
                + "usual");
        }

        IReadOnlyList<TrialResult> ranked = CurveRanking.Of(history, goal);
        const int Fewest = 10;
        if (ranked.Count < Fewest)
            return [];
        double[] divergences = [.. space.Select(parameter => Divergence(parameter, ranked, better, region))];
        double sum = divergences.Sum();
        return
        [
            .. space.Zip(divergences).Select(item => new SettingImportance(
                item.First.Path, sum > 0 ? item.Second / sum : 0, ranked.Count(result => result.Point[item.First.Path] is not null)))
                .OrderByDescending(item => item.Importance).ThenBy(item => item.Path, StringComparer.Ordinal),
        ];
    }

    private static double Divergence(SearchParameter parameter, IReadOnlyList<TrialResult> ranked, double better, double region)
    {
        TrialValue[] values = [.. ranked.Select(result => result.Point[parameter.Path]).OfType<TrialValue>()
            .Where(parameter.Distribution.Contains)];
        int good = Math.Max(2, (int)Math.Ceiling(better * values.Length)), all = Math.Max(good + 1, (int)Math.Ceiling(region * values.Length));
        if (values.Length < all)
            return 0;
        int cells = parameter.Distribution.IsCategorical ? (int)parameter.Distribution.Count!.Value
            : (int)Math.Min(Cells, parameter.Distribution.Count ?? Cells);
        double[] p = DensityOf(parameter.Distribution, values.AsSpan(0, good), cells), q = DensityOf(parameter.Distribution, values.AsSpan(0, all), cells);
        double sum = 0;
        for (int k = 0; k < cells; k++)
            sum += q[k] * ((p[k] / q[k]) - 1) * ((p[k] / q[k]) - 1);
        return sum;
    }

    /// <summary>Probability of each cell of the unit interval.</summary>
    private static double[] DensityOf(Distribution distribution, ReadOnlySpan<TrialValue> values, int cells)
    {
        double[] density = new double[cells];
        double[] units = new double[values.Length];
        for (int i = 0; i < units.Length; i++)
            units[i] = distribution.ToUnit(values[i]);
        if (distribution.IsCategorical)
        {
            foreach (double unit in units)
                density[Math.Min(cells - 1, (int)(unit * cells))]++;
        }
        else
        {
            AddKernels(density, units);
        }

        // The prior: a uniform kernel of one count.
        for (int k = 0; k < cells; k++)
            density[k] = (density[k] + (1.0 / cells)) / (units.Length + 1);
        return density;
    }

    /// <summary>Adds a Gaussian kernel for each value, cut to the unit interval.</summary>
    private static void AddKernels(double[] density, double[] units)
    {
        double mean = units.Average(), deviation = Math.Sqrt(units.Sum(unit => (unit - mean) * (unit - mean)) / units.Length);
        double bandwidth = Math.Max(1.059 * deviation * Math.Pow(units.Length, -0.2), 1.0 / density.Length);
        double[] kernel = new double[density.Length];
        foreach (double unit in units)
        {
            double sum = 0;
            for (int k = 0; k < kernel.Length; k++)
            {
                double distance = (((k + 0.5) / kernel.Length) - unit) / bandwidth;
                sum += kernel[k] = Math.Exp(-0.5 * distance * distance);
            }

            for (int k = 0; k < kernel.Length; k++)
                density[k] += kernel[k] / sum;
        }
    }
}
