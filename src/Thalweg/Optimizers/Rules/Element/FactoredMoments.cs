using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>A matrix of squared gradients by the averages of its rows and columns: g <c>[rows, columns]</c>.</summary>
/// <remarks>
/// The rows are cut into parts by the shape alone; each adds up its columns by itself, and the parts are added in their order, so that bits
/// do not depend on threads or vectors. Two passes read the gradient and write nothing of its size.
/// </remarks>
internal readonly unsafe struct FactoredMoments<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements of a part at least, and its rows at most: the sums of all parts take an eighth of the matrix or less.</summary>
    private const int PartLength = 65536, LeastRows = 8, MostRows = 256;

    private readonly T* _gradient;
    private readonly int _rows, _columns, _partRows;

    public FactoredMoments(T* gradient, int rows, int columns)
    {
        _gradient = gradient;
        (_rows, _columns) = (rows, columns);
        _partRows = Math.Clamp(PartLength / columns, LeastRows, MostRows);
    }

    /// <summary>Width of the vectors; results do not depend on it.</summary>
    public VectorWidth Width { get; init; } = VectorWidths.Best;

    /// <summary>Number of parts.</summary>
    public int Parts => (_rows + _partRows - 1) / _partRows;

    private bool IsLarge => (long)_rows * _columns > ChunkTable.Threshold;

    /// <summary>Moves the averages on, and writes what a gradient is to be multiplied by: 1/sqrt(R_i/mean(R)) and 1/sqrt(C_j).</summary>
    /// <param name="averages">The averages of rows and of columns.</param>
    /// <param name="factors">Room for the factors of rows and of columns.</param>
    /// <param name="partSums">Room for the columns of each part.</param>
    /// <param name="form">The share b that is kept, and the term e1.</param>
    public void MoveOn(
        (nint Rows, nint Columns) averages, (nint Rows, nint Columns) factors, T* partSums, (double Kept, double Epsilon) form)
    {
        T* rowAverages = (T*)averages.Rows, columnAverages = (T*)averages.Columns;
        T* rowFactors = (T*)factors.Rows, columnFactors = (T*)factors.Columns;
        SquareSumJob<T> job = new(Width)
        {
            Gradient = _gradient,
            Rows = _rows,
            Columns = _columns,
            PartRows = _partRows,
            RowSums = rowFactors,
            PartSums = partSums,
        };
        WorkerTeam.Run(ref job, Parts, IsLarge);
        Reduce.SumColumns(partSums, Parts, _columns, columnFactors, accumulate: false);
        double mean = Blend(rowAverages, rowFactors, _rows, _columns, form) / _rows;
        Blend(columnAverages, columnFactors, _columns, _rows, form);
        for (int i = 0; i < _rows; i++)
            rowFactors[i] = T.CreateTruncating(Math.Sqrt(mean / double.CreateTruncating(rowAverages[i])));
        for (int j = 0; j < _columns; j++)
            columnFactors[j] = T.CreateTruncating(1 / Math.Sqrt(double.CreateTruncating(columnAverages[j])));
    }

    /// <summary>The sum of squares of the gradient times both factors.</summary>
    /// <param name="rowFactors">Factors of the rows.</param>
    /// <param name="columnFactors">Factors of the columns.</param>
    /// <param name="partSums">Room for a number of each part.</param>
    public double SumOfSquares(T* rowFactors, T* columnFactors, double* partSums)
    {
        ScaledSquareJob<T> job = new(Width)
        {
            Gradient = _gradient,
            Rows = _rows,
            Columns = _columns,
            PartRows = _partRows,
            RowFactors = rowFactors,
            ColumnFactors = columnFactors,
            PartSums = partSums,
        };
        WorkerTeam.Run(ref job, Parts, IsLarge);
        double sum = 0;
        for (int part = 0; part < Parts; part++)
            sum += partSums[part];
        return sum;
    }

    /// <summary>average = b average + (1-b) (sum / count + e1), at most the largest number; gives the sum of the averages.</summary>
    private static double Blend(T* averages, T* sums, int n, int count, (double Kept, double Epsilon) form)
    {
        double total = 0;
        for (int i = 0; i < n; i++)
        {
            double square = (double.CreateTruncating(sums[i]) / count) + form.Epsilon;
            double average = (form.Kept * double.CreateTruncating(averages[i])) + ((1 - form.Kept) * square);
            // Squares that overflow must not make an average infinite for ever, nor the update 0 or NaN.
            averages[i] = T.CreateTruncating(Math.Min(average, -double.CreateTruncating(SimdMath.Lowest<T>())));
            total += double.CreateTruncating(averages[i]);
        }

        return total;
    }
}

