namespace Thalweg.Regularizers;

/// <summary>Draws from distributions that the stream itself does not offer.</summary>
internal static class RandomDraws
{
    /// <summary>Beta(alpha, alpha) by two Gamma draws.</summary>
    public static double Beta(double alpha, ref RandomStream stream)
    {
        // In logarithms: for a small alpha both draws may underflow, and their ratio would be 0/0.
        double difference = LogGamma(alpha, ref stream) - LogGamma(alpha, ref stream);
        return 1 / (1 + Math.Exp(-difference));
    }

    /// <summary>Logarithm of a Gamma(shape, 1) draw. Source: Marsaglia, Tsang, "A simple method for generating gamma variables",
    /// 2000, section 6.</summary>
    private static double LogGamma(double shape, ref RandomStream stream)
    {
        double boost = shape < 1
            ? Math.Log(1 - stream.NextDouble()) / shape
            : 0, d = (shape < 1 ? shape + 1 : shape) - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = stream.NextNormal(), v = 1 + (c * x);
            if (v <= 0)
                continue;

            v = v * v * v;
            if (Math.Log(1 - stream.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
                return Math.Log(d * v) + boost;
        }
    }
}
