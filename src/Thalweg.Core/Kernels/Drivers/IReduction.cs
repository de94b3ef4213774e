using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>What a <see cref="BlockReduction"/> does with each element; the combination must be associative up to rounding.</summary>
/// <typeparam name="T">The element type.</typeparam>
internal unsafe interface IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The total of no elements.</summary>
    T Start { get; }

    /// <summary>Totals with the elements at index i added.</summary>
    /// <param name="totals">One total per element of the vector.</param>
    /// <param name="a">First input.</param>
    /// <param name="b">Second input, for reductions of pairs.</param>
    /// <param name="i">Index of the first element to add.</param>
    V Step<V>(V totals, T* a, T* b, nint i)
        where V : unmanaged, ISimdVector<V, T>;

    /// <summary>Totals of two parts together.</summary>
    V Combine<V>(V left, V right)
        where V : unmanaged, ISimdVector<V, T>;
}

/// <summary>Sum of a.</summary>
internal readonly unsafe struct Summing<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Start => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<V>(V totals, T* a, T* b, nint i)
        where V : unmanaged, ISimdVector<V, T> => totals + V.Load(a + i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V left, V right)
        where V : unmanaged, ISimdVector<V, T> => left + right;
}

/// <summary>Sum of a * b, each product added with one rounding.</summary>
internal readonly unsafe struct SummingProducts<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Start => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<V>(V totals, T* a, T* b, nint i)
        where V : unmanaged, ISimdVector<V, T> => V.Fma(V.Load(a + i), V.Load(b + i), totals);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V left, V right)
        where V : unmanaged, ISimdVector<V, T> => left + right;
}

/// <summary>Largest of a; NaN if any is.</summary>
internal readonly unsafe struct FindingMaximum<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Start => T.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<V>(V totals, T* a, T* b, nint i)
        where V : unmanaged, ISimdVector<V, T> => SimdMath.Maximum<V, T>(totals, V.Load(a + i));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V left, V right)
        where V : unmanaged, ISimdVector<V, T> => SimdMath.Maximum<V, T>(left, right);
}

/// <summary>0 if every element of a is finite, else NaN: a product with 0 is 0 for finite numbers alone.</summary>
internal readonly unsafe struct FindingNonFinite<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Start => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<V>(V totals, T* a, T* b, nint i)
        where V : unmanaged, ISimdVector<V, T> => V.Fma(V.Load(a + i), V.Splat(T.Zero), totals);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V left, V right)
        where V : unmanaged, ISimdVector<V, T> => left + right;
}
