using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Cotangents of <see cref="TanhState{T}"/>.</summary>
internal readonly unsafe struct TanhStateGradient<T> : ICellPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ISimdVector<V, T>
    {
        V h = V.Load(step.Hidden + unit), gradient = V.Load(step.HiddenGradient + unit);
        V.Store(gradient * (V.Splat(T.One) - (h * h)), step.GateGradients + gate);
        V.Store(V.Splat(T.Zero), step.HiddenGradient + unit);
    }
}

/// <summary>Cotangents of <see cref="ReluState{T}"/>.</summary>
internal readonly unsafe struct ReluStateGradient<T> : ICellPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ISimdVector<V, T>
    {
        V zero = V.Splat(T.Zero), gradient = V.Load(step.HiddenGradient + unit);
        V.Store(V.Select(V.Less(zero, V.Load(step.Hidden + unit)), gradient, zero), step.GateGradients + gate);
        V.Store(zero, step.HiddenGradient + unit);
    }
}

/// <summary>Cotangents of all that <see cref="LstmCell{T}"/> computes.</summary>
internal readonly unsafe struct LstmStateGradient<T> : ICellPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ISimdVector<V, T>
    {
        T* gates = step.Gates + gate, target = step.GateGradients + gate;
        nint next = step.Units;
        V i = V.Load(gates), f = V.Load(gates + next), g = V.Load(gates + (2 * next)), o = V.Load(gates + (3 * next)), one = V.Splat(T.One);
        V squashed = new Tanh<T>().Apply(V.Load(step.Memory + unit)), gradient = V.Load(step.HiddenGradient + unit);
        V memory = V.Load(step.MemoryGradient + unit) + (gradient * o * (one - (squashed * squashed)));
        V.Store(memory * g * i * (one - i), target);
        V.Store(memory * V.Load(step.MemoryBefore + unit) * f * (one - f), target + next);
        V.Store(memory * i * (one - (g * g)), target + (2 * next));
        V.Store(gradient * squashed * o * (one - o), target + (3 * next));
        V.Store(memory * f, step.MemoryGradient + unit);
        V.Store(V.Splat(T.Zero), step.HiddenGradient + unit);
    }
}

/// <summary>Cotangents of all that <see cref="GruCell{T}"/> computes.</summary>
internal readonly unsafe struct GruStateGradient<T> : ICellPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ISimdVector<V, T>
    {
        T* gates = step.Gates + gate, target = step.GateGradients + gate, state = step.RecurrentGradients + gate;
        nint next = step.Units;
        V r = V.Load(gates), z = V.Load(gates + next), n = V.Load(gates + (2 * next)), one = V.Splat(T.One);
        V gradient = V.Load(step.HiddenGradient + unit);
        V toN = gradient * (one - z) * (one - (n * n));
        V toR = toN * V.Load(step.Recurrent + gate + (2 * next)) * r * (one - r);
        V toZ = gradient * (V.Load(step.HiddenBefore + unit) - n) * z * (one - z);
        V.Store(toR, target);
        V.Store(toZ, target + next);
        V.Store(toN, target + (2 * next));
        V.Store(toR, state);
        V.Store(toZ, state + next);
        V.Store(toN * r, state + (2 * next));
        V.Store(gradient * z, step.HiddenGradient + unit);
    }
}
