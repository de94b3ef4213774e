using System.Numerics;
using System.Runtime.CompilerServices;
using static Thalweg.Kernels.SimdMath;

namespace Thalweg.Kernels;

/// <summary>Gradient of <see cref="Elu{T}"/> by its result y, for alpha ≥ 0: the gradient above 0, times y + alpha below.</summary>
internal readonly struct EluGradient<T>(T alpha) : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V y)
        where V : unmanaged, ISimdVector<V, T> => V.Select(V.Less(V.Splat(T.Zero), y), gradient, gradient * (y + V.Splat(alpha)));
}

/// <summary>Gradient of <see cref="Selu{T}"/> by its result y: times λ above 0, times y + λ α below.</summary>
internal readonly struct SeluGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V y)
        where V : unmanaged, ISimdVector<V, T>
    {
        V scale = V.Splat(SeluConstants.Scale<T>());
        return gradient * V.Select(V.Less(V.Splat(T.Zero), y), scale, V.Fma(scale, V.Splat(SeluConstants.Alpha<T>()), y));
    }
}

/// <summary>Gradient of <see cref="Softplus{T}"/> by x: gradient times the sigmoid of x.</summary>
internal readonly struct SoftplusGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> => gradient * new Sigmoid<T>().Apply(x);
}

/// <summary>Gradient of <see cref="Gelu{T}"/> by x: gradient * (Φ(x) + x φ(x)), φ the normal density.</summary>
internal readonly struct GeluGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V inside = V.Fma(Constant<V, T>(0.5), ErrorFunction.Erf<V, T>(x * Constant<V, T>(0.7071067811865476)), Constant<V, T>(0.5));
        // φ is 0 beyond 40 in both types; the limit keeps x φ(x) from being ∞ times 0.
        V near = AtMost<V, T>(AtLeast<V, T>(x, Constant<V, T>(-40)), Constant<V, T>(40));
        V density = Constant<V, T>(0.3989422804014327) * Exponential.Exp<V, T>(near * near * Constant<V, T>(-0.5));
        return gradient * V.Fma(near, density, inside);
    }
}

/// <summary>Gradient of <see cref="GeluTanh{T}"/> by x: gradient * (s + x s (1 - s) v'), with v = 2 u and s the sigmoid of v.</summary>
internal readonly struct GeluTanhGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V near = AtMost<V, T>(AtLeast<V, T>(x, Constant<V, T>(-32)), Constant<V, T>(32));
        V linear = Constant<V, T>(2 * 0.7978845608028654), square = near * near;
        V s = new Sigmoid<T>().Apply(near * V.Fma(square, Constant<V, T>(2 * 0.7978845608028654 * 0.044715), linear));
        V slope = V.Fma(square, Constant<V, T>(6 * 0.7978845608028654 * 0.044715), linear);
        return gradient * V.Fma(near * s * (V.Splat(T.One) - s), slope, s);
    }
}

/// <summary>Gradient of <see cref="Silu{T}"/> by x: gradient * s (1 + x (1 - s)), s the sigmoid of x.</summary>
internal readonly struct SiluGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V s = new Sigmoid<T>().Apply(x), one = V.Splat(T.One);
        V bounded = AtMost<V, T>(AtLeast<V, T>(x, V.Splat(Lowest<T>())), V.Splat(-Lowest<T>()));
        return gradient * (s * V.Fma(bounded, one - s, one));
    }
}

/// <summary>Gradient of <see cref="Softsign{T}"/> by x: gradient / (1 + |x|)².</summary>
internal readonly struct SoftsignGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V size = V.Splat(T.One) + Abs<V, T>(x);
        return gradient / (size * size);
    }
}
