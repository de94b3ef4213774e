using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>max(x, 0).</summary>
/// <remarks>
/// NaN stays NaN and -0 stays -0. Source: Nair, Hinton, "Rectified linear units improve restricted Boltzmann machines", ICML 2010.
/// </remarks>
internal readonly struct Relu<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => V.Select(V.Less(x, V.Splat(T.Zero)), V.Splat(T.Zero), x);
}

/// <summary>x where x ≥ 0, slope * x below; NaN stays NaN.</summary>
/// <remarks>Source: Maas, Hannun, Ng, "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.</remarks>
internal readonly struct LeakyRelu<T>(T slope) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => V.Select(V.Less(x, V.Splat(T.Zero)), x * V.Splat(slope), x);
}

/// <summary>x limited to [low, high]; NaN stays NaN.</summary>
internal readonly struct Hardtanh<T>(T low, T high) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => new Clamp<T>(low, high).Apply(x);
}

/// <summary>x limited to [0, 6]; NaN stays NaN.</summary>
internal readonly struct Relu6<T> : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => new Clamp<T>(T.Zero, SimdMath.Number<T>(6)).Apply(x);
}
