namespace Thalweg.Metrics;

/// <summary>Quantiles of Student's t distribution.</summary>
internal static class StudentQuantile
{
    private const int Halvings = 200;

    /// <summary>The number below which a t-distributed one lies with a probability.</summary>
    /// <remarks>The inverse of P(T &lt;= t) = 1 - I(v / (v + t^2); v/2, 1/2) / 2 by bisection; I is the regularized incomplete beta function.
    /// Source: Abramowitz, Stegun, "Handbook of mathematical functions", 1964, 26.7.1 and 26.5.8.</remarks>
    /// <param name="probability">The probability, in (0, 1).</param>
    /// <param name="freedom">Degrees of freedom, 1 or more.</param>
    public static double Of(double probability, int freedom)
    {
        if (probability < 0.5)
            return -Of(1 - probability, freedom);
        double low = 0, high = 1;
        while (Below(high, freedom) < probability)
            high *= 2;
        for (int i = 0; i < Halvings && low < high; i++)
        {
            double middle = low + ((high - low) / 2);
            if (middle == low || middle == high)
                break;
            (low, high) = Below(middle, freedom) < probability ? (middle, high) : (low, middle);
        }

        return high;
    }

    private static double Below(double t, int freedom) => 1 - (Beta(freedom / (freedom + (t * t)), freedom / 2.0, 0.5) / 2);

    private static double Beta(double x, double a, double b)
    {
        if (x >= 1)
            return 1;
        double front = Math.Exp((a * Math.Log(x)) + (b * Math.Log(1 - x)) + LogGamma(a + b) - LogGamma(a) - LogGamma(b));

        // The continued fraction converges fast below the mean; above it the complement does.
        return x < (a + 1) / (a + b + 2) ? front * Fraction(x, a, b) / a : 1 - (front * Fraction(1 - x, b, a) / b);
    }

    /// <summary>The continued fraction of the incomplete beta function, by the method of Lentz.</summary>
    private static double Fraction(double x, double a, double b)
    {
        const double Tiny = 1e-300;
        double c = 1, d = 1 / NotZero(1 - ((a + b) * x / (a + 1))), result = d;
        for (int m = 1; m <= 500; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            (c, d) = (NotZero(1 + (even / c)), 1 / NotZero(1 + (even * d)));
            result *= c * d;
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            (c, d) = (NotZero(1 + (odd / c)), 1 / NotZero(1 + (odd * d)));
            result *= c * d;
            if (Math.Abs((c * d) - 1) < 1e-16)
                break;
        }

        return result;

        static double NotZero(double number) => Math.Abs(number) < Tiny ? Tiny : number;
    }

    /// <summary>Logarithm of the gamma function of whole and half numbers, by its recurrence.</summary>
    private static double LogGamma(double x)
    {
        double log = x == Math.Floor(x) ? 0 : Math.Log(Math.PI) / 2, at = x == Math.Floor(x) ? 1 : 0.5;
        for (; at < x; at++)
            log += Math.Log(at);
        return log;
    }
}