/// <summary>Sums of squares of rows, and of the columns of a part of the rows.</summary>
internal unsafe struct SquareSumJob<T>(VectorWidth width) : IParallelJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Columns that are added up at once: a stretch of a row and its sums stay in the first-level cache.</summary>
    private const int Tile = 2048;

    public T* Gradient, RowSums, PartSums;
    public int Rows, Columns, PartRows;

    public readonly void Run(int part)
    {
        T* sums = PartSums + ((nint)part * Columns);
        new Span<T>(sums, Columns).Clear();
        for (int row = part * PartRows, end = Math.Min(Rows, row + PartRows); row < end; row++)
        {
            T total = T.Zero;
            for (int column = 0; column < Columns; column += Tile)
            {
                T* stretch = Gradient + ((nint)row * Columns) + column;
                int n = Math.Min(Tile, Columns - column);
                total += BlockReduction.RunChunk(width, default(SummingProducts<T>), stretch, stretch, n);
                AddSquares(stretch, sums + column, n);
            }

            RowSums[row] = total;
        }
    }

    private readonly void AddSquares(T* x, T* sums, int n)
    {
        switch (width)
        {
            case VectorWidth.Bits512: Loop<SimdVector512<T>>(x, sums, n); break;
            case VectorWidth.Bits256: Loop<SimdVector256<T>>(x, sums, n); break;
            case VectorWidth.Bits128: Loop<SimdVector128<T>>(x, sums, n); break;
            default: Loop<SimdVector1<T>>(x, sums, n); break;
        }
    }

    [MethodImpl(Drive.Loop)]
    private static void Loop<V>(T* x, T* sums, int n)
        where V : unmanaged, ISimdVector<V, T>
    {
        nint i = 0;
        for (; i <= n - V.Count; i += V.Count)
            V.Store(V.Fma(V.Load(x + i), V.Load(x + i), V.Load(sums + i)), sums + i);
        for (; i < n; i++)
        {
            SimdVector1<T> value = SimdVector1<T>.Load(x + i);
            SimdVector1<T>.Store(SimdVector1<T>.Fma(value, value, SimdVector1<T>.Load(sums + i)), sums + i);
        }
    }
}

/// <summary>Sum of squares of a part of the rows times the factors of rows and columns.</summary>
internal unsafe struct ScaledSquareJob<T>(VectorWidth width) : IParallelJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* Gradient, RowFactors, ColumnFactors;
    public double* PartSums;
    public int Rows, Columns, PartRows;

    public readonly void Run(int part)
    {
        double sum = 0;
        for (int row = part * PartRows, end = Math.Min(Rows, row + PartRows); row < end; row++)
        {
            double factor = double.CreateTruncating(RowFactors[row]);
            T* stretch = Gradient + ((nint)row * Columns);
            T squares = BlockReduction.RunChunk(width, default(SummingSquaredProducts<T>), stretch, ColumnFactors, Columns);
            sum += factor * factor * double.CreateTruncating(squares);
        }

        PartSums[part] = sum;
    }
}

/// <summary>Sum of (a b)^2.</summary>
internal readonly unsafe struct SummingSquaredProducts<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Start => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<V>(V totals, T* a, T* b, nint i)
        where V : unmanaged, ISimdVector<V, T>
    {
        V product = V.Load(a + i) * V.Load(b + i);
        return V.Fma(product, product, totals);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V left, V right)
        where V : unmanaged, ISimdVector<V, T> => left + right;
}

/// <summary>Sum of a^2/b, where b first moves on: b = kept b + (1-kept)(a^2 + epsilon), at most the largest number. Each element
/// is visited once.</summary>
internal readonly unsafe struct MovingSquares<T>(double kept, double epsilon) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _kept = T.CreateTruncating(kept), _new = T.CreateTruncating(1 - kept), _epsilon = T.CreateTruncating(epsilon);

    public T Start => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<V>(V totals, T* a, T* b, nint i)
        where V : unmanaged, ISimdVector<V, T>
    {
        V gradient = V.Load(a + i), square = gradient * gradient;
        V moment = (V.Splat(_kept) * V.Load(b + i)) + (V.Splat(_new) * (square + V.Splat(_epsilon)));
        moment = SimdMath.AtMost<V, T>(moment, V.Splat(-SimdMath.Lowest<T>()));
        V.Store(moment, b + i);
        // The quotient first: the square may be infinite.
        return totals + (gradient / moment * gradient);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V left, V right)
        where V : unmanaged, ISimdVector<V, T> => left + right;
}
