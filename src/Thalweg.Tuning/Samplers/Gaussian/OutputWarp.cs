using MathNet.Numerics;

namespace Thalweg.Tuning;

/// <summary>How losses are warped before a Gaussian process sees them.</summary>
public enum OutputWarping
{
    /// <summary>Mean 0, variance 1.</summary>
    None,

    /// <summary>The power transform of Yeo and Johnson, with the exponent of the greatest likelihood under a normal distribution.</summary>
    YeoJohnson,

    /// <summary>Losses above the median at their normal quantiles, as far from the median as the better half reaches.</summary>
    HalfRank,
}

/// <summary>Warps losses so that a few very bad ones do not decide the fit.</summary>
internal static class OutputWarp
{
    /// <summary>The warped losses, of mean 0 and variance 1; the order is kept.</summary>
    public static double[] Apply(double[] losses, OutputWarping warping)
    {
        double[] warped = warping switch
        {
            OutputWarping.YeoJohnson => YeoJohnson(Standard(losses)),
            OutputWarping.HalfRank => HalfRank(losses),
            _ => losses,
        };
        return Standard(warped);
    }

    private static double[] Standard(double[] values)
    {
        double mean = values.Average(), deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
        return [.. values.Select(value => deviation > 1e-300 ? (value - mean) / deviation : 0)];
    }

    /// <summary>Yeo and Johnson, "A new family of power transformations to improve normality or symmetry", Biometrika 87(4), 2000, equation 2.1, with
    /// lambda from -3 to 3 by its likelihood, equation 3.1; as in HEBO (Cowen-Rivers et al., JAIR 74, 2022, section 4.1).</summary>
    private static double[] YeoJohnson(double[] values)
    {
        double best = 1, bestLog = double.NegativeInfinity;
        for (double lambda = -3; lambda <= 3.001; lambda += 0.1)
        {
            double[] powered = [.. values.Select(value => Power(value, lambda))];
            double mean = powered.Average(), variance = powered.Sum(value => (value - mean) * (value - mean)) / powered.Length;
            double log = (-0.5 * values.Length * Math.Log(variance)) + ((lambda - 1) * values.Sum(value => Math.Sign(value) * Math.Log(1 + Math.Abs(value))));
            if (variance > 0 && log > bestLog)
                (best, bestLog) = (lambda, log);
        }

        return [.. values.Select(value => Power(value, best))];
    }

    private static double Power(double value, double lambda)
    {
        if (value >= 0)
            return Math.Abs(lambda) < 1e-9 ? Math.Log(1 + value) : (Math.Pow(1 + value, lambda) - 1) / lambda;
        double other = 2 - lambda;
        return Math.Abs(other) < 1e-9 ? -Math.Log(1 - value) : -(Math.Pow(1 - value, other) - 1) / other;
    }

    /// <summary>Song et al., "The Vizier Gaussian process bandit algorithm", 2024, section 4.1: the worse half is placed by rank.</summary>
    private static double[] HalfRank(double[] losses)
    {
        double[] sorted = [.. losses.Order()];
        double median = sorted[sorted.Length / 2];
        double[] better = [.. losses.Where(loss => loss <= median)];
        double spread = Math.Sqrt(better.Sum(loss => (loss - median) * (loss - median)) / better.Length);
        if (!(spread > 0))
            return losses;
        return [.. losses.Select(loss =>
        {
            if (loss <= median)
                return loss;
            int rank = Array.BinarySearch(sorted, loss);
            while (rank > 0 && sorted[rank - 1] == loss)
                rank--;
            double share = (rank + 0.5) / sorted.Length;
            return median + (spread * Constants.Sqrt2 * SpecialFunctions.ErfInv((2 * share) - 1));
        })];
    }
}
