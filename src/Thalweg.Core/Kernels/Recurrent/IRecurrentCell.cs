using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>The elementwise part of a recurrent cell.</summary>
internal interface IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Gates, memory and state of neighboring units of one row.</summary>
    /// <param name="step">Memory of the step.</param>
    /// <param name="gate">First element of the units in the row's first gate.</param>
    /// <param name="unit">First element of the units in the row.</param>
    static abstract void Forward<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ILane<V, T>;

    /// <summary>Cotangents of the same.</summary>
    /// <param name="step">Memory of the step.</param>
    /// <param name="gate">First element of the units in the row's first gate.</param>
    /// <param name="unit">First element of the units in the row.</param>
    static abstract void Backward<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ILane<V, T>;
}
