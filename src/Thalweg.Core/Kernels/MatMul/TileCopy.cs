using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Moves sums from a tile in scratch memory to C: what does not fill whole vectors, and what is turned.</summary>
internal static unsafe class TileCopy
{
    /// <summary>C = [C +] sums, both [rows, columns].</summary>
    [MethodImpl(Drive.Loop)]
    public static void Rows<T>(in Matrix<T> sums, T* target, nint ldc, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* source = sums.Data;
        for (int i = 0; i < sums.Rows; i++, source += sums.RowStride, target += ldc)
        {
            int j = 0;
            for (; j <= sums.Columns - SimdVector128<T>.Count; j += SimdVector128<T>.Count)
                Write<SimdVector128<T>, T>(source + j, target + j, add);
            for (; j < sums.Columns; j++)
                Write<SimdVector1<T>, T>(source + j, target + j, add);
        }
    }

    /// <summary>C = [C +] sums turned: C [columns, rows] for sums [rows, columns].</summary>
    [MethodImpl(Drive.Loop)]
    [SkipLocalsInit]
    public static void Transposed<T>(in Matrix<T> sums, T* target, nint ldc, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (add)
        {
            T* turned = stackalloc T[sums.Rows * sums.Columns];
            Transposed(sums, turned, sums.Rows, add: false);
            Rows(new Matrix<T>(turned, sums.Columns, sums.Rows, sums.Rows, 1), target, ldc, add);
            return;
        }

        int step = SimdVector128<T>.Count, lastRow = sums.Rows - step, lastColumn = sums.Columns - step;
        if (lastRow < 0 || lastColumn < 0)
        {
            for (int j = 0; j < sums.Columns; j++)
            {
                for (int i = 0; i < sums.Rows; i++)
                    target[j * ldc + i] = *sums.At(i, j);
            }

            return;
        }

        // The last blocks begin early enough to be whole, so that some elements are written twice.
        for (int from = 0; from < sums.Columns; from += step)
        {
            int j = Math.Min(from, lastColumn);
            for (int start = 0; start < sums.Rows; start += step)
            {
                int i = Math.Min(start, lastRow);
                SimdVector128<T>.Transpose(sums.At(i, j), sums.RowStride, target + j * ldc + i, ldc);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TPart, T>(T* sum, T* target, bool add)
        where TPart : unmanaged, ISimdVector<TPart, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TPart.Store(add ? TPart.Load(target) + TPart.Load(sum) : TPart.Load(sum), target);
}
