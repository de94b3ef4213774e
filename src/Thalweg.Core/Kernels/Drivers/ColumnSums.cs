using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>y[c] = sum over r of x[r, c] for contiguous x <c>[rows, columns]</c>.</summary>
/// <remarks>
/// A tile of columns stays in registers while the rows go by in ascending order. Rows are added in blocks of 256 whose sums are then added,
/// so the rounding error stays small for many rows. Each column is summed the same way wherever it lies: the bits do not depend on
/// the vector width or the number of threads.
/// </remarks>
internal static unsafe class ColumnSums
{
    /// <summary>Rows whose sums are taken together.</summary>
    public const int RowBlock = 256;

    /// <summary>Columns of a chunk are a multiple of this, so that chunks write whole cache lines.</summary>
    private const int ColumnUnit = 64;

    /// <summary>The sums at a given vector width; the result does not depend on it.</summary>
    internal static void Run<T>(VectorWidth width, T* x, nint rows, nint columns, T* y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (columns == 0)
            return;
        nint units = nint.Max(1, Chunks.Length / ColumnUnit / nint.Max(1, rows));
        bool small = rows * columns <= Chunks.Threshold;
        Job<T> job = new()
        {
            Width = width,
            X = x,
            Rows = rows,
            Columns = columns,
            Y = y,
            Accumulate = accumulate,
            Size = small ? columns : units * ColumnUnit,
        };
        WorkerTeam.Run(ref job, Chunks.Count(columns, job.Size));
    }

    /// <summary>The sums of all rows from those of their blocks, which lie <paramref name="stride"/> apart and are written over.</summary>
    internal static void AddBlocks<T>(T* sums, nint blocks, nint stride, nint columns, T* y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint block = 1; block < blocks; block++)
            Zip.RunChunk(VectorWidths.Best, default(Add<T>), sums, sums + (block * stride), sums, columns);
        if (accumulate)
            Zip.RunChunk(VectorWidths.Best, default(Add<T>), y, sums, y, columns);
        else
            new Span<T>(sums, (int)columns).CopyTo(new Span<T>(y, (int)columns));
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public VectorWidth Width;
        public T* X, Y;
        public nint Rows, Columns, Size;
        public bool Accumulate;

        public readonly void Run(int chunk)
        {
            nint first = chunk * Size, last = nint.Min(Columns, first + Size);
            nint done = Width switch
            {
                VectorWidth.Bits512 => Loop<SimdVector512<T>>(first, last),
                VectorWidth.Bits256 => Loop<SimdVector256<T>>(first, last),
                VectorWidth.Bits128 => Loop<SimdVector128<T>>(first, last),
                _ => first,
            };
            if (done < last)
                Loop<SimdVector1<T>>(done, last);
        }

        [MethodImpl(Drive.Loop)]
        private readonly nint Loop<V>(nint first, nint last)
            where V : unmanaged, ISimdVector<V, T>
        {
            nint c = first;
            for (; c <= last - (4 * V.Count); c += 4 * V.Count)
                SumFour<V>(c);
            for (; c <= last - V.Count; c += V.Count)
                SumOne<V>(c);
            return c;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void SumFour<V>(nint c)
            where V : unmanaged, ISimdVector<V, T>
        {
            V t0 = V.Splat(T.Zero), t1 = t0, t2 = t0, t3 = t0;
            for (nint block = 0; block < Rows; block += RowBlock)
            {
                V s0 = V.Splat(T.Zero), s1 = s0, s2 = s0, s3 = s0;
                nint end = nint.Min(Rows, block + RowBlock);
                T* row = X + (block * Columns) + c;
                for (nint r = block; r < end; r++, row += Columns)
                {
                    s0 += V.Load(row);
                    s1 += V.Load(row + V.Count);
                    s2 += V.Load(row + (2 * V.Count));
                    s3 += V.Load(row + (3 * V.Count));
                }

                (t0, t1, t2, t3) = (t0 + s0, t1 + s1, t2 + s2, t3 + s3);
            }

            Write(t0, Y + c);
            Write(t1, Y + c + V.Count);
            Write(t2, Y + c + (2 * V.Count));
            Write(t3, Y + c + (3 * V.Count));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void SumOne<V>(nint c)
            where V : unmanaged, ISimdVector<V, T>
        {
            V total = V.Splat(T.Zero);
            for (nint block = 0; block < Rows; block += RowBlock)
            {
                V sum = V.Splat(T.Zero);
                nint end = nint.Min(Rows, block + RowBlock);
                T* row = X + (block * Columns) + c;
                for (nint r = block; r < end; r++, row += Columns)
                    sum += V.Load(row);
                total += sum;
            }

            Write(total, Y + c);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Write<V>(V total, T* y)
            where V : unmanaged, ISimdVector<V, T> => V.Store(Accumulate ? V.Load(y) + total : total, y);
    }
}
