using System.Numerics;
using System.Runtime.CompilerServices;
using static Thalweg.Kernels.SimdMath;

namespace Thalweg.Kernels;

/// <summary>Natural logarithms over vectors.</summary>
/// <remarks>
/// x = 2^k (1 + f) with 1 + f between √½ and √2, and s = f / (2 + f): log(1 + f) = 2 atanh(s) = 2 s + s R(s²), an idea of the logarithm in
/// Sun's fdlibm (K. C. Ng, 1993). R(z) = z Q(z), where Q is the minimax polynomial for the error of R on the interval of z, found with the
/// Remez exchange algorithm in 45 digits: relative to 2 atanh(s), 2^-37.6 for degree 3 (float), 2^-66.6 for degree 7 (double).
/// </remarks>
internal static class Logarithm
{
    /// <summary>log x, within 1 ulp, subnormal x included; -∞ at 0, NaN below, ∞ at ∞, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V, T>(V x)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V k = Decompose<V, T>(x, out V f);
        V s = f / (f + Constant<V, T>(2));
        V z = s * s;
        bool single = typeof(T) == typeof(float);
        // log(1 + f) = f - (f²/2 - s (f²/2 + R)): f is exact, so the rounding of s weighs little.
        V half = f * f * Constant<V, T>(0.5);
        V small = V.Fma(s, V.Fma(z, Remainder<V, T>(z), half), k * Constant<V, T>(single ? -1.90465429996e-9 : 2.3190468138462996155e-17));
        V result = V.Fma(k, Constant<V, T>(single ? 0.6931471824645996 : 0.6931471805599453), f - (half - small));
        return Ends<V, T>(x, result);
    }

    /// <summary>log x of x ≥ 0 as the sum of its nearest number and a correction, together some 8 bits more than the type.</summary>
    /// <remarks>The first is -∞ at 0, ∞ at ∞ and NaN for NaN, where the correction means nothing.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogPair<V, T>(V x, out V low)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V k = Decompose<V, T>(x, out V f);
        V two = Constant<V, T>(2);
        V divisor = f + two;
        V s = f / divisor;
        // What the roundings of the divisor and of the quotient lost.
        V lost = V.Fma(Negate<V, T>(s), divisor, f) - (s * (f - (divisor - two)));
        V rest = lost / divisor * two;
        V z = s * s;
        rest = V.Fma(s * z, Remainder<V, T>(z), rest);
        // The first part of ln 2 has so few bits that its product with k is exact.
        bool single = typeof(T) == typeof(float);
        V whole = k * Constant<V, T>(single ? 0.693359375 : 0.6931471803691238);
        rest = V.Fma(k, Constant<V, T>(single ? -0.000212194440055 : 1.9082149292705878161e-10), rest);
        V twice = s + s;
        V first = whole + twice;
        rest += twice - (first - whole);
        V high = first + rest;
        low = rest - (high - first);
        return Ends<V, T>(x, high);
    }

    /// <summary>log(1 + f) for f from 0 to 1, within 2 ulp.</summary>
    /// <remarks>s is at most 1/3 here; 2 atanh(s) with a Q of its own: 2^-33.0 for degree 4 (float), 2^-59.2 for
    /// degree 9 (double).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogOnePlus<V, T>(V f)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V s = f / (f + Constant<V, T>(2));
        V z = s * s, q;
        if (typeof(T) == typeof(float))
        {
            q = V.Fma(Constant<V, T>(0.2430166177), z, Constant<V, T>(0.2142748106));
            q = V.Fma(q, z, Constant<V, T>(0.2861689942));
            q = V.Fma(q, z, Constant<V, T>(0.3999887727));
            q = V.Fma(q, z, Constant<V, T>(0.6666667563));
        }
        else
        {
            q = V.Fma(Constant<V, T>(0.169151400706294473), z, Constant<V, T>(0.0839978472988628337));
            q = V.Fma(q, z, Constant<V, T>(0.120913706006476443));
            q = V.Fma(q, z, Constant<V, T>(0.133029958488756605));
            q = V.Fma(q, z, Constant<V, T>(0.153863905735937366));
            q = V.Fma(q, z, Constant<V, T>(0.181817527953959443));
            q = V.Fma(q, z, Constant<V, T>(0.222222236830760521));
            q = V.Fma(q, z, Constant<V, T>(0.285714285532609454));
            q = V.Fma(q, z, Constant<V, T>(0.40000000000104698));
            q = V.Fma(q, z, Constant<V, T>(0.666666666666664958));
        }

        // 2 s = f - s f, so the result is f less a part of it.
        return V.Fma(s, V.Fma(z, q, Negate<V, T>(f)), f);
    }

    /// <summary>k and f of x = 2^k (1 + f), with 1 + f between √½ and √2, for positive finite x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Decompose<V, T>(V x, out V f)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool single = typeof(T) == typeof(float);
        V one = V.Splat(T.One);
        // Subnormal numbers become normal by a multiplication by 2^24 or 2^53.
        V subnormal = V.Less(x, Constant<V, T>(single ? 1.17549435e-38 : 2.2250738585072014e-308));
        V k = V.Split(V.Select(subnormal, x * Constant<V, T>(single ? 16777216.0 : 9007199254740992.0), x), out V m);
        k -= V.And(subnormal, Constant<V, T>(single ? 24 : 53));
        V above = V.Less(Constant<V, T>(1.4142135623730951), m);
        f = V.Select(above, m * Constant<V, T>(0.5), m) - one;
        return k + V.And(above, one);
    }

    /// <summary>Q(z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Remainder<V, T>(V z)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V q;
        if (typeof(T) == typeof(float))
        {
            q = V.Fma(Constant<V, T>(0.2358357928), z, Constant<V, T>(0.2853723788));
            q = V.Fma(q, z, Constant<V, T>(0.4000033622));
            return V.Fma(q, z, Constant<V, T>(0.6666666564));
        }

        q = V.Fma(Constant<V, T>(0.13237876898042605), z, Constant<V, T>(0.132517920840059335));
        q = V.Fma(q, z, Constant<V, T>(0.153870054877424952));
        q = V.Fma(q, z, Constant<V, T>(0.18181777949525219));
        q = V.Fma(q, z, Constant<V, T>(0.222222226124752331));
        q = V.Fma(q, z, Constant<V, T>(0.285714285693703355));
        q = V.Fma(q, z, Constant<V, T>(0.400000000000050724));
        return V.Fma(q, z, Constant<V, T>(0.666666666666666628));
    }

    /// <summary>The logarithm where the formula does not hold: 0, negative, infinite and NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Ends<V, T>(V x, V inside)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V zero = V.Splat(T.Zero);
        V finite = V.Select(V.Less(x, V.Splat(T.PositiveInfinity)), inside, x);
        V positive = V.Select(V.Less(x, zero), V.Splat(T.NaN), finite);
        return V.Select(V.Equal(x, zero), V.Splat(T.NegativeInfinity), positive);
    }
}
