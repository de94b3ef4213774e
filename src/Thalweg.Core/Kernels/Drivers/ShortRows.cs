using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Softmax of rows that are too short for a driver call each: the classes of a classifier.</summary>
/// <remarks>
/// Row by row through the drivers, ten classes cost some 100 ns in calls. Here each row is copied into a stretch padded to 16 elements or a
/// multiple, whatever the vector width, and summed as 16 totals, halves onto halves: the bits do not depend on the width. Infinite logits
/// are those of <see cref="LongRows"/>.
/// </remarks>
internal static unsafe class ShortRows
{
    /// <summary>The longest row served.</summary>
    public const int MaximumColumns = 64;

    private const int Unit = 16;

    /// <summary>Rows of a chunk, some 600 ns of work, and rows above which waking another thread pays.</summary>
    private const int RowsOfChunk = 16, LongCount = 512;

    /// <summary>shifted[r, c] = x[r, c] - max of row r; totals[r] = sum over c of e^shifted; p[r, c] = e^shifted / total.</summary>
    public static void Softmax<T>(VectorWidth width, in SoftmaxRows<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Job<T> job = new(width, rows);
        WorkerTeam.Run(ref job, Chunks.Count(rows.Count, RowsOfChunk), rows.Count > LongCount);
    }

    /// <summary>Some rows of the softmax.</summary>
    private readonly struct Job<T>(VectorWidth width, SoftmaxRows<T> rows) : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int chunk)
        {
            nint first = (nint)chunk * RowsOfChunk, end = nint.Min(first + RowsOfChunk, rows.Count);
            switch (width)
            {
                case VectorWidth.Bits512: Loop<T, SimdVector512<T>>(rows, first, end); break;
                case VectorWidth.Bits256: Loop<T, SimdVector256<T>>(rows, first, end); break;
                case VectorWidth.Bits128: Loop<T, SimdVector128<T>>(rows, first, end); break;
                default: Loop<T, SimdVector1<T>>(rows, first, end); break;
            }
        }
    }

    [MethodImpl(Drive.Loop)]
    private static void Loop<T, V>(in SoftmaxRows<T> rows, nint first, nint end)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        int columns = rows.Columns, padded = (columns + Unit - 1) / Unit * Unit;
        T* row = stackalloc T[MaximumColumns], totals = stackalloc T[Unit];
        for (nint r = first; r < end; r++)
        {
            T* x = rows.X + (r * columns), shifted = rows.Shifted + (r * columns), p = rows.Probabilities + (r * columns);
            T max = Max(x, columns);
            for (int c = 0; c < columns; c++)
                shifted[c] = row[c] = x[c] - max;

            if (T.IsInfinity(max))
            {
                LongRows.ShiftInfinite(x, shifted, columns);
                new ReadOnlySpan<T>(shifted, columns).CopyTo(new Span<T>(row, columns));
            }

            for (int c = columns; c < padded; c++)
                row[c] = T.NegativeInfinity;

            for (int c = 0; c < padded; c += V.Count)
                V.Store(new Exp<T>().Apply(V.Load(row + c)), row + c);

            T total = LongRows.Total(Sum<T, V>(row, padded, totals));
            rows.Totals[r] = total;
            T inverse = T.One / total;
            for (int c = 0; c < columns; c++)
                p[c] = row[c] * inverse;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Max<T>(T* x, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T max = x[0];
        for (int c = 1; c < columns; c++)
            max = max < x[c] || T.IsNaN(x[c]) ? x[c] : max;

        return max;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum<T, V>(T* row, int padded, T* totals)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        for (int i = 0; i < Unit; i += V.Count)
        {
            V total = V.Load(row + i);
            for (int c = i + Unit; c < padded; c += Unit)
                total += V.Load(row + c);

            V.Store(total, totals + i);
        }

        for (int half = Unit / 2; half >= 1; half /= 2)
        {
            for (int i = 0; i < half; i++)
                totals[i] += totals[half + i];
        }

        return totals[0];
    }
}

/// <summary>Rows of logits and where their softmax goes; all but <see cref="Totals"/> are <c>[Count, Columns]</c>.</summary>
internal readonly unsafe struct SoftmaxRows<T>
    where T : unmanaged
{
    /// <summary>The logits.</summary>
    public required T* X { get; init; }

    /// <summary>Number of rows.</summary>
    public required nint Count { get; init; }

    /// <summary>Number of columns, from 1, to <see cref="ShortRows.MaximumColumns"/> for <see cref="ShortRows"/>.</summary>
    public required int Columns { get; init; }

    /// <summary>The logits less the largest of their row.</summary>
    public required T* Shifted { get; init; }

    /// <summary>The softmax.</summary>
    public required T* Probabilities { get; init; }

    /// <summary>The sum of e^shifted of each row, <c>[Count]</c>.</summary>
    public required T* Totals { get; init; }
}
