using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>1 where a &lt; b, else 0; 0 where either is NaN.</summary>
internal readonly struct Less<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => V.And(V.Less(a, b), V.Splat(T.One));
}

/// <summary>1 where a &gt; b, else 0; 0 where either is NaN.</summary>
internal readonly struct Greater<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => V.And(V.Less(b, a), V.Splat(T.One));
}

/// <summary>1 where a = b, else 0; 0 where either is NaN.</summary>
internal readonly struct Equal<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => V.And(V.Equal(a, b), V.Splat(T.One));
}

/// <summary>1 where x &gt; 0, else 0; 0 for NaN.</summary>
internal readonly struct GreaterThanZero<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => V.And(V.Less(V.Splat(T.Zero), x), V.Splat(T.One));
}

/// <summary>Unit step: 1 where x ≥ 0, else 0; 0 for NaN.</summary>
internal readonly struct Step<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => V.And(V.Or(V.Less(V.Splat(T.Zero), x), V.Equal(x, V.Splat(T.Zero))), V.Splat(T.One));
}

/// <summary>-1 below zero, 1 above, x itself for zero and NaN.</summary>
internal readonly struct Sign<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V sign = V.Or(SimdMath.SignBit<V, T>(x), V.Splat(T.One));
        return V.Select(V.Or(V.Less(x, V.Splat(T.Zero)), V.Less(V.Splat(T.Zero), x)), sign, x);
    }
}

/// <summary>b where a is not zero, else c; a NaN counts as not zero.</summary>
internal readonly struct Choose<T> : ITernaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b, V c)
        where V : unmanaged, ISimdVector<V, T> => V.Select(V.Equal(a, V.Splat(T.Zero)), c, b);
}
