using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>h = tanh(a).</summary>
internal readonly unsafe struct TanhCell<T> : IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ILane<V, T> => V.Store(new Tanh<T>().Apply(V.Load(step.Gates + gate)), step.Hidden + unit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ILane<V, T>
    {
        V h = V.Load(step.Hidden + unit), gradient = V.Load(step.HiddenGradient + unit);
        V.Store(gradient * (V.Splat(T.One) - (h * h)), step.GateGradients + gate);
        V.Store(V.Splat(T.Zero), step.HiddenGradient + unit);
    }
}

/// <summary>h = max(a, 0).</summary>
internal readonly unsafe struct ReluCell<T> : IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ILane<V, T>
    {
        V a = V.Load(step.Gates + gate), zero = V.Splat(T.Zero);
        V.Store(V.Select(V.Less(a, zero), zero, a), step.Hidden + unit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ILane<V, T>
    {
        V zero = V.Splat(T.Zero), gradient = V.Load(step.HiddenGradient + unit);
        V.Store(V.Select(V.Less(zero, V.Load(step.Hidden + unit)), gradient, zero), step.GateGradients + gate);
        V.Store(zero, step.HiddenGradient + unit);
    }
}

/// <summary>Gates i, f, g, o: c' = f c + i g, h = o tanh c'.</summary>
internal readonly unsafe struct LstmCell<T> : IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ILane<V, T>
    {
        T* gates = step.Gates + gate;
        nint next = step.Units;
        V i = new Sigmoid<T>().Apply(V.Load(gates)), f = new Sigmoid<T>().Apply(V.Load(gates + next));
        V g = new Tanh<T>().Apply(V.Load(gates + (2 * next))), o = new Sigmoid<T>().Apply(V.Load(gates + (3 * next)));
        V c = (f * V.Load(step.MemoryBefore + unit)) + (i * g);
        V.Store(i, gates);
        V.Store(f, gates + next);
        V.Store(g, gates + (2 * next));
        V.Store(o, gates + (3 * next));
        V.Store(c, step.Memory + unit);
        V.Store(o * new Tanh<T>().Apply(c), step.Hidden + unit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ILane<V, T>
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

/// <summary>Gates r, z, n = tanh(a + r b) with b from the state: h' = (1 - z) n + z h.</summary>
internal readonly unsafe struct GruCell<T> : IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ILane<V, T>
    {
        T* gates = step.Gates + gate, state = step.Recurrent + gate;
        nint next = step.Units;
        V r = new Sigmoid<T>().Apply(V.Load(gates) + V.Load(state)), z = new Sigmoid<T>().Apply(V.Load(gates + next) + V.Load(state + next));
        V n = new Tanh<T>().Apply(V.Load(gates + (2 * next)) + (r * V.Load(state + (2 * next))));
        V.Store(r, gates);
        V.Store(z, gates + next);
        V.Store(n, gates + (2 * next));
        V.Store(((V.Splat(T.One) - z) * n) + (z * V.Load(step.HiddenBefore + unit)), step.Hidden + unit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ILane<V, T>
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
