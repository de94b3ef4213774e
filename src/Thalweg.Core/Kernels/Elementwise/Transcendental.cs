using System.Numerics;
using System.Runtime.CompilerServices;
using static Thalweg.Kernels.SimdMath;

namespace Thalweg.Kernels;

/// <summary>e^x, within 1 ulp; see <see cref="Exponential"/>.</summary>
internal readonly struct Exp<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => Exponential.Exp<V, T>(x);
}

/// <summary>Natural logarithm of x, within 1 ulp; see <see cref="Logarithm"/>.</summary>
internal readonly struct Log<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => Logarithm.Log<V, T>(x);
}

/// <summary>tanh x, within 2.5 ulp; odd; ±1 at ±∞, NaN for NaN.</summary>
internal readonly struct Tanh<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        // With t = e^2|x| - 1, tanh |x| = t / (t + 2): no cancellation anywhere. It rounds to 1 from 20 on in both types.
        V size = AtMost<V, T>(Abs<V, T>(x), Constant<V, T>(20));
        V t = Exponential.ExpMinusOne<V, T>(size + size);
        return V.Or(t / (t + Constant<V, T>(2)), SignBit<V, T>(x));
    }
}

/// <summary>1 / (1 + e^-x), within 2.5 ulp, also where it is tiny; 0 at -∞, 1 at ∞, NaN for NaN.</summary>
internal readonly struct Sigmoid<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        // Of e^x and e^-x the one that does not overflow.
        V e = Exponential.Exp<V, T>(Negate<V, T>(Abs<V, T>(x))), one = V.Splat(T.One);
        return V.Select(V.Less(x, V.Splat(T.Zero)), e, one) / (one + e);
    }
}

/// <summary>log(1 + e^x), within 2 ulp; 0 at -∞, ∞ at ∞, NaN for NaN.</summary>
/// <remarks>Computed as max(x, 0) + log(1 + e^-|x|), which neither overflows nor loses small results.</remarks>
internal readonly struct Softplus<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V e = Exponential.Exp<V, T>(Negate<V, T>(Abs<V, T>(x)));
        return AtLeast<V, T>(x, V.Splat(T.Zero)) + Logarithm.LogOnePlus<V, T>(e);
    }
}

/// <summary>The error function of x, within 1 ulp; see <see cref="ErrorFunction"/>.</summary>
internal readonly struct Erf<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => ErrorFunction.Erf<V, T>(x);
}
