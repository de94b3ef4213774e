namespace Thalweg.Kernels;

/// <summary>Memory of a recurrent cell over all time steps.</summary>
internal unsafe struct ScanMemory<T>
    where T : unmanaged
{
    /// <summary>Number of steps, sequences and units; <see cref="Columns"/> is gates times units.</summary>
    public int Time, Batch, Units, Columns;

    /// <summary>Whether time runs from the last step to the first.</summary>
    public bool Reverse;

    /// <summary>Length of each sequence, or null.</summary>
    public int* Lengths;

    /// <summary>Input part <c>[time, batch, columns]</c>.</summary>
    public T* Input;

    /// <summary>State, and memory of a cell that has one, before the first step: <c>[states, batch, units]</c>.</summary>
    public T* Initial;

    /// <summary>Forward: weight of the state <c>[units, columns]</c>. Backward: its transposition,
    /// <c>[columns, units]</c> in memory.</summary>
    public T* Weight;

    /// <summary>Bias within the product of the state <c>[columns]</c>, or null.</summary>
    public T* Bias;

    /// <summary>States after each step <c>[time, batch, units]</c>.</summary>
    public T* States;

    /// <summary>Gates of each step <c>[time, batch, columns]</c>.</summary>
    public T* Gates;

    /// <summary>Memories after each step <c>[time, batch, units]</c> of a cell that has them, or null.</summary>
    public T* Memories;

    /// <summary>Products of the state <c>[time, batch, columns]</c> of a cell that needs them apart, or null.</summary>
    public T* Products;

    /// <summary>Backward: cotangent of <see cref="States"/>.</summary>
    public T* StateGradients;

    /// <summary>Backward: cotangent of <see cref="Initial"/>; holds that of the final memory, and zeros else, at the start.</summary>
    public T* InitialGradient;

    /// <summary>Backward: cotangents of the gates' arguments <c>[time, batch, columns]</c>.</summary>
    public T* GateGradients;

    /// <summary>Backward: cotangents of <see cref="Products"/>, which are those of the gates where there are none apart.</summary>
    public T* ProductGradients;

    /// <summary>Some sequences at step number <paramref name="step"/> in the order of computation.</summary>
    /// <param name="step">Step, from 0.</param>
    /// <param name="row">First sequence.</param>
    /// <param name="rows">Number of sequences.</param>
    public readonly CellStep<T> At(int step, int row, int rows)
    {
        int at = Reverse ? Time - 1 - step : step, before = Reverse ? at + 1 : at - 1;
        nint state = (((nint)at * Batch) + row) * Units, gate = (((nint)at * Batch) + row) * Columns;
        nint stateBefore = (((nint)before * Batch) + row) * Units, first = (nint)row * Units;
        T* memoryBefore = step == 0 ? Initial + ((nint)Batch * Units) + first : Memories + stateBefore;
        return new CellStep<T>
        {
            Rows = rows,
            Units = Units,
            GateCount = Columns / Math.Max(1, Units),
            Time = at,
            Lengths = Lengths == null ? null : Lengths + row,
            Gates = Gates + gate,
            Recurrent = Products == null ? null : Products + gate,
            HiddenBefore = step == 0 ? Initial + first : States + stateBefore,
            Hidden = States + state,
            MemoryBefore = Memories == null ? null : memoryBefore,
            Memory = Memories == null ? null : Memories + state,
            HiddenGradient = InitialGradient + first,
            MemoryGradient = Memories == null ? null : InitialGradient + ((nint)Batch * Units) + first,
            GateGradients = GateGradients + gate,
            RecurrentGradients = Products == null ? null : ProductGradients + gate,
        };
    }
}
