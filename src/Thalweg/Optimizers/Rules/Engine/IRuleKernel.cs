using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Where a kernel is in the flat vector.</summary>
/// <param name="index">First element of the vector.</param>
/// <param name="decay">1 where weight decay reaches, 0 in biases and normalization.</param>
/// <param name="segment">Number of the parameter, where a rule treats parameters separately.</param>
internal readonly struct Position<T>(nint index, T decay, int segment)
{
    public nint Index { get; } = index;

    public T Decay { get; } = decay;

    public int Segment { get; } = segment;
}

/// <summary>The element maths of a rule at one step: pointers to its state, this step's numbers, and one body for every vector.</summary>
internal interface IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The update that leaves the rule, from the one that enters it and the parameter.</summary>
    V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>;
}

/// <summary>The empty start of a fused group.</summary>
internal readonly struct Identity<T> : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T> => update;
}

/// <summary>One kernel after another, in registers.</summary>
internal readonly struct Then<T, TFirst, TSecond>(TFirst first, TSecond second) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFirst : unmanaged, IRuleKernel<T>
    where TSecond : unmanaged, IRuleKernel<T>
{
    private readonly TFirst _first = first;
    private readonly TSecond _second = second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T> => _second.Apply(_first.Apply(update, parameter, at), parameter, at);
}

/// <summary>u -> factor u.</summary>
internal readonly struct ScaleKernel<T>(T factor) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T> => V.Splat(factor) * update;
}

/// <summary>u -> factor u, with a factor for each parameter.</summary>
internal readonly unsafe struct SegmentScaleKernel<T>(T* factors) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T> => V.Splat(factors[at.Segment]) * update;
}

/// <summary>u -> w + u, the end of every chain: updates are added.</summary>
internal readonly struct AddToParameter<T> : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T> => parameter + update;
}
