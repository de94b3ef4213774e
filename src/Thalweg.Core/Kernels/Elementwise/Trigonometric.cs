using System.Numerics;
using System.Runtime.CompilerServices;
using static Thalweg.Kernels.SimdMath;

namespace Thalweg.Kernels;

/// <summary>sin x for |x| up to <see cref="Trigonometric.Limit{T}"/>, within 2 ulp; odd.</summary>
internal readonly struct Sine<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => V.Xor(Trigonometric.SineOf<V, T>(Abs<V, T>(x), quarters: 0), SignBit<V, T>(x));
}

/// <summary>cos x for |x| up to <see cref="Trigonometric.Limit{T}"/>, within 2 ulp; even.</summary>
internal readonly struct Cosine<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => Trigonometric.SineOf<V, T>(Abs<V, T>(x), quarters: 1);
}

/// <summary>Sine and cosine over vectors.</summary>
/// <remarks>
/// x = n π/2 + r with |r| at most π/4, where π/2 is the sum of three numbers of the type: with fused multiply-adds the first difference is
/// exact and the others round to the last digit of r (W. J. Cody, W. Waite, "Software manual for the elementary functions", 1980, chapter
/// 8). Then sin r = r + r³ s(r²) and cos r = 1 - r²/2 + r⁴ c(r²), where s and c are Chebyshev fits in 50 digits: 2^-26.3 and 2^-30.3 of the
/// result for degree 2 (float), 2^-56.1 and 2^-60.8 for degree 5 (double).
/// </remarks>
internal static class Trigonometric
{
    /// <summary>Largest |x| for which n is exact enough and the rest of π/2 beyond its three parts has no weight.</summary>
    public static double Limit<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? 8192 : 1048576;

    /// <summary>sin(x + quarters π/2) for x from 0 to the limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SineOf<V, T>(V x, int quarters)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool single = typeof(T) == typeof(float);
        V n = V.Round(x * Constant<V, T>(0.63661977236758134));
        V r = V.Fma(n, Constant<V, T>(single ? -1.5707963705062866 : -1.5707963267948966), x);
        r = V.Fma(n, Constant<V, T>(single ? 4.371138828673793e-8 : -6.123233995736766e-17), r);
        r = V.Fma(n, Constant<V, T>(single ? 1.7151245100058819e-15 : 1.4973849048591698e-33), r);

        // The quarter turn, -2 to 2, of which 2 and -2 are one: odd ones take the cosine, all but 0 and 1 the negative.
        V quarter = n + Constant<V, T>(quarters);
        quarter -= Constant<V, T>(4) * V.Round(quarter * Constant<V, T>(0.25));
        V one = V.Splat(T.One), odd = V.Equal(Abs<V, T>(quarter), one);
        V negative = V.Less(one, Abs<V, T>(quarter - Constant<V, T>(0.5)));
        V u = r * r, size = V.Select(odd, Near<V, T>(u), V.Fma(r * u, Odd<V, T>(u), r));
        return V.Select(negative, Negate<V, T>(size), size);
    }

    /// <summary>cos r of u = r².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Near<V, T>(V u)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V c;
        if (typeof(T) == typeof(float))
        {
            c = V.Fma(Constant<V, T>(2.45474372102e-5), u, Constant<V, T>(-0.00138883006969));
            c = V.Fma(c, u, Constant<V, T>(0.0416666646475));
        }
        else
        {
            c = V.Fma(Constant<V, T>(-1.1382456778061305849e-11), u, Constant<V, T>(2.0876143827993132496e-9));
            c = V.Fma(c, u, Constant<V, T>(-2.7557317260008838164e-7));
            c = V.Fma(c, u, Constant<V, T>(0.000024801587298743069286));
            c = V.Fma(c, u, Constant<V, T>(-0.0013888888888887382271));
            c = V.Fma(c, u, Constant<V, T>(0.041666666666666665373));
        }

        return V.Fma(V.Fma(c, u, Constant<V, T>(-0.5)), u, V.Splat(T.One));
    }

    /// <summary>(sin r / r - 1) / u of u = r².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Odd<V, T>(V u)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V s;
        if (typeof(T) == typeof(float))
        {
            s = V.Fma(Constant<V, T>(-0.000195873870685), u, Constant<V, T>(0.00833274593638));
            return V.Fma(s, u, Constant<V, T>(-0.166666646503));
        }

        s = V.Fma(Constant<V, T>(1.5917848524808261007e-10), u, Constant<V, T>(-2.5051127944014187575e-8));
        s = V.Fma(s, u, Constant<V, T>(2.755731608381635861e-6));
        s = V.Fma(s, u, Constant<V, T>(-0.00019841269836722417756));
        s = V.Fma(s, u, Constant<V, T>(0.0083333333333309245621));
        return V.Fma(s, u, Constant<V, T>(-0.16666666666666664599));
    }
}
