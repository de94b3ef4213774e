using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Sums, maxima and checks over contiguous elements, in a fixed order: the bits do not depend on vector
/// width or threads.</summary>
internal static unsafe class Reduce
{
    /// <summary>Sum of <paramref name="n"/> elements; 0 for none.</summary>
    public static T Sum<T>(T* x, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => BlockReduction.Run(VectorWidths.Best, default(Summing<T>), x, x, n);

    /// <summary>Sum of the squares of <paramref name="n"/> elements; 0 for none.</summary>
    public static T SumOfSquares<T>(T* x, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Dot(x, x, n);

    /// <summary>Sum of the products of <paramref name="n"/> pairs; 0 for none.</summary>
    public static T Dot<T>(T* a, T* b, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => BlockReduction.Run(VectorWidths.Best, default(SummingProducts<T>), a, b, n);

    /// <summary>Largest of <paramref name="n"/> elements; NaN if any is, negative infinity for none.</summary>
    public static T Max<T>(T* x, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => BlockReduction.Run(VectorWidths.Best, default(FindingMaximum<T>), x, x, n);

    /// <summary>Whether none of <paramref name="n"/> elements is NaN or infinite.</summary>
    public static bool AllFinite<T>(T* x, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.IsFinite(BlockReduction.Run(VectorWidths.Best, default(FindingNonFinite<T>), x, x, n));

    /// <summary>y[r] = <see cref="Sum"/> of row r of contiguous x <c>[rows, columns]</c>; added to y if asked.</summary>
    public static void SumRows<T>(T* x, nint rows, nint columns, T* y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowReductions.Run(VectorWidths.Best, default(Summing<T>), x, rows, columns, y, accumulate);

    /// <summary>y[r] = <see cref="SumOfSquares"/> of row r of contiguous x <c>[rows, columns]</c>.</summary>
    public static void SumSquaresOfRows<T>(T* x, nint rows, nint columns, T* y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowReductions.Run(VectorWidths.Best, default(SummingProducts<T>), x, rows, columns, y, accumulate: false);

    /// <summary>y[c] = sum of column c of contiguous x <c>[rows, columns]</c>, rows ascending; added to y if asked.</summary>
    public static void SumColumns<T>(T* x, nint rows, nint columns, T* y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ColumnSums.Run(VectorWidths.Best, x, rows, columns, y, accumulate);

    /// <summary>y[r] = largest of row r of contiguous x <c>[rows, columns]</c>; NaN if any of the row is.</summary>
    public static void MaxRows<T>(T* x, nint rows, nint columns, T* y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowReductions.Run(VectorWidths.Best, default(FindingMaximum<T>), x, rows, columns, y, accumulate: false);
}
