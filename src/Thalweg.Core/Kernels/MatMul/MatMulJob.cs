using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>A matrix product at one vector width; a chunk is a block of C.</summary>
internal readonly unsafe struct MatMulJob<TVector, T>(Matrix<T> a, Matrix<T> b, T* c, nint ldc, Epilogue<T> epilogue) : IParallelJob
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MatMulPlan _plan = new(a.Rows, b.Columns, a.Columns);

    /// <summary>How many chunks there are.</summary>
    public int Chunks => _plan.RowChunks * _plan.ColumnChunks;

    /// <summary>Whether the work is worth waking others for.</summary>
    public bool IsLong => _plan.IsLong;

    [MethodImpl(Drive.Loop)]
    public void Run(int chunk)
    {
        MatMulArea area = _plan.Area(chunk);
        // A product over no k at all is 0, so one block runs even then.
        for (int k = 0; k == 0 || k < a.Columns; k += _plan.Depth)
            RunBlock(area, k, c, ldc, epilogue.Accumulate || k > 0);
        if (!epilogue.IsPlain)
            EpilogueKernel.Run<TVector, T>(c + area.Row * ldc + area.Column, area.Rows, area.Columns, ldc, epilogue.From(area.Column));
    }

    /// <summary>The sums of one block of k.</summary>
    /// <param name="area">The part of the product.</param>
    /// <param name="k">Where the block starts.</param>
    /// <param name="target">First element of what takes the whole product.</param>
    /// <param name="stride">Elements from one row of it to the next.</param>
    /// <param name="add">Whether the sums are added to it.</param>
    [MethodImpl(Drive.Loop)]
    public void RunBlock(MatMulArea area, int k, T* target, nint stride, bool add)
    {
        int depth = Math.Min(_plan.Depth, a.Columns - k), end = area.Column + area.Columns, width;
        Matrix<T> left = new(a.At(area.Row, k), area.Rows, depth, a.RowStride, a.ColumnStride);
        for (int j = area.Column; j < end; j += width)
        {
            width = Math.Min(2 * TVector.Count, end - j);
            // The last panel is filled up with columns to its left, which come out the same again.
            int missing = (width > TVector.Count ? 2 * TVector.Count : TVector.Count) - width, repeated = Math.Min(missing, j);
            Matrix<T> right = new(b.At(k, j - repeated), depth, repeated + width, b.RowStride, b.ColumnStride);
            bool direct = missing == 0 || !add && j - missing >= area.Column;
            PanelWrite write = new(stride, direct ? 0 : repeated, direct, add);
            RunPanel(left, right, target + area.Row * stride + j - repeated, write);
        }
    }

    /// <summary>All rows of the chunk by one panel of B.</summary>
    [MethodImpl(Drive.Loop)]
    [SkipLocalsInit]
    private static void RunPanel(in Matrix<T> left, in Matrix<T> right, T* target, PanelWrite write)
    {
        int vectors = right.Columns > TVector.Count ? 2 : 1, panel = vectors * TVector.Count;
        T* scratch = stackalloc T[write.Direct ? 0 : TileKernel.MaximumHeight * panel];
        TileOperands<T> operands = new()
        {
            A = left.Data,
            RowStrideA = left.RowStride,
            StepA = left.ColumnStride,
            B = right.Data,
            StepB = right.RowStride,
            C = write.Direct ? target : scratch,
            StrideC = write.Direct ? write.Stride : panel,
            Depth = left.Columns,
            Add = write.Direct && write.Add,
        };
        if (right.Columns != panel || right.ColumnStride != 1)
        {
            operands.B = PanelPacker.Take<T>(MatMulPlan.MaximumDepth * panel);
            operands.StepB = panel;
            PanelPacker.Pack<TVector, T>(right, panel, operands.B);
        }

        int height;
        for (int row = 0; row < left.Rows; row += height)
        {
            height = TileKernel.Height(left.Rows - row, sizeof(TVector) == 64);
            if (vectors == 2)
                TileKernel.RunTwoVectors<TVector, T>(height, operands);
            else
                TileKernel.RunOneVector<TVector, T>(height, operands);
            operands.A += height * left.RowStride;
            if (write.Direct)
            {
                operands.C += height * write.Stride;
            }
            else
            {
                Matrix<T> sums = new(scratch + write.Skip, height, right.Columns - write.Skip, panel, 1);
                TileCopy.Rows(sums, target + row * write.Stride + write.Skip, write.Stride, write.Add);
            }
        }
    }

    /// <summary>How a panel of C is written: from its tiles at once, or by way of scratch memory without its first columns.</summary>
    private readonly struct PanelWrite(nint stride, int skip, bool direct, bool add)
    {
        public readonly nint Stride = stride;
        public readonly int Skip = skip;
        public readonly bool Direct = direct, Add = add;
    }
}
