using MathNet.Numerics;

namespace Thalweg.Tuning;

/// <summary>Keeps the probability of leaving a cell from falling to 0: the margin.</summary>
/// <remarks>Hamano et al., "CMA-ES with margin: lower-bounding marginal probability for mixed-integer black-box optimization", GECCO 2022, section 3: for the first and last
/// values the mean is moved (equations 9 and 10), for those between mean and deviation are (equations 11 to 17).</remarks>
internal static class IntegerMargin
{
    /// <summary>Corrects mean and dilation of a coordinate.</summary>
    /// <param name="state">The strategy.</param>
    /// <param name="index">The coordinate.</param>
    /// <param name="edges">Edges between cells, ascending, at least one.</param>
    /// <param name="margin">The least probability, dimensionless, in (0, 1/2).</param>
    public static void Apply(EvolutionState state, int index, ReadOnlySpan<double> edges, double margin)
    {
        double mean = state.Mean[index], deviation = state.DeviationOf(index);
        if (mean <= edges[0] || mean > edges[^1])
        {
            // Outer cell: the nearest edge is at most as far as the quantile of the margin.
            double edge = mean <= edges[0] ? edges[0] : edges[^1], reach = deviation * Quantile(1 - margin);
            state.Mean[index] = mean <= edges[0] ? Math.Max(mean, edge - reach) : Math.Min(mean, edge + reach);
            return;
        }

        int above = 0;
        while (edges[above] < mean)
            above++;
        double low = edges[above - 1], high = edges[above];
        double below = Math.Max(margin / 2, Cumulative((low - mean) / deviation));
        double beyond = Math.Max(margin / 2, 1 - Cumulative((high - mean) / deviation));
        double inside = 1 - Cumulative((low - mean) / deviation) - (1 - Cumulative((high - mean) / deviation));

        // What was added is taken from the parts that have more than the margin, in proportion.
        double sum = below + beyond + inside, spare = sum - (3 * margin / 2);
        below += (1 - sum) / spare * (below - (margin / 2));
        beyond += (1 - sum) / spare * (beyond - (margin / 2));
        double left = Quantile(1 - below), right = Quantile(1 - beyond);
        double corrected = (high - low) / (left + right);
        if (!(left + right > 0) || !double.IsFinite(corrected))
            return;
        state.Mean[index] = low + (corrected * left);
        state.Dilation[index] *= corrected / deviation;
    }

    private static double Cumulative(double z) => 0.5 * SpecialFunctions.Erfc(-z / Constants.Sqrt2);

    private static double Quantile(double probability) => -Constants.Sqrt2 * SpecialFunctions.ErfcInv(2 * probability);
}
