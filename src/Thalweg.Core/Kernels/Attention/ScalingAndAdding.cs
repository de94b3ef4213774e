using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>a scale + b with one rounding: a score and its mask.</summary>
internal readonly struct ScalingAndAdding<T>(T scale) : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T> => V.Fma(a, V.Splat(scale), b);
}
