using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Gradient of <see cref="Sqrt{T}"/> by its result y: gradient / (2 y).</summary>
internal readonly struct SqrtGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V y)
        where V : unmanaged, ISimdVector<V, T> => gradient / (y + y);
}

/// <summary>Gradient of <see cref="Square{T}"/> by x: gradient * 2 x.</summary>
internal readonly struct SquareGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> => (gradient + gradient) * x;
}

/// <summary>Gradient of <see cref="Reciprocal{T}"/> by its result y: -gradient * y².</summary>
internal readonly struct ReciprocalGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V y)
        where V : unmanaged, ISimdVector<V, T> => SimdMath.Negate<V, T>(gradient * (y * y));
}

/// <summary>Gradient of <see cref="Exp{T}"/> by its result y: gradient * y.</summary>
internal readonly struct ExpGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V y)
        where V : unmanaged, ISimdVector<V, T> => gradient * y;
}

/// <summary>Gradient of <see cref="Log{T}"/> by x: gradient / x.</summary>
internal readonly struct LogGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> => gradient / x;
}

/// <summary>Gradient of <see cref="Tanh{T}"/> by its result y: gradient * (1 - y²).</summary>
internal readonly struct TanhGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V y)
        where V : unmanaged, ISimdVector<V, T> => gradient * V.Fma(SimdMath.Negate<V, T>(y), y, V.Splat(T.One));
}

/// <summary>Gradient of <see cref="Sigmoid{T}"/> by its result y: gradient * y (1 - y).</summary>
internal readonly struct SigmoidGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V y)
        where V : unmanaged, ISimdVector<V, T> => gradient * (y * (V.Splat(T.One) - y));
}
