using System.Numerics;
using System.Runtime.CompilerServices;
using static Thalweg.Kernels.SimdMath;

namespace Thalweg.Kernels;

/// <summary>x above 0, alpha (e^x - 1) below; within 2 ulp of that; NaN stays NaN.</summary>
/// <remarks>
/// Source: Clevert, Unterthiner, Hochreiter, "Fast and accurate deep network learning by exponential linear units (ELUs)", ICLR 2016.
/// </remarks>
internal readonly struct Elu<T>(T alpha) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> =>
        V.Select(V.Less(V.Splat(T.Zero), x), x, V.Splat(alpha) * Exponential.ExpMinusOne<V, T>(AtMost<V, T>(x, V.Splat(T.Zero))));
}

/// <summary>Scaled <see cref="Elu{T}"/> whose constants keep mean 0 and variance 1.</summary>
/// <remarks>Source: Klambauer, Unterthiner, Mayr, Hochreiter, "Self-normalizing neural networks", NeurIPS 2017, equation 2.</remarks>
internal readonly struct Selu<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => V.Splat(SeluConstants.Scale<T>()) * new Elu<T>(SeluConstants.Alpha<T>()).Apply(x);
}

/// <summary>x Φ(x), Φ the normal distribution function, by erf; -0 at -∞.</summary>
/// <remarks>Error within 2 ulp of x. Source: Hendrycks, Gimpel, "Gaussian error linear units", arXiv:1606.08415, section 2.</remarks>
internal readonly struct Gelu<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V inside = V.Fma(Constant<V, T>(0.5), ErrorFunction.Erf<V, T>(x * Constant<V, T>(0.7071067811865476)), Constant<V, T>(0.5));
        return AtLeast<V, T>(x, V.Splat(Lowest<T>())) * inside;
    }
}

/// <summary>x (1 + tanh u) / 2 with u = √(2/π) (x + 0.044715 x³): GELU by its tanh approximation; -0 at -∞.</summary>
/// <remarks>Source: Hendrycks, Gimpel, "Gaussian error linear units", arXiv:1606.08415, section 2.</remarks>
internal readonly struct GeluTanh<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        // (1 + tanh u) / 2 is the sigmoid of 2 u, which does not cancel for negative u.
        V near = AtMost<V, T>(AtLeast<V, T>(x, Constant<V, T>(-32)), Constant<V, T>(32));
        V cubic = near * V.Fma(near * near, Constant<V, T>(2 * 0.7978845608028654 * 0.044715), Constant<V, T>(2 * 0.7978845608028654));
        return AtLeast<V, T>(x, V.Splat(Lowest<T>())) * new Sigmoid<T>().Apply(cubic);
    }
}

/// <summary>x times its sigmoid, within 3 ulp where the sigmoid is a normal number; -0 at -∞.</summary>
/// <remarks>Source: Elfwing, Uchibe, Doya, "Sigmoid-weighted linear units", Neural Networks 107, 2018, equation 3.</remarks>
internal readonly struct Silu<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => AtLeast<V, T>(x, V.Splat(Lowest<T>())) * new Sigmoid<T>().Apply(x);
}

/// <summary>x / (1 + |x|); ±1 at ±∞.</summary>
internal readonly struct Softsign<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V bounded = AtMost<V, T>(AtLeast<V, T>(x, V.Splat(Lowest<T>())), V.Splat(-Lowest<T>()));
        return bounded / (V.Splat(T.One) + Abs<V, T>(bounded));
    }
}

/// <summary>The constants of <see cref="Selu{T}"/>, for which mean 0 and variance 1 are a fixed point: Klambauer et
/// al., equation 14.</summary>
internal static class SeluConstants
{
    /// <summary>λ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Scale<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Number<T>(1.0507009873554804934);

    /// <summary>α.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Alpha<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Number<T>(1.6732632423543772848);
}
