using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>One row of a time step.</summary>
/// <param name="width">Vector width; the result does not depend on it.</param>
/// <param name="step">Memory of the step.</param>
/// <param name="row">Row, from 0.</param>
internal readonly unsafe struct CellRow<T>(VectorWidth width, in CellStep<T> step, int row)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CellStep<T> _step = step;

    /// <summary>Runs one loop over the units of some neighboring gates.</summary>
    /// <param name="firstGate">The gate to begin with, from 0.</param>
    /// <param name="gates">Number of gates; above 1 for a part that does not look at units.</param>
    public void Run<TPart>(int firstGate = 0, int gates = 1)
        where TPart : unmanaged, ICellPart<T>
    {
        int count = gates * _step.Units;
        int done = width switch
        {
            VectorWidth.Bits512 => Loop<TPart, SimdVector512<T>>(firstGate, 0, count),
            VectorWidth.Bits256 => Loop<TPart, SimdVector256<T>>(firstGate, 0, count),
            VectorWidth.Bits128 => Loop<TPart, SimdVector128<T>>(firstGate, 0, count),
            _ => 0,
        };
        // A narrow vector shortens the tail, whose units cost as much one by one as a whole vector.
        if (width > VectorWidth.Bits128 && done <= count - SimdVector128<T>.Count)
            done = Loop<TPart, SimdVector128<T>>(firstGate, done, count);

        if (done < count)
            Loop<TPart, SimdVector1<T>>(firstGate, done, count);
    }

    [MethodImpl(Drive.Loop)]
    private int Loop<TPart, V>(int firstGate, int start, int count)
        where TPart : unmanaged, ICellPart<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        nint unit = (nint)row * _step.Units, gate = (unit * _step.GateCount) + ((nint)firstGate * _step.Units);
        int i = start;
        for (; i <= count - V.Count; i += V.Count)
            TPart.Apply<V>(_step, gate + i, unit + i);

        return i;
    }
}
