namespace Thalweg.Tuning;

/// <summary>A box around the best trial that grows with success and shrinks with failure, as a function of the losses alone.</summary>
/// <remarks>Eriksson et al., "Scalable global optimization via local Bayesian optimization", NeurIPS 2019, section 3.1, with its numbers: sides start at
/// 0.8 and double after 3 improvements in a row up to 1.6, halve after max(4, d) trials without one, and start anew below 2^-7; sides are longer for parameters
/// that matter less.</remarks>
internal static class TrustRegion
{
    private const double Start = 0.8, Most = 1.6, Least = 1.0 / 128, Needed = 1e-3;
    private const int Successes = 3;

    /// <summary>The whole cube.</summary>
    public static (double[] Low, double[] High) Whole(int count) => (new double[count], [.. Enumerable.Repeat(1.0, count)]);

    /// <summary>The box.</summary>
    /// <param name="center">The best trial.</param>
    /// <param name="losses">Losses in order.</param>
    /// <param name="weights">1 / l^2 of each input.</param>
    public static (double[] Low, double[] High) Around(double[] center, ReadOnlySpan<double> losses, IReadOnlyList<double> weights)
    {
        double side = Side(losses, Math.Max(4, center.Length));
        double meanLog = weights.Average(weight => -0.5 * Math.Log(weight));
        double[] low = new double[center.Length], high = new double[center.Length];
        for (int d = 0; d < center.Length; d++)
        {
            double half = 0.5 * side * Math.Exp((-0.5 * Math.Log(weights[d])) - meanLog);
            (low[d], high[d]) = (Math.Clamp(center[d] - half, 0, 1), Math.Clamp(center[d] + half, 0, 1));
        }

        return (low, high);
    }

    /// <summary>The side of the box after some losses.</summary>
    public static double Side(ReadOnlySpan<double> losses, int failures)
    {
        double side = Start, best = double.PositiveInfinity;
        int good = 0, bad = 0;
        foreach (double loss in losses)
        {
            bool isBetter = loss < best - (Needed * Math.Abs(best)) || double.IsInfinity(best);
            (good, bad) = isBetter ? (good + 1, 0) : (0, bad + 1);
            best = Math.Min(best, loss);
            if (good == Successes)
                (side, good) = (Math.Min(2 * side, Most), 0);
            if (bad == failures)
                (side, bad) = (side / 2, 0);
            if (side < Least)
                side = Start;
        }

        return side;
    }
}
