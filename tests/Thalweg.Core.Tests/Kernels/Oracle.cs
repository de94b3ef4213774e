using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

/// <summary>Reference mathematics in double that .NET does not have, by other formulas than those under test.</summary>
internal static unsafe class Oracle
{
    private const int FractionBits = 160;

    /// <summary>log(1 + f) by Kahan's correction.</summary>
    public static double LogOnePlus(double f)
    {
        double u = 1 + f;
        return u == 1 ? f : Math.Log(u) * f / (u - 1);
    }

    /// <summary>e^x - 1 by Kahan's correction.</summary>
    public static double ExpMinusOne(double x)
    {
        double u = Math.Exp(x);
        return u == 1 ? x : u - 1 == -1 ? -1 : double.IsInfinity(u) ? u : (u - 1) * x / Math.Log(u);
    }

    public static double Sigmoid(double x) => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));

    public static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    /// <summary>The error function: the double kernel, which <see cref="AccuracyTests"/> holds against <see cref="ErfSeries"/>.</summary>
    public static double Erf(double x)
    {
        double y;
        Map.Run(VectorWidth.Scalar, new Erf<double>(), &x, &y, 1);
        return y;
    }

    /// <summary>x Φ(x), -0 at -∞.</summary>
    public static double Gelu(double x) => double.IsInfinity(x) ? (x > 0 ? x : -0.0) : x * 0.5 * (1 + Erf(x / Math.Sqrt(2)));

    /// <summary>erf x for |x| up to 6, in fixed point with 160 bits: its Taylor series, all of it.</summary>
    public static BigInteger ErfSeries(double x)
    {
        BigInteger factor = BigInteger.Parse("1128379167095512573896158903121545171688101258657997713");
        factor = (factor << FractionBits) / BigInteger.Pow(10, 54);
        BigInteger fixedX = Fixed(x), square = (fixedX * fixedX) >> FractionBits, power = fixedX, sum = 0;
        for (int n = 0; !power.IsZero && power != -1; n++)
        {
            sum += power / ((2 * n) + 1);
            power = (-power * square / (n + 1)) >> FractionBits;
        }

        return (sum * factor) >> FractionBits;
    }

    /// <summary>A number that is a multiple of 2^-160, exactly.</summary>
    public static BigInteger Fixed(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int shift = (int)((bits >> 52) & 0x7FF) - 1075 + FractionBits;
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFFL) | 0x10000000000000L;
        return x == 0 ? 0 : (x < 0 ? -1 : 1) * (shift >= 0 ? mantissa << shift : mantissa >> -shift);
    }

    /// <summary>Distance of a double from a fixed-point number in units in its last place.</summary>
    public static double Ulps(double actual, BigInteger expected)
    {
        BigInteger unit = Fixed(Math.BitIncrement(Math.Abs(actual))) - Fixed(Math.Abs(actual));
        return (double)BigInteger.Abs(Fixed(actual) - expected) / (double)unit;
    }

    /// <summary>One unit in the last place of |x| in the type.</summary>
    public static double Ulp<T>(double x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T size = T.Abs(T.CreateTruncating(x));
        return T.IsFinite(size) && T.IsFinite(T.BitIncrement(size))
            ? Wide(T.BitIncrement(size)) - Wide(size)
            : Ulp<T>(Largest<T>() / 2) * 2;
    }

    /// <summary>The largest finite number of the type.</summary>
    public static double Largest<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Wide(T.BitDecrement(T.PositiveInfinity));

    /// <summary>The number as a double.</summary>
    public static double Wide<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => double.CreateTruncating(x);
}
