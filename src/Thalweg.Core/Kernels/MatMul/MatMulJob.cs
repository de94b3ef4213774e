using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>A matrix product at one lane width; a piece is a block of C.</summary>
internal readonly unsafe struct MatMulJob<TLane, T>(Matrix<T> a, Matrix<T> b, T* c, nint ldc, Epilogue<T> epilogue) : IParallelJob
    where TLane : unmanaged, ILane<TLane, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MatMulPlan _plan = new(a.Rows, b.Columns, a.Columns);

    /// <summary>How many pieces there are.</summary>
    public int Pieces => _plan.RowPieces * _plan.ColumnPieces;

    /// <summary>Whether the work is worth waking others for.</summary>
    public bool IsLong => _plan.IsLong;

    [MethodImpl(Drive.Loop)]
    public void Run(int piece)
    {
        (int down, int across) = _plan.IsTall
            ? (piece / _plan.ColumnPieces, piece % _plan.ColumnPieces)
            : (piece % _plan.RowPieces, piece / _plan.RowPieces);
        int row = _plan.Row(down), rows = _plan.Row(down + 1) - row, column = _plan.Column(across), endColumn = _plan.Column(across + 1);
        // A product over no k at all is 0, so one block runs even then.
        for (int k = 0; k == 0 || k < a.Columns; k += _plan.Depth)
        {
            int depth = Math.Min(_plan.Depth, a.Columns - k);
            Matrix<T> left = new(a.At(row, k), rows, depth, a.RowStride, a.ColumnStride);
            int width;
            for (int j = column; j < endColumn; j += width)
            {
                width = Math.Min(2 * TLane.Count, endColumn - j);
                // The last panel is filled up with columns to its left, which come out the same again.
                int missing = (width > TLane.Count ? 2 * TLane.Count : TLane.Count) - width, repeated = Math.Min(missing, j);
                Matrix<T> right = new(b.At(k, j - repeated), depth, repeated + width, b.RowStride, b.ColumnStride);
                bool add = epilogue.Accumulate || k > 0, direct = missing == 0 || !add && j - missing >= column;
                RunPanel(left, right, c + row * ldc + j - repeated, new PanelWrite(direct ? 0 : repeated, direct, add));
            }
        }

        if (!epilogue.IsPlain)
            EpilogueKernel.Run<TLane, T>(c + row * ldc + column, rows, endColumn - column, ldc, epilogue.From(column));
    }

    /// <summary>All rows of the piece by one panel of B.</summary>
    [MethodImpl(Drive.Loop)]
    [SkipLocalsInit]
    private void RunPanel(in Matrix<T> left, in Matrix<T> right, T* target, PanelWrite write)
    {
        int lanes = right.Columns > TLane.Count ? 2 : 1, panel = lanes * TLane.Count;
        T* scratch = stackalloc T[write.Direct ? 0 : TileKernel.MaximumHeight * panel];
        TileOperands<T> operands = new()
        {
            A = left.Data,
            RowStrideA = left.RowStride,
            StepA = left.ColumnStride,
            B = right.Data,
            StepB = right.RowStride,
            C = write.Direct ? target : scratch,
            StrideC = write.Direct ? ldc : panel,
            Depth = left.Columns,
            Add = write.Direct && write.Add,
        };
        if (right.Columns != panel || right.ColumnStride != 1)
        {
            operands.B = PanelPacker.Take<T>(MatMulPlan.MaximumDepth * panel);
            operands.StepB = panel;
            PanelPacker.Pack<TLane, T>(right, panel, operands.B);
        }

        int height;
        for (int row = 0; row < left.Rows; row += height)
        {
            height = TileKernel.Height(left.Rows - row, sizeof(TLane) == 64);
            if (lanes == 2)
                TileKernel.RunTwoLanes<TLane, T>(height, operands);
            else
                TileKernel.RunOneLane<TLane, T>(height, operands);
            operands.A += height * left.RowStride;
            if (write.Direct)
                operands.C += height * ldc;
            else
            {
                Matrix<T> sums = new(scratch + write.Skip, height, right.Columns - write.Skip, panel, 1);
                TileCopy.Rows(sums, target + row * ldc + write.Skip, ldc, write.Add);
            }
        }
    }

    /// <summary>How a panel of C is written: from its tiles at once, or by way of scratch memory without its first columns.</summary>
    private readonly struct PanelWrite(int skip, bool direct, bool add)
    {
        public readonly int Skip = skip;
        public readonly bool Direct = direct, Add = add;
    }
}
