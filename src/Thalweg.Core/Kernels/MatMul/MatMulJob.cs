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

    [MethodImpl(Drive.Loop)]
    public void Run(int piece)
    {
        int row = piece % _plan.RowPieces * _plan.PieceRows, column = piece / _plan.RowPieces * _plan.PieceColumns;
        int rows = Math.Min(_plan.PieceRows, a.Rows - row), endColumn = Math.Min(column + _plan.PieceColumns, b.Columns);
        // A product over no k at all is 0, so one block runs even then.
        for (int k = 0; k == 0 || k < a.Columns; k += _plan.Depth)
        {
            int depth = Math.Min(_plan.Depth, a.Columns - k);
            Matrix<T> left = new(a.At(row, k), rows, depth, a.RowStride, a.ColumnStride);
            int width;
            for (int j = column; j < endColumn; j += width)
            {
                width = Math.Min(2 * TLane.Count, endColumn - j);
                Matrix<T> right = new(b.At(k, j), depth, width, b.RowStride, b.ColumnStride);
                RunPanel(left, right, c + row * ldc + j, epilogue.Accumulate || k > 0);
            }
        }

        if (epilogue.Bias != null || epilogue.Activation != FusedActivation.None)
            EpilogueKernel.Run<TLane, T>(c + row * ldc + column, rows, endColumn - column, ldc, epilogue.From(column));
    }

    /// <summary>All rows of the piece by one panel of B.</summary>
    [MethodImpl(Drive.Loop)]
    private void RunPanel(in Matrix<T> left, in Matrix<T> right, T* target, bool add)
    {
        int width = right.Columns, lanes = width > TLane.Count ? 2 : 1, panel = lanes * TLane.Count;
        bool whole = width == panel;
        T* scratch = stackalloc T[whole ? 0 : TileKernel.MaximumHeight * panel];
        TileOperands<T> operands = new()
        {
            A = left.Data,
            RowStrideA = left.RowStride,
            StepA = left.ColumnStride,
            B = right.Data,
            StepB = right.RowStride,
            C = whole ? target : scratch,
            StrideC = whole ? ldc : panel,
            Depth = left.Columns,
            Add = whole && add,
        };
        if (!whole || right.ColumnStride != 1)
        {
            operands.B = (T*)PanelPacker.Memory;
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
            if (whole)
                operands.C += height * ldc;
            else
                Merge(scratch, panel, target + row * ldc, height, width, add);
        }
    }

    /// <summary>Writes the columns of a tile that C has.</summary>
    [MethodImpl(Drive.Loop)]
    private void Merge(T* scratch, int panel, T* target, int height, int width, bool add)
    {
        for (int i = 0; i < height; i++, scratch += panel, target += ldc)
        {
            int j = 0;
            for (; j <= width - Lane128<T>.Count; j += Lane128<T>.Count)
                Write<Lane128<T>>(scratch + j, target + j, add);
            for (; j < width; j++)
                Write<Lane1<T>>(scratch + j, target + j, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TPart>(T* sum, T* target, bool add)
        where TPart : unmanaged, ILane<TPart, T> =>
        TPart.Store(add ? TPart.Load(target) + TPart.Load(sum) : TPart.Load(sum), target);
}
