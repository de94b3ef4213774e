namespace Thalweg.Kernels;

/// <summary>Memory of one time step of a recurrent cell; every pointer but those to gates is to
/// rows of <see cref="Units"/> elements.</summary>
internal unsafe struct CellStep<T>
    where T : unmanaged
{
    /// <summary>Number of sequences.</summary>
    public int Rows;

    /// <summary>Number of units.</summary>
    public int Units;

    /// <summary>Number of gates: <see cref="Gates"/> has this many times <see cref="Units"/> elements in a row.</summary>
    public int GateCount;

    /// <summary>Which time step this is, from 0.</summary>
    public int Time;

    /// <summary>Length of each sequence; null where all are full. Past its length a sequence keeps its state.</summary>
    public int* Lengths;

    /// <summary>Arguments of the gates before, their values after the forward step.</summary>
    public T* Gates;

    /// <summary>Part of the gates' arguments that comes from the state, where the cell needs it apart.</summary>
    public T* Recurrent;

    /// <summary>State before the step.</summary>
    public T* HiddenBefore;

    /// <summary>State after the step.</summary>
    public T* Hidden;

    /// <summary>Memory before the step, of a cell that has one.</summary>
    public T* MemoryBefore;

    /// <summary>Memory after the step.</summary>
    public T* Memory;

    /// <summary>Backward: cotangent of the state after the step; becomes that of the state before it, as far as it does not
    /// pass the gates.</summary>
    public T* HiddenGradient;

    /// <summary>Backward: cotangent of the memory after the step; becomes that of the memory before it.</summary>
    public T* MemoryGradient;

    /// <summary>Backward: takes the cotangents of the gates' arguments.</summary>
    public T* GateGradients;

    /// <summary>Backward: takes the cotangents of <see cref="Recurrent"/>.</summary>
    public T* RecurrentGradients;
}
