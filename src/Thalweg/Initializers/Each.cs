using MathNet.Numerics;

namespace Thalweg.Initializers;

/// <summary>Fills every element; both element types see the same draws.</summary>
internal static class Each
{
    public static void Set(Tensor target, double value)
    {
        for (long i = 0; i < target.Length; i++)
            target.Write(i, value);
    }

    public static void Normal(Tensor target, double mean, double deviation, ref RandomStream stream)
    {
        for (long i = 0; i < target.Length; i++)
            target.Write(i, mean + (deviation * stream.NextNormal()));
    }

    public static void Uniform(Tensor target, double low, double high, ref RandomStream stream)
    {
        for (long i = 0; i < target.Length; i++)
            target.Write(i, stream.NextDouble(low, high));
    }

    /// <summary>The normal law on [low, high], by its inverse distribution function: one draw for each element, however far out
    /// the interval is.</summary>
    public static void Truncated(Tensor target, (double Mean, double Deviation) law, double low, double high, ref RandomStream stream)
    {
        double from = (low - law.Mean) / law.Deviation, to = (high - law.Mean) / law.Deviation;
        // The lower tail keeps its digits; an interval in the upper one is mirrored.
        double sign = from > 0 ? -1 : 1;
        (double near, double far) = from > 0 ? (-to, -from) : (from, to);
        double first = Below(near), last = Below(far);
        for (long i = 0; i < target.Length; i++)
        {
            double z = -Math.Sqrt(2) * SpecialFunctions.ErfcInv(2 * stream.NextDouble(first, last));
            target.Write(i, Math.Clamp(law.Mean + (law.Deviation * sign * Math.Clamp(z, near, far)), low, high));
        }
    }

    /// <summary>Probability that a standard normal number is below z.</summary>
    private static double Below(double z) => 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2));
}
