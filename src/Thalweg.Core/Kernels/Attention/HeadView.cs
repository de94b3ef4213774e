namespace Thalweg.Kernels;

/// <summary>Rows of the heads of a batch in memory: row i of head h of sample b starts at
/// <c>Data[b * Batch + h * Head + i * Row]</c>.</summary>
/// <param name="data">First element, or null where the tensor is not wanted.</param>
/// <param name="batch">Elements from one sample to the next.</param>
/// <param name="head">Elements from one head to the next.</param>
/// <param name="row">Elements from one row to the next; within a row they are neighbors.</param>
internal readonly unsafe struct HeadView<T>(T* data, nint batch, nint head, nint row)
    where T : unmanaged
{
    public readonly T* Data = data;
    public readonly nint Batch = batch;
    public readonly nint Head = head;
    public readonly nint Row = row;

    /// <summary>First row of a head.</summary>
    public T* At(nint sample, nint headIndex) => Data + (sample * Batch) + (headIndex * Head);

    /// <summary>Some rows of a head as a matrix.</summary>
    /// <param name="start">First of them, from <see cref="At"/> on.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">Their length.</param>
    public Matrix<T> Rows(T* start, int rows, int columns) => new(start, rows, columns, Row, 1);
}
