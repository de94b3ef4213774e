using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Sum of a - pivot: for a pivot among the numbers it keeps the digits that their plain sum loses where they lie
/// far from 0.</summary>
internal readonly unsafe struct SummingDeviations<T>(T pivot) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Start => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<V>(V totals, T* a, T* b, nint i)
        where V : unmanaged, ISimdVector<V, T> => totals + (V.Load(a + i) - V.Splat(pivot));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V left, V right)
        where V : unmanaged, ISimdVector<V, T> => left + right;
}

/// <summary>Sum of (a - mean)^2.</summary>
internal readonly unsafe struct SummingSquaredDeviations<T>(T mean) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Start => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<V>(V totals, T* a, T* b, nint i)
        where V : unmanaged, ISimdVector<V, T>
    {
        V deviation = V.Load(a + i) - V.Splat(mean);
        return V.Fma(deviation, deviation, totals);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V left, V right)
        where V : unmanaged, ISimdVector<V, T> => left + right;
}

/// <summary>Sum of a (b - mean).</summary>
internal readonly unsafe struct SummingWeightedDeviations<T>(T mean) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Start => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<V>(V totals, T* a, T* b, nint i)
        where V : unmanaged, ISimdVector<V, T> => V.Fma(V.Load(a + i), V.Load(b + i) - V.Splat(mean), totals);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V left, V right)
        where V : unmanaged, ISimdVector<V, T> => left + right;
}

/// <summary>scale (x - mean) + shift.</summary>
internal readonly struct Normalizing<T>(T mean, T scale, T shift) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => V.Fma(x - V.Splat(mean), V.Splat(scale), V.Splat(shift));
}

/// <summary>max(scale (x - mean) + shift, 0); NaN stays NaN.</summary>
internal readonly struct NormalizingRelu<T>(Normalizing<T> function) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => default(Relu<T>).Apply(function.Apply(x));
}

/// <summary>a (scale (x - mean) + shift).</summary>
internal readonly struct WeightingDeviation<T>(T mean, T scale, T shift) : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => a * V.Fma(b - V.Splat(mean), V.Splat(scale), V.Splat(shift));
}

/// <summary>scale (g - shift - slope (x - mean)): the derivative of a normalization for the cotangent g.</summary>
internal readonly struct NormalizationGradient<T>(T mean, T scale, T shift, T slope) : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => V.Splat(scale) * (a - V.Splat(shift) - ((b - V.Splat(mean)) * V.Splat(slope)));
}

/// <summary>The same for pairs, whatever the third operand.</summary>
internal readonly struct UnmaskedNormalizationGradient<T>(NormalizationGradient<T> function) : ITernaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b, V c)
        where V : unmanaged, ISimdVector<V, T> => function.Apply(a, b);
}

/// <summary>The same with a cotangent of 0 where the result c was made 0.</summary>
internal readonly struct MaskedNormalizationGradient<T>(NormalizationGradient<T> function) : ITernaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b, V c)
        where V : unmanaged, ISimdVector<V, T> => function.Apply(default(ReluGradient<T>).Apply(a, c), b);
}
