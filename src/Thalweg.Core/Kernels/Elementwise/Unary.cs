using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>-x.</summary>
internal readonly struct Negate<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => SimdMath.Negate<V, T>(x);
}

/// <summary>|x|.</summary>
internal readonly struct Abs<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => SimdMath.Abs<V, T>(x);
}

/// <summary>Square root of x, correctly rounded; NaN below zero.</summary>
internal readonly struct Sqrt<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => V.Sqrt(x);
}

/// <summary>x * x.</summary>
internal readonly struct Square<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => x * x;
}

/// <summary>1 / x.</summary>
internal readonly struct Reciprocal<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => V.Splat(T.One) / x;
}

/// <summary>scale * x + shift with one rounding.</summary>
internal readonly struct Affine<T>(T scale, T shift) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => V.Fma(x, V.Splat(scale), V.Splat(shift));
}

/// <summary>scale * x.</summary>
internal readonly struct Scale<T>(T scale) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => x * V.Splat(scale);
}

/// <summary>x limited to [low, high]; NaN stays NaN.</summary>
internal readonly struct Clamp<T>(T low, T high) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => SimdMath.AtMost<V, T>(SimdMath.AtLeast<V, T>(x, V.Splat(low)), V.Splat(high));
}
