namespace Thalweg.Kernels;

/// <summary>One grid of results that share their taps: all results of a convolution, or those of one phase of a transposed one.</summary>
internal unsafe struct TapPhase<T>
    where T : unmanaged
{
    /// <summary>Factors <c>[groups, results, depth]</c>.</summary>
    public T* Weights;

    /// <summary>Place of each of <see cref="Depth"/> inputs of a result, relative to the place of the result in the padded image.</summary>
    public int* Offsets;

    /// <summary>Products in each sum: input channels of a group times taps.</summary>
    public int Depth;

    /// <summary>Results along the two axes.</summary>
    public int Rows, Columns;

    /// <summary>Place of the first result in the target.</summary>
    public int TargetRow, TargetColumn;
}

/// <summary>A padded copy of some rows of an image, its columns sorted by their remainder modulo the stride.</summary>
/// <remarks>So neighboring results find their inputs side by side for any stride, and no kernel looks at borders.</remarks>
internal struct PaddedImage
{
    /// <summary>Channels of one group.</summary>
    public int Channels;

    /// <summary>Size of the image that is copied.</summary>
    public int Height, Width;

    /// <summary>Image row of the first row of the copy for result row 0, and how many image rows a result row moves it.</summary>
    public int FirstRow, RowStep;

    /// <summary>Rows that one result row needs.</summary>
    public int Span;

    /// <summary>Image column of the first column, remainders and columns of each.</summary>
    public int FirstColumn, Remainders, Columns;

    /// <summary>Elements from one row of the copy to the next.</summary>
    public readonly int Pitch => Remainders * Columns;

    /// <summary>Rows of the copy for a number of result rows.</summary>
    public readonly int RowsFor(int resultRows) => ((resultRows - 1) * RowStep) + Span;
}
