using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Matrix products, and the column sums that go with them in the backward pass of a dense layer.</summary>
/// <remarks>
/// Rounding contract: k is cut into blocks whose length depends on k alone (<see cref="MatMulPlan.Depth"/>); in each block an element of C
/// is a chain of fused multiply-adds from 0 over ascending k; the blocks are added in ascending order, to what C held where that is asked
/// for; then the bias is added. So the result is equal to the bit for any vector width, number of threads, and place in the matrix.
/// </remarks>
internal static unsafe class MatMul
{
    /// <summary>C = activation([C +] A B + bias) for A [m, k], B [k, n] and C [m, n].</summary>
    /// <param name="a">A, or the transposed view of a matrix.</param>
    /// <param name="b">B, or the transposed view of a matrix.</param>
    /// <param name="c">First element of C, which overlaps neither A nor B.</param>
    /// <param name="ldc">Elements from one row of C to the next; within a row they are neighbors.</param>
    /// <param name="epilogue">What happens to the product as it is written; by default nothing.</param>
    public static void Multiply<T>(in Matrix<T> a, in Matrix<T> b, T* c, nint ldc, in Epilogue<T> epilogue)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Multiply(VectorWidths.Best, a, b, c, ldc, epilogue);

    /// <summary>The same at a given vector width.</summary>
    internal static void Multiply<T>(VectorWidth width, in Matrix<T> a, in Matrix<T> b, T* c, nint ldc, in Epilogue<T> epilogue)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (width)
        {
            case VectorWidth.Bits512: Run<SimdVector512<T>, T>(a, b, c, ldc, epilogue); break;
            case VectorWidth.Bits256: Run<SimdVector256<T>, T>(a, b, c, ldc, epilogue); break;
            case VectorWidth.Bits128: Run<SimdVector128<T>, T>(a, b, c, ldc, epilogue); break;
            default: Run<SimdVector1<T>, T>(a, b, c, ldc, epilogue); break;
        }
    }

    private static void Run<TVector, T>(in Matrix<T> a, in Matrix<T> b, T* c, nint ldc, in Epilogue<T> epilogue)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (ProductWays.Choose<TVector, T>(a, b, epilogue.Accumulate))
        {
            case ProductWay.Transposed:
                PackedProduct.Run<TVector, T>(b.Transposed, a.Transposed, new ProductTarget<T>(c, ldc, true, epilogue));
                break;
            case ProductWay.Packed:
                PackedProduct.Run<TVector, T>(a, b, new ProductTarget<T>(c, ldc, false, epilogue));
                break;
            case ProductWay.Split:
                SplitProduct.Run<TVector, T>(a, b, c, ldc, epilogue);
                break;
            default:
                MatMulJob<TVector, T> job = new(a, b, c, ldc, epilogue);
                WorkerTeam.Run(ref job, job.Chunks, job.IsLong);
                break;
        }
    }
}
