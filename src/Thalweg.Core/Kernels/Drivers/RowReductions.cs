using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>One reduction per row of contiguous x <c>[rows, columns]</c>.</summary>
internal static unsafe class RowReductions
{
    /// <summary>y[r] = reduction of row r, combined with the y[r] that is there if <paramref name="accumulate"/>.</summary>
    internal static void Run<T, TReduction>(VectorWidth width, TReduction reduction, T* x, nint rows, nint columns, T* y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
    {
        if (rows == 0)
            return;
        bool small = rows * columns <= Chunks.Threshold;
        Job<T, TReduction> job = new()
        {
            Width = width,
            Reduction = reduction,
            X = x,
            Rows = rows,
            Columns = columns,
            Y = y,
            Accumulate = accumulate,
            RowsPerChunk = small ? rows : nint.Max(1, Chunks.Length / columns),
        };
        WorkerTeam.Run(ref job, Chunks.Count(rows, job.RowsPerChunk));
    }

    private struct Job<T, TReduction> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
    {
        public VectorWidth Width;
        public TReduction Reduction;
        public T* X, Y;
        public nint Rows, Columns, RowsPerChunk;
        public bool Accumulate;

        public readonly void Run(int chunk)
        {
            nint first = chunk * RowsPerChunk, last = nint.Min(Rows, first + RowsPerChunk);
            for (nint row = first; row < last; row++)
            {
                T* start = X + (row * Columns);
                T total = BlockReduction.RunChunk(Width, Reduction, start, start, Columns);
                Y[row] = Accumulate ? Reduction.Combine(new SimdVector1<T>(Y[row]), new SimdVector1<T>(total)).Value : total;
            }
        }
    }
}
