using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>A block of k of a product L R whose right factor lies in panels; a chunk is a block of the product.</summary>
/// <remarks>
/// Within a chunk a tile's rows of L meet all panels before the next rows come: the panels stay in the second cache and are read in
/// one stream, the rows of L in the first.
/// </remarks>
internal readonly unsafe struct PanelJob<TVector, T>(Matrix<T> left, Panels<T> panels, int columns, ProductTarget<T> target) : IParallelJob
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MatMulPlan _plan = new(left.Rows, columns, left.Columns);

    public int Chunks => _plan.RowChunks * _plan.ColumnChunks;

    public bool IsLong => _plan.IsLong;

    [MethodImpl(Drive.Loop)]
    [SkipLocalsInit]
    public void Run(int chunk)
    {
        // Neighbors share panels, which so stay in the second cache.
        (int across, int down) = (chunk / _plan.RowChunks, chunk % _plan.RowChunks);
        int row = _plan.Row(down), endRow = _plan.Row(down + 1), column = _plan.Column(across), endColumn = _plan.Column(across + 1);
        int panel = 2 * TVector.Count, height;
        byte* memory = stackalloc byte[TileKernel.MaximumHeight * panel * sizeof(T) + CacheLine.Size];
        T* scratch = CacheLine.Align<T>(memory);
        for (int i = row; i < endRow; i += height)
        {
            height = TileKernel.Height(endRow - i, sizeof(TVector) == 64);
            for (int j = column; j < endColumn; j += panel)
                RunTile(new Matrix<T>(left.At(i, 0), height, left.Columns, left.RowStride, left.ColumnStride), i, j, scratch);
        }

        Epilogue<T> epilogue = target.Epilogue;
        if (epilogue.IsPlain)
            return;
        if (target.Transposed)
            EpilogueKernel.Run<TVector, T>(At(row, column), endColumn - column, endRow - row, target.Stride, epilogue.From(row));
        else
            EpilogueKernel.Run<TVector, T>(At(row, column), endRow - row, endColumn - column, target.Stride, epilogue.From(column));
    }

    /// <summary>Some rows of L by one panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RunTile(in Matrix<T> rows, int row, int column, T* scratch)
    {
        int panel = 2 * TVector.Count, width = Math.Min(panel, columns - column);
        bool add = target.Epilogue.Accumulate, twoVectors = width > TVector.Count;
        bool direct = !target.Transposed && width == (twoVectors ? panel : TVector.Count);
        T* position = At(row, column);
        TileOperands<T> operands = new()
        {
            A = rows.Data,
            RowStrideA = rows.RowStride,
            StepA = rows.ColumnStride,
            B = panels.Data + column / panel * panels.Step,
            StepB = panels.Stride,
            TransposedB = panels.AreTransposed,
            C = direct ? position : scratch,
            StrideC = direct ? target.Stride : panel,
            Depth = rows.Columns,
            Add = direct && add,
        };
        if (twoVectors)
            TileKernel.RunTwoVectors<TVector, T>(rows.Rows, operands);
        else
            TileKernel.RunOneVector<TVector, T>(rows.Rows, operands);
        Matrix<T> sums = new(scratch, rows.Rows, width, panel, 1);
        if (target.Transposed)
            TileCopy.Transposed(sums, position, target.Stride, add);
        else if (!direct)
            TileCopy.Rows(sums, position, target.Stride, add);
    }

    /// <summary>Where an element of the product goes.</summary>
    private T* At(int row, int column) => target.C + (target.Transposed ? column * target.Stride + row : row * target.Stride + column);
}
