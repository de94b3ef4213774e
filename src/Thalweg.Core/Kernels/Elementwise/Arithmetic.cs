using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>a + b.</summary>
internal readonly struct Add<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => a + b;
}

/// <summary>a - b.</summary>
internal readonly struct Subtract<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => a - b;
}

/// <summary>a * b.</summary>
internal readonly struct Multiply<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => a * b;
}

/// <summary>a / b.</summary>
internal readonly struct Divide<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => a / b;
}

/// <summary>The smaller of a and b; NaN if either is; of two zeros a.</summary>
internal readonly struct Minimum<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => SimdMath.Minimum<V, T>(a, b);
}

/// <summary>The larger of a and b; NaN if either is; of two zeros a.</summary>
internal readonly struct Maximum<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => SimdMath.Maximum<V, T>(a, b);
}

/// <summary>a * b + c with one rounding.</summary>
internal readonly struct MultiplyAdd<T> : ITernaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b, V c)
        where V : unmanaged, ISimdVector<V, T> => V.Fma(a, b, c);
}

/// <summary>scale * a + b with one rounding.</summary>
internal readonly struct ScaleAdd<T>(T scale) : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => V.Fma(V.Splat(scale), a, b);
}
