using MathNet.Numerics;

namespace Thalweg.Tuning;

/// <summary>The logarithm of expected improvement, without underflow far from the best value.</summary>
/// <remarks>
/// With h(z) = phi(z) + z Phi(z) the expected improvement is s h((best - m) / s). Ament et al., "Unexpected improvements to expected
/// improvement for Bayesian optimization", NeurIPS 2023, equation 9: for z below -1, h is written by the scaled complementary error function,
/// for z far below 0 by its asymptotic series.
/// </remarks>
internal static class LogImprovement
{
    private const double LogRootTwoPi = 0.918938533204672741780329736;

    /// <summary>Below it the series of three terms is exact to the last digits.</summary>
    private const double SeriesStart = -200;

    /// <summary>log h(z).</summary>
    /// <param name="z">Improvement of the mean over the best, in standard deviations.</param>
    public static double LogH(double z)
    {
        if (z > -1)
            return Math.Log(Density(z) + (z * 0.5 * SpecialFunctions.Erfc(-z / Constants.Sqrt2)));
        double square = z * z;
        double rest = z > SeriesStart
            ? 1 - (Math.Sqrt(Math.PI / 2) * -z * ScaledErfc(-z / Constants.Sqrt2))
            : (1 - ((3 - (15 / square)) / square)) / square;
        return (-0.5 * square) - LogRootTwoPi + Math.Log(rest);
    }

    /// <summary>The derivative of log h(z), which is Phi(z) / h(z).</summary>
    /// <param name="z">Improvement of the mean over the best, in standard deviations.</param>
    /// <param name="logH">log h(z).</param>
    public static double Slope(double z, double logH) => Math.Exp(LogCumulative(z) - logH);

    private static double Density(double z) => Math.Exp((-0.5 * z * z) - LogRootTwoPi);

    private static double LogCumulative(double z) => z > -1
        ? Math.Log(0.5 * SpecialFunctions.Erfc(-z / Constants.Sqrt2))
        : (-0.5 * z * z) + Math.Log(0.5 * ScaledErfc(-z / Constants.Sqrt2));

    /// <summary>exp(x^2) erfc(x) for x above 1/2.</summary>
    private static double ScaledErfc(double x)
    {
        if (x < 5)
            return Math.Exp(x * x) * SpecialFunctions.Erfc(x);

        // The continued fraction of Laplace, from its tail: Abramowitz and Stegun, 7.1.14; 40 terms are exact from 5 on.
        double tail = 0;
        for (int term = 40; term > 0; term--)
            tail = 0.5 * term / (x + tail);
        return 1 / (Math.Sqrt(Math.PI) * (x + tail));
    }
}
