using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Matrix products.</summary>
internal static unsafe class MatMul
{
    /// <summary>C = activation([C +] A B + bias) for A [m, k], B [k, n], C [m, n] with contiguous rows.</summary>
    public static void Multiply<T>(in Matrix<T> a, in Matrix<T> b, T* c, nint ldc, in Epilogue<T> epilogue)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < b.Columns; j++)
            {
                T sum = T.Zero;
                for (int k = 0; k < a.Columns; k++)
                    sum = T.FusedMultiplyAdd(*a.At(i, k), *b.At(k, j), sum);
                T* target = c + i * ldc + j;
                T value = epilogue.Accumulate ? *target + sum : sum;
                if (epilogue.Bias != null)
                    value += epilogue.Bias[j];
                *target = epilogue.Activation == FusedActivation.Relu && value < T.Zero ? T.Zero : value;
            }
        }
    }

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
