using System.Numerics;
using System.Runtime.CompilerServices;
using static Thalweg.Kernels.SimdMath;

namespace Thalweg.Kernels;

/// <summary>e^x and e^x - 1 over vectors.</summary>
/// <remarks>
/// x = n ln 2 + r with |r| at most ln 2 / 2, in two steps so that r keeps its digits (W. J. Cody, W. Waite, "Software manual for
/// the elementary functions", 1980, chapter 6). e^r = 1 + r + r² / 2 + r³ q(r), where q is the minimax polynomial on that interval
/// for the relative error of e^r, found with the Remez exchange algorithm in 45 digits: 2^-28.0 for degree 3 (float), 2^-57.3 for
/// degree 8 (double).
/// </remarks>
internal static class Exponential
{
    /// <summary>e^x, within 1 ulp; subnormal results are kept (gradual underflow); 0 at -∞, ∞ above the range, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V, T>(V x)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V n = Exponent<V, T>(ref x);
        return V.Scale(V.Splat(T.One) + Rest<V, T>(Reduce<V, T>(x, n)), n);
    }

    /// <summary>e^(x + low), where low is a correction to x that is too small for its last digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V, T>(V x, V low)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V n = Exponent<V, T>(ref x);
        return V.Scale(V.Splat(T.One) + Rest<V, T>(Reduce<V, T>(x, n) + low), n);
    }

    /// <summary>e^x - 1 for x up to 80, within 2 ulp near 0 too; -1 at -∞, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpMinusOne<V, T>(V x)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Below -40 the result is -1 for both types.
        x = AtLeast<V, T>(x, Constant<V, T>(-40));
        V n = V.Round(x * Constant<V, T>(1.4426950408889634));
        V power = V.PowerOfTwo(n);
        return V.Fma(Rest<V, T>(Reduce<V, T>(x, n)), power, power - V.Splat(T.One));
    }

    /// <summary>The integer n of the reduction; x is limited to where the result is neither 0 nor ∞, and a step beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exponent<V, T>(ref V x)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool single = typeof(T) == typeof(float);
        x = AtLeast<V, T>(x, Constant<V, T>(single ? -104 : -746));
        x = AtMost<V, T>(x, Constant<V, T>(single ? 89 : 710));
        return V.Round(x * Constant<V, T>(1.4426950408889634));
    }

    /// <summary>r = x - n ln 2, with ln 2 as the sum of two numbers of the type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce<V, T>(V x, V n)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool single = typeof(T) == typeof(float);
        V r = V.Fma(n, Constant<V, T>(single ? -0.6931471824645996 : -0.6931471805599453), x);
        return V.Fma(n, Constant<V, T>(single ? 1.90465429996e-9 : -2.3190468138462996155e-17), r);
    }

    /// <summary>e^r - 1 = r + r² (1/2 + r q(r)) for |r| at most ln 2 / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Rest<V, T>(V r)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V q;
        if (typeof(T) == typeof(float))
        {
            q = V.Fma(Constant<V, T>(0.001386374414), r, Constant<V, T>(0.008367508827));
            q = V.Fma(q, r, Constant<V, T>(0.04166723892));
            q = V.Fma(q, r, Constant<V, T>(0.1666653381));
        }
        else
        {
            q = V.Fma(Constant<V, T>(2.49783294580346696e-8), r, Constant<V, T>(2.76252440433037873e-7));
            q = V.Fma(q, r, Constant<V, T>(2.7557641369196412e-6));
            q = V.Fma(q, r, Constant<V, T>(0.0000248015085502815789));
            q = V.Fma(q, r, Constant<V, T>(0.000198412694653167364));
            q = V.Fma(q, r, Constant<V, T>(0.00138888889268917234));
            q = V.Fma(q, r, Constant<V, T>(0.00833333333350057737));
            q = V.Fma(q, r, Constant<V, T>(0.0416666666666037475));
            q = V.Fma(q, r, Constant<V, T>(0.166666666666664324));
        }

        q = V.Fma(q, r, Constant<V, T>(0.5));
        return V.Fma(q, r * r, r);
    }
}
