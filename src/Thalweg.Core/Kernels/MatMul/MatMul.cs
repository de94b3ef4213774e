using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Matrix products.</summary>
internal static unsafe class MatMul
{
    /// <summary>C = activation([C +] A B + bias) for A [m, k], B [k, n], C [m, n] with contiguous rows.</summary>
    public static void Multiply<T>(in Matrix<T> a, in Matrix<T> b, T* c, nint ldc, in Epilogue<T> epilogue)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Multiply(LaneWidths.Best, a, b, c, ldc, epilogue);

    /// <summary>The same at a given lane width; the result does not depend on it.</summary>
    internal static void Multiply<T>(LaneWidth width, in Matrix<T> a, in Matrix<T> b, T* c, nint ldc, in Epilogue<T> epilogue)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (width)
        {
            case LaneWidth.Bits512:
                Run<Lane512<T>, T>(new(a, b, c, ldc, epilogue));
                break;
            case LaneWidth.Bits256:
                Run<Lane256<T>, T>(new(a, b, c, ldc, epilogue));
                break;
            case LaneWidth.Bits128:
                Run<Lane128<T>, T>(new(a, b, c, ldc, epilogue));
                break;
            default:
                Run<Lane1<T>, T>(new(a, b, c, ldc, epilogue));
                break;
        }
    }

    private static void Run<TLane, T>(MatMulJob<TLane, T> job)
        where TLane : unmanaged, ILane<TLane, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => WorkerTeam.Run(ref job, job.Pieces);

    /// <summary>y[j] = [y[j] +] sum over i of x[i, j], added in ascending order of i, for x [rows, columns].</summary>
    public static void ColumnSums<T>(T* x, int rows, int columns, nint ld, T* y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < columns; j++)
        {
            T sum = T.Zero;
            for (int i = 0; i < rows; i++)
                sum += x[i * ld + j];
            y[j] = accumulate ? y[j] + sum : sum;
        }
    }
}
