using System.Numerics;
using System.Runtime.CompilerServices;
using static Thalweg.Kernels.SimdMath;

namespace Thalweg.Kernels;

/// <summary>x above 0, alpha (e^(x / alpha) - 1) below: slope 1 at 0 for every alpha; NaN stays NaN.</summary>
/// <remarks>Source: Barron, "Continuously differentiable exponential linear units", arXiv:1704.07483, eq. (2).</remarks>
internal readonly struct Celu<T>(T alpha) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V zero = V.Splat(T.Zero), scale = V.Splat(alpha);
        return V.Select(V.Less(zero, x), x, scale * Exponential.ExpMinusOne<V, T>(AtMost<V, T>(x, zero) / scale));
    }
}

/// <summary>Gradient of <see cref="Celu{T}"/> by x: the gradient above 0, times e^(x / alpha) below.</summary>
internal readonly struct CeluGradient<T>(T alpha) : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> => gradient * Exponential.Exp<V, T>(AtMost<V, T>(x, V.Splat(T.Zero)) / V.Splat(alpha));
}

/// <summary>log of the sigmoid of x, within 3 ulp; 0 at ∞, -∞ at -∞.</summary>
/// <remarks>Computed as min(x, 0) - log(1 + e^-|x|), which neither overflows nor loses small results.</remarks>
internal readonly struct LogSigmoid<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V e = Exponential.Exp<V, T>(Negate<V, T>(Abs<V, T>(x)));
        return AtMost<V, T>(x, V.Splat(T.Zero)) - Logarithm.LogOnePlus<V, T>(e);
    }
}

/// <summary>Gradient of <see cref="LogSigmoid{T}"/> by x: gradient times the sigmoid of -x.</summary>
internal readonly struct LogSigmoidGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> => gradient * new Sigmoid<T>().Apply(Negate<V, T>(x));
}

/// <summary>x - tanh x; NaN stays NaN.</summary>
internal readonly struct TanhShrink<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => x - new Tanh<T>().Apply(x);
}

/// <summary>Gradient of <see cref="TanhShrink{T}"/> by x: gradient * tanh² x.</summary>
internal readonly struct TanhShrinkGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V t = new Tanh<T>().Apply(x);
        return gradient * (t * t);
    }
}

/// <summary>x tanh(log(1 + e^x)); -0 at -∞.</summary>
/// <remarks>
/// With n = e^x (e^x + 2), tanh(log(1 + e^x)) = n / (n + 2): no cancellation anywhere. It rounds to 1 long before x = 40, where n is still
/// finite in both types. Source: Misra, "Mish: a self regularized non-monotonic activation function", BMVC 2020, eq. (1).
/// </remarks>
internal readonly struct Mish<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>n for x limited to 40.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Numerator<V>(V x, out V e)
        where V : unmanaged, ISimdVector<V, T>
    {
        e = Exponential.Exp<V, T>(AtMost<V, T>(x, Constant<V, T>(40)));
        return e * (e + Constant<V, T>(2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V n = Numerator(x, out _);
        return AtLeast<V, T>(x, V.Splat(Lowest<T>())) * (n / (n + Constant<V, T>(2)));
    }
}

/// <summary>Gradient of <see cref="Mish{T}"/> by x: gradient * (w + x s (1 - w²)), w = tanh(log(1 + e^x)), s the sigmoid of x.</summary>
internal readonly struct MishGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V n = Mish<T>.Numerator(x, out V e), one = V.Splat(T.One), two = Constant<V, T>(2), four = Constant<V, T>(4);
        V w = n / (n + two);
        // s (1 - w²) with 1 - w² = 4 (n + 1) / (n + 2)² and s = e / (1 + e); n + 1 = (1 + e)².
        V slope = e * (one + e) / (n + two) * (four / (n + two));
        V bounded = AtMost<V, T>(AtLeast<V, T>(x, V.Splat(Lowest<T>())), Constant<V, T>(40));
        return gradient * V.Fma(bounded, slope, w);
    }
}

/// <summary>e^x - 1, within 2 ulp near 0 too; -1 at -∞, ∞ above the range, NaN for NaN.</summary>
internal readonly struct ExpMinusOne<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        // From 40 on the 1 is below the last digit of e^x in both types.
        V limit = Constant<V, T>(40);
        return V.Select(V.Less(limit, x), Exponential.Exp<V, T>(x), Exponential.ExpMinusOne<V, T>(AtMost<V, T>(x, limit)));
    }
}

/// <summary>log(1 + x), within 4 ulp near 0 too; -∞ at -1, NaN below.</summary>
internal readonly struct LogOnePlus<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        // From 0 to 1 directly; for -1/2 < x < 0, log(1 + x) = -log(1 - x / (1 + x)) turns it over; elsewhere 1 + x loses
        // nothing that counts.
        V one = V.Splat(T.One), zero = V.Splat(T.Zero), sum = one + x;
        V turned = V.Select(V.Less(x, zero), Negate<V, T>(x) / sum, x);
        V near = Logarithm.LogOnePlus<V, T>(AtMost<V, T>(AtLeast<V, T>(turned, zero), one));
        near = V.Select(V.Less(x, zero), Negate<V, T>(near), near);
        V isNear = V.And(V.Less(Constant<V, T>(-0.5), x), V.Less(x, one));
        return V.Select(isNear, near, Logarithm.Log<V, T>(sum));
    }
}

/// <summary>Gradient of <see cref="ExpMinusOne{T}"/> by its result y: gradient * (y + 1).</summary>
internal readonly struct ExpMinusOneGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V y)
        where V : unmanaged, ISimdVector<V, T> => gradient * (y + V.Splat(T.One));
}

/// <summary>Gradient of <see cref="LogOnePlus{T}"/> by x: gradient / (1 + x).</summary>
internal readonly struct LogOnePlusGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> => gradient / (x + V.Splat(T.One));
}
