using System.Numerics;
using System.Runtime.CompilerServices;
using static Thalweg.Kernels.SimdMath;

namespace Thalweg.Kernels;

/// <summary>a to the power b, for any real b, with the special cases of IEEE 754 pow.</summary>
/// <remarks>
/// e^(b log|a|), with log|a| kept to some 8 bits beyond the type, so the error grows with b log|a|: within 2 ulp for results from 1e-9 to
/// 1e9, within 4 ulp (float) and 32 ulp (double) at the ends of the range.
/// </remarks>
internal readonly struct Power<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T>
    {
        V zero = V.Splat(T.Zero), one = V.Splat(T.One), size = Abs<V, T>(a);
        V high = Logarithm.LogPair<V, T>(size, out V low);
        V product = b * high;
        // Beyond 1,000 the result is 0 or ∞ whatever the correction, which may be NaN there.
        V correction = V.Fma(b, low, V.Fma(b, high, Negate<V, T>(product)));
        correction = V.Select(V.Less(Abs<V, T>(product), Constant<V, T>(1000)), correction, zero);
        // 1 to any power, an infinite one too.
        V result = V.Select(V.Equal(size, one), one, Exponential.Exp<V, T>(product, correction));

        V half = b * Constant<V, T>(0.5);
        V odd = V.Select(V.Equal(V.Round(half), half), zero, SignBit<V, T>(a));
        V whole = V.Equal(V.Round(b), b);
        V signed = V.Or(result, V.And(whole, odd));
        V negative = V.Select(V.Or(whole, V.Equal(size, V.Splat(T.PositiveInfinity))), signed, V.Splat(T.NaN));
        result = V.Select(V.Less(a, zero), negative, signed);
        return V.Select(V.Equal(b, zero), one, result);
    }
}

/// <summary>x to a fixed power; see <see cref="Power{T}"/>.</summary>
internal readonly struct PowerTo<T>(T exponent) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => new Power<T>().Apply(x, V.Splat(exponent));
}

/// <summary>Gradient of <see cref="PowerTo{T}"/> by x: gradient * exponent * x^(exponent - 1).</summary>
internal readonly struct PowerToGradient<T>(T exponent) : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> =>
        exponent == T.Zero ? V.Splat(T.Zero) : gradient * (V.Splat(exponent) * new Power<T>().Apply(x, V.Splat(exponent - T.One)));
}
