using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>A gate between 0 and 1, in place.</summary>
internal readonly unsafe struct SigmoidGate<T> : ICellPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ISimdVector<V, T>
    {
        T* value = step.Gates + gate;
        V.Store(new Sigmoid<T>().Apply(V.Load(value)), value);
    }
}

/// <summary>A gate between -1 and 1, in place.</summary>
internal readonly unsafe struct TanhGate<T> : ICellPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ISimdVector<V, T>
    {
        T* value = step.Gates + gate;
        V.Store(new Tanh<T>().Apply(V.Load(value)), value);
    }
}

/// <summary>h = tanh(a).</summary>
internal readonly unsafe struct TanhState<T> : ICellPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ISimdVector<V, T>
    {
        V.Store(new Tanh<T>().Apply(V.Load(step.Gates + gate)), step.Hidden + unit);
    }
}

/// <summary>h = max(a, 0).</summary>
internal readonly unsafe struct ReluState<T> : ICellPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ISimdVector<V, T>
    {
        V a = V.Load(step.Gates + gate), zero = V.Splat(T.Zero);
        V.Store(V.Select(V.Less(a, zero), zero, a), step.Hidden + unit);
    }
}

/// <summary>c' = f c + i g and h = o tanh c', from finished gates.</summary>
internal readonly unsafe struct LstmState<T> : ICellPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ISimdVector<V, T>
    {
        T* gates = step.Gates + gate;
        nint next = step.Units;
        V c = (V.Load(gates + next) * V.Load(step.MemoryBefore + unit)) + (V.Load(gates) * V.Load(gates + (2 * next)));
        V.Store(c, step.Memory + unit);
        V.Store(V.Load(gates + (3 * next)) * new Tanh<T>().Apply(c), step.Hidden + unit);
    }
}

/// <summary>Gates r and z from input and state, in place.</summary>
internal readonly unsafe struct GruGate<T> : ICellPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ISimdVector<V, T>
    {
        T* value = step.Gates + gate;
        V.Store(new Sigmoid<T>().Apply(V.Load(value) + V.Load(step.Recurrent + gate)), value);
    }
}

/// <summary>n = tanh(a + r b) and h' = (1 - z) n + z h, from finished r and z.</summary>
internal readonly unsafe struct GruState<T> : ICellPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ISimdVector<V, T>
    {
        T* gates = step.Gates + gate, state = step.Recurrent + gate;
        nint next = step.Units;
        V z = V.Load(gates + next), n = new Tanh<T>().Apply(V.Load(gates + (2 * next)) + (V.Load(gates) * V.Load(state + (2 * next))));
        V.Store(n, gates + (2 * next));
        V.Store(((V.Splat(T.One) - z) * n) + (z * V.Load(step.HiddenBefore + unit)), step.Hidden + unit);
    }
}
