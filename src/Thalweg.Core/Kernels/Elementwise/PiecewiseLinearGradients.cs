using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Gradient of <see cref="Relu{T}"/> by its result y (or its x): the gradient where y &gt; 0, else 0.</summary>
/// <remarks>The slope at 0 is taken as 0. Where the mask is clear the result is 0 even for an infinite or NaN gradient.</remarks>
internal readonly struct ReluGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V y)
        where V : unmanaged, ISimdVector<V, T> => V.And(V.Less(V.Splat(T.Zero), y), gradient);
}

/// <summary>Gradient of <see cref="LeakyRelu{T}"/> by x, or by y where slope &gt; 0: times 1 above 0, slope elsewhere.</summary>
internal readonly struct LeakyReluGradient<T>(T slope) : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> => V.Select(V.Less(V.Splat(T.Zero), x), gradient, gradient * V.Splat(slope));
}

/// <summary>Gradient of <see cref="Hardtanh{T}"/> by x or y: the gradient strictly between low and high, else 0.</summary>
internal readonly struct HardtanhGradient<T>(T low, T high) : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> => V.And(V.And(V.Less(V.Splat(low), x), V.Less(x, V.Splat(high))), gradient);
}

/// <summary>Gradient of <see cref="Relu6{T}"/> by x or y: the gradient strictly between 0 and 6, else 0.</summary>
internal readonly struct Relu6Gradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> => new HardtanhGradient<T>(T.Zero, SimdMath.Number<T>(6)).Apply(gradient, x);
}

/// <summary>Gradient of <see cref="Abs{T}"/> by x: the gradient with the sign of x, 0 where x is 0.</summary>
internal readonly struct AbsGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> =>
        V.Select(V.Equal(x, V.Splat(T.Zero)), V.Splat(T.Zero), V.Xor(gradient, SimdMath.SignBit<V, T>(x)));
}
