using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>The elementwise part of a recurrent cell, made of <see cref="ICellPart{T}"/>s.</summary>
internal interface IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Gates, memory and state of one row.</summary>
    static abstract void Forward(in CellRow<T> row);

    /// <summary>Cotangents of the same.</summary>
    static abstract void Backward(in CellRow<T> row);
}

/// <summary>One loop over the units of a row.</summary>
/// <remarks>
/// With at most one exponential in each, all of it is inlined and the vectors stay in registers. The whole LSTM in one body took three
/// times as long: past the compiler's budget each function became a call.
/// </remarks>
internal interface ICellPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Neighboring units of one row.</summary>
    /// <param name="step">Memory of the step.</param>
    /// <param name="gate">First element of the units in the gate that the loop begins with.</param>
    /// <param name="unit">First element of the units in the row.</param>
    static abstract void Apply<V>(in CellStep<T> step, nint gate, nint unit)
        where V : unmanaged, ISimdVector<V, T>;
}
