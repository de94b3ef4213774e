using System.Numerics;
using System.Runtime.CompilerServices;
using static Thalweg.Kernels.SimdMath;

namespace Thalweg.Kernels;

/// <summary>x / 6 + 1/2 limited to [0, 1]; NaN stays NaN.</summary>
/// <remarks>Source: Howard et al., "Searching for MobileNetV3", ICCV 2019, section 5.2.</remarks>
internal readonly struct HardSigmoid<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => new Clamp<T>(T.Zero, T.One).Apply(V.Fma(x, Constant<V, T>(1.0 / 6), Constant<V, T>(0.5)));
}

/// <summary>Gradient of <see cref="HardSigmoid{T}"/> by x: a sixth of it strictly between -3 and 3, else 0.</summary>
internal readonly struct HardSigmoidGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> =>
        V.And(V.Less(Abs<V, T>(x), Constant<V, T>(3)), gradient * Constant<V, T>(1.0 / 6));
}

/// <summary>x times its <see cref="HardSigmoid{T}"/>; -0 at -∞.</summary>
/// <remarks>Source: Howard et al., "Searching for MobileNetV3", ICCV 2019, section 5.2.</remarks>
internal readonly struct HardSwish<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => AtLeast<V, T>(x, V.Splat(Lowest<T>())) * new HardSigmoid<T>().Apply(x);
}

/// <summary>Gradient of <see cref="HardSwish{T}"/> by x: times 0 below -3, x / 3 + 1/2 from there to below 3, 1 from 3 on.</summary>
internal readonly struct HardSwishGradient<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V slope = (x / Constant<V, T>(3)) + Constant<V, T>(0.5);
        V above = V.Select(V.Less(x, Constant<V, T>(3)), gradient * slope, gradient);
        return V.Select(V.Less(x, Constant<V, T>(-3)), V.Splat(T.Zero), above);
    }
}

/// <summary>x less whatever of it lies in [-width, width]: 0 inside, shifted towards 0 outside; NaN stays NaN.</summary>
/// <remarks>Source: Donoho, "De-noising by soft-thresholding", IEEE Transactions on Information Theory 41(3), 1995, eq. (3).</remarks>
internal readonly struct SoftShrink<T>(T width) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => x - new Clamp<T>(-width, width).Apply(x);
}

/// <summary>x outside [-width, width], 0 inside; NaN stays NaN.</summary>
internal readonly struct HardShrink<T>(T width) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V size = Abs<V, T>(x), limit = V.Splat(width);
        return V.Select(V.Or(V.Less(size, limit), V.Equal(size, limit)), V.Splat(T.Zero), x);
    }
}

/// <summary>Gradient of <see cref="SoftShrink{T}"/> and <see cref="HardShrink{T}"/> by x: the gradient outside [-width,
/// width], else 0.</summary>
internal readonly struct ShrinkGradient<T>(T width) : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> => V.And(V.Less(V.Splat(width), Abs<V, T>(x)), gradient);
}

/// <summary>x above a limit, a fixed value elsewhere; NaN stays NaN.</summary>
internal readonly struct Threshold<T>(T limit, T value) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V at = V.Splat(limit);
        return V.Select(V.Or(V.Less(x, at), V.Equal(x, at)), V.Splat(value), x);
    }
}

/// <summary>Gradient of <see cref="Threshold{T}"/> by x: the gradient above the limit, else 0.</summary>
internal readonly struct ThresholdGradient<T>(T limit) : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V gradient, V x)
        where V : unmanaged, ISimdVector<V, T> => V.And(V.Less(V.Splat(limit), x), gradient);
}

/// <summary>a where a ≥ 0, b a below: <see cref="LeakyRelu{T}"/> with a slope for each element.</summary>
/// <remarks>Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers", ICCV 2015, eq. (1).</remarks>
internal readonly struct Prelu<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => V.Select(V.Less(a, V.Splat(T.Zero)), a * b, a);
}
