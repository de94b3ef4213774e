using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>x + shift.</summary>
internal readonly struct Shift<T>(T shift) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T> => x + V.Splat(shift);
}

/// <summary>max(x + shift, 0); NaN stays NaN.</summary>
internal readonly struct ShiftedRelu<T>(T shift) : IUnaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : unmanaged, ISimdVector<V, T>
    {
        V sum = x + V.Splat(shift);
        return V.Select(V.Less(sum, V.Splat(T.Zero)), V.Splat(T.Zero), sum);
    }
}
