using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Sums over the rows of x [rows, columns]; a piece is a range of columns.</summary>
/// <remarks>Each sum is a chain of additions from 0 over ascending rows, so no width and no number of threads changes it.</remarks>
internal readonly unsafe struct ColumnSumsJob<TLane, T>(Matrix<T> x, T* y, bool accumulate) : IParallelJob
    where TLane : unmanaged, ILane<TLane, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements that pay for handing a piece to another thread: some 8 microseconds of reading.</summary>
    private const int PieceElements = 1 << 16;

    /// <summary>Columns are cut at multiples of this: four lanes at any width.</summary>
    private const int Granule = 64;

    private readonly int _pieceColumns = Math.Max(1, (PieceElements / Math.Max(1, x.Rows) + Granule - 1) / Granule) * Granule;

    /// <summary>How many pieces there are.</summary>
    public int Pieces => (x.Columns + _pieceColumns - 1) / _pieceColumns;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int piece)
    {
        int j = piece * _pieceColumns, end = Math.Min(j + _pieceColumns, x.Columns);
        for (; j <= end - 4 * TLane.Count; j += 4 * TLane.Count)
            SumFour<TLane>(j);
        for (; j <= end - TLane.Count; j += TLane.Count)
            SumOne<TLane>(j);
        for (; j <= end - 4; j += 4)
            SumFour<Lane1<T>>(j);
        for (; j < end; j++)
            SumOne<Lane1<T>>(j);
    }

    /// <summary>Four neighboring lanes, as one alone would wait for the latency of its additions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SumFour<TPart>(int column)
        where TPart : unmanaged, ILane<TPart, T>
    {
        TPart a = default, b = default, c = default, d = default;
        T* source = x.At(0, column);
        for (int i = x.Rows; i > 0; i--, source += x.RowStride)
        {
            a += TPart.Load(source);
            b += TPart.Load(source + TPart.Count);
            c += TPart.Load(source + 2 * TPart.Count);
            d += TPart.Load(source + 3 * TPart.Count);
        }

        Write(a, y + column);
        Write(b, y + column + TPart.Count);
        Write(c, y + column + 2 * TPart.Count);
        Write(d, y + column + 3 * TPart.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SumOne<TPart>(int column)
        where TPart : unmanaged, ILane<TPart, T>
    {
        TPart sum = default;
        T* source = x.At(0, column);
        for (int i = x.Rows; i > 0; i--, source += x.RowStride)
            sum += TPart.Load(source);
        Write(sum, y + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write<TPart>(TPart sum, T* target)
        where TPart : unmanaged, ILane<TPart, T> => TPart.Store(accumulate ? TPart.Load(target) + sum : sum, target);
}
