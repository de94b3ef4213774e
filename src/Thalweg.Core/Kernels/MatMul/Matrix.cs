namespace Thalweg.Kernels;

/// <summary>A view of a matrix in memory: element (i, k) is at <c>Data[i * RowStride + k * ColumnStride]</c>.</summary>
/// <param name="data">First element.</param>
/// <param name="rows">Number of rows, 0 or more.</param>
/// <param name="columns">Number of columns, 0 or more.</param>
/// <param name="rowStride">Elements from one row to the next.</param>
/// <param name="columnStride">Elements from one column to the next; one of the strides is 1, and 1 here means that
/// rows are contiguous.</param>
internal readonly unsafe struct Matrix<T>(T* data, int rows, int columns, nint rowStride, nint columnStride)
    where T : unmanaged
{
    public readonly T* Data = data;
    public readonly int Rows = rows;
    public readonly int Columns = columns;
    public readonly nint RowStride = rowStride;
    public readonly nint ColumnStride = columnStride;

    /// <summary>The transposed view of the same memory.</summary>
    public Matrix<T> Transposed => new(Data, Columns, Rows, ColumnStride, RowStride);

    /// <summary>Address of element (<paramref name="row"/>, <paramref name="column"/>).</summary>
    public T* At(nint row, nint column) => Data + row * RowStride + column * ColumnStride;
}
