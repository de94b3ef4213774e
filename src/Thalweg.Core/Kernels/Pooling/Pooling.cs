using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>What a pooling kernel works on: planes <c>[H, W]</c> and their pooled planes <c>[OH, OW]</c>.</summary>
internal unsafe struct PoolWork<T>
    where T : unmanaged
{
    public PoolAxis Rows, Columns;

    /// <summary>The windows of both axes; see <see cref="PoolAxis.Write"/>.</summary>
    public int* RowTable, ColumnTable;

    /// <summary>Planes and pooled planes, one after the other.</summary>
    public T* Planes, Pooled;

    /// <summary>Where each maximum was, counted row by row in its plane.</summary>
    public int* Indices;

    public int Count;

    /// <summary>What an average divides by, or 0 for the size of the window.</summary>
    public int Divisor;

    /// <summary>Whether what is written is added to what is there.</summary>
    public bool Accumulate;

    public readonly nint PlaneSize => (nint)Rows.Input * Columns.Input;

    public readonly nint PooledSize => (nint)Rows.Output * Columns.Output;
}

/// <summary>Pooling of planes; a chunk is some planes.</summary>
internal static unsafe class Pooling
{
    private enum Task
    {
        Maximum,
        Average,
        Spread,
        Gather,
        Scatter,
    }

    /// <summary>Largest element of each window and where it was; the first of equals, NaN where there is one.</summary>
    public static void Maximum<T>(in PoolWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!MaximumPooling.TryRun(VectorWidths.Best, work))
            Run(work, Task.Maximum);
    }

    /// <summary>Mean of each window.</summary>
    public static void Average<T>(in PoolWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, Task.Average);

    /// <summary>The transpose of <see cref="Average"/>: from pooled planes to planes.</summary>
    public static void Spread<T>(in PoolWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, Task.Spread);

    /// <summary>The elements of planes at the indices.</summary>
    public static void Gather<T>(in PoolWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, Task.Gather);

    /// <summary>The transpose of <see cref="Gather"/>: pooled elements added to zeros at the indices.</summary>
    public static void Scatter<T>(in PoolWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, Task.Scatter);

    private static void Run<T>(in PoolWork<T> work, Task task)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint size = nint.Max(1, nint.Max(work.PlaneSize, work.PooledSize));
        Job<T> job = new() { Work = work, Task = task, PerChunk = (int)nint.Max(1, Chunks.Length / size) };
        WorkerTeam.Run(ref job, Chunks.Count(work.Count, job.PerChunk));
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public PoolWork<T> Work;
        public Task Task;
        public int PerChunk;

        public readonly void Run(int chunk)
        {
            int last = Math.Min(Work.Count, (chunk + 1) * PerChunk);
            for (int index = chunk * PerChunk; index < last; index++)
            {
                T* plane = Work.Planes + (index * Work.PlaneSize), pooled = Work.Pooled + (index * Work.PooledSize);
                int* indices = Work.Indices + (index * Work.PooledSize);
                switch (Task)
                {
                    case Task.Maximum: Maximum(plane, pooled, indices); break;
                    case Task.Average: Average(plane, pooled); break;
                    case Task.Spread: Spread(plane, pooled); break;
                    case Task.Gather: Gather(plane, pooled, indices); break;
                    default: Scatter(plane, pooled, indices); break;
                }
            }
        }

        [MethodImpl(Drive.Loop)]
        private readonly void Maximum(T* plane, T* pooled, int* indices)
        {
            int width = Work.Columns.Input;
            int* rows = Work.RowTable;
            for (int i = 0; i < Work.Rows.Output; i++, rows += PoolAxis.Fields)
            {
                int* columns = Work.ColumnTable;
                for (int j = 0; j < Work.Columns.Output; j++, columns += PoolAxis.Fields)
                {
                    T best = T.NegativeInfinity;
                    int position = (rows[0] * width) + columns[0];
                    for (int row = rows[0]; row < rows[1]; row += Work.Rows.Dilation)
                    {
                        T* line = plane + (row * width);
                        for (int column = columns[0]; column < columns[1]; column += Work.Columns.Dilation)
                        {
                            T value = line[column];
                            if (value > best || T.IsNaN(value))
                                (best, position) = (value, (row * width) + column);
                        }
                    }

                    (*pooled++, *indices++) = (best, position);
                }
            }
        }

        [MethodImpl(Drive.Loop)]
        private readonly void Average(T* plane, T* pooled)
        {
            int width = Work.Columns.Input;
            int* rows = Work.RowTable;
            for (int i = 0; i < Work.Rows.Output; i++, rows += PoolAxis.Fields)
            {
                int* columns = Work.ColumnTable;
                for (int j = 0; j < Work.Columns.Output; j++, columns += PoolAxis.Fields, pooled++)
                {
                    T sum = T.Zero;
                    if (columns[1] - columns[0] == width)
                    {
                        T* start = plane + (rows[0] * width);
                        sum = BlockReduction.RunChunk(
                            VectorWidths.Best, default(Summing<T>), start, start, (nint)(rows[1] - rows[0]) * width);
                    }
                    else
                    {
                        for (int row = rows[0]; row < rows[1]; row++)
                        {
                            for (int column = columns[0]; column < columns[1]; column++)
                                sum += plane[(row * width) + column];
                        }
                    }

                    sum /= Size(rows, columns);
                    *pooled = Work.Accumulate ? *pooled + sum : sum;
                }
            }
        }

        [MethodImpl(Drive.Loop)]
        private readonly void Spread(T* plane, T* pooled)
        {
            Clear(plane);
            int width = Work.Columns.Input;
            int* rows = Work.RowTable;
            for (int i = 0; i < Work.Rows.Output; i++, rows += PoolAxis.Fields)
            {
                int* columns = Work.ColumnTable;
                for (int j = 0; j < Work.Columns.Output; j++, columns += PoolAxis.Fields, pooled++)
                {
                    T share = *pooled / Size(rows, columns);
                    for (int row = rows[0]; row < rows[1]; row++)
                    {
                        for (int column = columns[0]; column < columns[1]; column++)
                            plane[(row * width) + column] += share;
                    }
                }
            }
        }

        [MethodImpl(Drive.Loop)]
        private readonly void Gather(T* plane, T* pooled, int* indices)
        {
            for (nint i = 0; i < Work.PooledSize; i++)
                pooled[i] = Work.Accumulate ? pooled[i] + plane[indices[i]] : plane[indices[i]];
        }

        [MethodImpl(Drive.Loop)]
        private readonly void Scatter(T* plane, T* pooled, int* indices)
        {
            Clear(plane);
            for (nint i = 0; i < Work.PooledSize; i++)
                plane[indices[i]] += pooled[i];
        }

        private readonly void Clear(T* plane)
        {
            if (!Work.Accumulate)
                new Span<T>(plane, (int)Work.PlaneSize).Clear();
        }

        private readonly T Size(int* rows, int* columns) => T.CreateTruncating(Work.Divisor > 0 ? Work.Divisor : rows[2] * columns[2]);
    }
}
