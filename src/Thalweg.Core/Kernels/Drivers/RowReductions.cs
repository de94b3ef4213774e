using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>One reduction per row of contiguous x <c>[rows, columns]</c>.</summary>
internal static unsafe class RowReductions
{
    /// <summary>y[r] = reduction of row r, combined with the y[r] that is there if <paramref name="accumulate"/>.</summary>
    internal static void Run<T, TReduction>(LaneWidth width, TReduction reduction, T* x, nint rows, nint columns, T* y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
    {
        if (rows == 0)
            return;
        bool small = rows * columns <= Pieces.Threshold;
        Job<T, TReduction> job = new()
        {
            Width = width,
            Reduction = reduction,
            X = x,
            Rows = rows,
            Columns = columns,
            Y = y,
            Accumulate = accumulate,
            RowsPerPiece = small ? rows : nint.Max(1, Pieces.Length / columns),
        };
        WorkerTeam.Run(ref job, Pieces.Count(rows, job.RowsPerPiece));
    }

    private struct Job<T, TReduction> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
    {
        public LaneWidth Width;
        public TReduction Reduction;
        public T* X, Y;
        public nint Rows, Columns, RowsPerPiece;
        public bool Accumulate;

        public readonly void Run(int piece)
        {
            nint first = piece * RowsPerPiece, last = nint.Min(Rows, first + RowsPerPiece);
            for (nint row = first; row < last; row++)
            {
                T* start = X + (row * Columns);
                T total = BlockReduction.RunPiece(Width, Reduction, start, start, Columns);
                Y[row] = Accumulate ? Reduction.Combine(new Lane1<T>(Y[row]), new Lane1<T>(total)).Value : total;
            }
        }
    }
}
