using System.Numerics;
using System.Runtime.CompilerServices;
using static Thalweg.Kernels.SimdMath;

namespace Thalweg.Kernels;

/// <summary>The error function over vectors.</summary>
/// <remarks>
/// For |x| below 1, erf x = x + x P(x²); above, erf x = 1 - e^-G(|x| - 1) with G(u) = -log erfc(1 + u), a smooth function, up to |x| =
/// 4 (float) or 6 (double), where erf x rounds to 1. P and G are minimax polynomials for the relative error of erf, found with the
/// Remez exchange algorithm in 45 digits: P 2^-29.6 and G 2^-29.8 for degrees 6 and 6 (float), P 2^-56.9 and G 2^-57.0 for degrees 11
/// and 17 (double).
/// </remarks>
internal static class ErrorFunction
{
    /// <summary>erf x, within 1 ulp; odd; ±1 at ±∞, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V, T>(V x)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V one = V.Splat(T.One), size = Abs<V, T>(x);
        V inner = V.Fma(x, Inner<V, T>(x * x), x);
        V u = AtMost<V, T>(size, Constant<V, T>(typeof(T) == typeof(float) ? 4 : 6)) - one;
        V outer = one - Exponential.Exp<V, T>(Negate<V, T>(Outer<V, T>(u)));
        return V.Select(V.Less(size, one), inner, V.Or(outer, SignBit<V, T>(x)));
    }

    /// <summary>P(z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Inner<V, T>(V z)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V p;
        if (typeof(T) == typeof(float))
        {
            p = V.Fma(Constant<V, T>(7.8538641e-5), z, Constant<V, T>(-0.0008010194475));
            p = V.Fma(p, z, Constant<V, T>(0.005188327784));
            p = V.Fma(p, z, Constant<V, T>(-0.02685381199));
            p = V.Fma(p, z, Constant<V, T>(0.1128358515));
            p = V.Fma(p, z, Constant<V, T>(-0.3761262582));
            return V.Fma(p, z, Constant<V, T>(0.1283791657));
        }

        p = V.Fma(Constant<V, T>(-7.77946978125370611e-10), z, Constant<V, T>(1.37109812467885671e-8));
        p = V.Fma(p, z, Constant<V, T>(-1.62063139977727579e-7));
        p = V.Fma(p, z, Constant<V, T>(1.64471316092453496e-6));
        p = V.Fma(p, z, Constant<V, T>(-0.0000149247123057401173));
        p = V.Fma(p, z, Constant<V, T>(0.000120552935771355849));
        p = V.Fma(p, z, Constant<V, T>(-0.000854832592932397837));
        p = V.Fma(p, z, Constant<V, T>(0.00522397760611871182));
        p = V.Fma(p, z, Constant<V, T>(-0.026866170643111502));
        p = V.Fma(p, z, Constant<V, T>(0.11283791670944185));
        p = V.Fma(p, z, Constant<V, T>(-0.376126389031835195));
        return V.Fma(p, z, Constant<V, T>(0.128379167095512566));
    }

    /// <summary>G(u).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Outer<V, T>(V u)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V g;
        if (typeof(T) == typeof(float))
        {
            g = V.Fma(Constant<V, T>(-0.000186379062), u, Constant<V, T>(0.001829382382));
            g = V.Fma(g, u, Constant<V, T>(-0.009895458955));
            g = V.Fma(g, u, Constant<V, T>(0.04150349668));
            g = V.Fma(g, u, Constant<V, T>(0.8431176079));
            g = V.Fma(g, u, Constant<V, T>(2.63896688));
            return V.Fma(g, u, Constant<V, T>(1.849605516));
        }

        g = V.Fma(Constant<V, T>(4.92889516754683343e-12), u, Constant<V, T>(-1.20715635536780435e-10));
        g = V.Fma(g, u, Constant<V, T>(1.33267112452515025e-9));
        g = V.Fma(g, u, Constant<V, T>(-8.59743218973205529e-9));
        g = V.Fma(g, u, Constant<V, T>(3.36932834542532787e-8));
        g = V.Fma(g, u, Constant<V, T>(-5.88227133396008649e-8));
        g = V.Fma(g, u, Constant<V, T>(-2.03243230628958445e-7));
        g = V.Fma(g, u, Constant<V, T>(2.12972347656134398e-6));
        g = V.Fma(g, u, Constant<V, T>(-9.66908023433711829e-6));
        g = V.Fma(g, u, Constant<V, T>(0.0000271972350523950745));
        g = V.Fma(g, u, Constant<V, T>(-0.0000262953795604133214));
        g = V.Fma(g, u, Constant<V, T>(-0.000237316798677576083));
        g = V.Fma(g, u, Constant<V, T>(0.00197790131089822715));
        g = V.Fma(g, u, Constant<V, T>(-0.0100338251951480164));
        g = V.Fma(g, u, Constant<V, T>(0.0415610980266815742));
        g = V.Fma(g, u, Constant<V, T>(0.843107256359330399));
        g = V.Fma(g, u, Constant<V, T>(2.63896751423477741));
        return V.Fma(g, u, Constant<V, T>(1.84960550993324829));
    }
}
