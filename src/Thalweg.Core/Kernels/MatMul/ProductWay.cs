using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>The ways to compute a product; all give the same bits.</summary>
internal enum ProductWay
{
    /// <summary>Panels of B are read where they lie; a chunk turns what lies turned.</summary>
    InPlace,

    /// <summary>B is copied to panels, once for all chunks.</summary>
    Packed,

    /// <summary>C^T = B^T A^T: the rows of C lie in the vectors, and A is what is copied to panels.</summary>
    Transposed,

    /// <summary>The blocks of k are computed side by side, with panels of B where they lie, and then added.</summary>
    Split,
}

/// <summary>Chooses the way: a function of the shape, of how the factors lie, of the vector width and of the caches.</summary>
/// <remarks>
/// Measured on Zen 5, one thread: squares of 1536 reach 83 % of the peak with B in place and 91 % with copied panels, those of 768 95 and
/// 93 %; a batch of 1024 by a turned 256 x 256 goes from 88 to 94 %. Turning the product takes 64 x 256 by a turned 256 x 784 from 75 to
/// 87 % and 128 x 64 by 64 x 10 from 37 to 73 %.
/// </remarks>
internal static unsafe class ProductWays
{
    /// <summary>Products with fewer rows use a copy of B too little.</summary>
    private const int FewestRows = 192;

    /// <summary>A block of B has as many times the elements of its sums, or these are not worth writing.</summary>
    private const int LeastGain = 3;

    /// <summary>A larger B than four times the second cache does not stay there for the rows of a chunk, and comes row by row
    /// from the third.</summary>
    private static readonly long s_largeBytes = 4 * CacheSizes.Second;

    /// <summary>Chooses the way for A B.</summary>
    /// <param name="a">A [m, k].</param>
    /// <param name="b">B [k, n].</param>
    /// <param name="accumulate">Whether the product is added to what C holds.</param>
    public static ProductWay Choose<TVector, T>(in Matrix<T> a, in Matrix<T> b, bool accumulate)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = a.Rows, columns = b.Columns, depth = a.Columns;
        // Fewer columns than a vector has elements leave part of it idle.
        if (columns < TVector.Count && columns > 0 && rows >= TVector.Count)
            return ProductWay.Transposed;
        bool turned = b.ColumnStride != 1;
        // Turning A and C costs less than turning B; C, in smaller parts, costs half as much again.
        if (turned && rows * (depth + 1.5 * columns) < (double)depth * columns && rows >= TVector.Count)
            return ProductWay.Transposed;
        bool large = (long)depth * columns * sizeof(T) >= s_largeBytes;
        if (rows >= FewestRows && (turned || large))
            return ProductWay.Packed;
        // Whole panels need no scratch memory of their own, which holds the sums of all blocks but the first.
        int block = MatMulPlan.BlockLength(depth);
        bool split = columns > 0 && block < depth && block >= LeastGain * rows && !turned && columns % (2 * TVector.Count) == 0
            && !accumulate
            && (long)(depth / block) * rows * columns * sizeof(T) <= s_largeBytes;
        return split ? ProductWay.Split : ProductWay.InPlace;
    }
}
