using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>The matrix products of a chunk of tiles, one for each of the 36 points.</summary>
internal static unsafe class WinogradProducts
{
    /// <summary>C [rows, columns] = [C +] A [rows, depth] B [depth, columns] at every point; columns are whole 16s.</summary>
    /// <param name="operands">The product at the first point; depth, strides and whether C is added to.</param>
    /// <param name="rows">Rows of C.</param>
    /// <param name="columns">Columns of C.</param>
    /// <param name="steps">Elements from one point to the next of A, B and C.</param>
    [MethodImpl(Drive.Loop)]
    public static void Run<TVector, T>(TileOperands<T> operands, int rows, int columns, (nint A, nint B, nint C) steps)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* a = operands.A, b = operands.B, c = operands.C;
        for (int point = 0; point < WinogradShape.Products; point++, a += steps.A, b += steps.B, c += steps.C)
        {
            int part;
            for (int column = 0; column < columns; column += part)
            {
                part = Math.Min(2 * TVector.Count, columns - column);
                operands.A = a;
                operands.B = b + column;
                operands.C = c + column;
                RunPanel<TVector, T>(operands, rows, part > TVector.Count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunPanel<TVector, T>(TileOperands<T> operands, int rows, bool twoVectors)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int height;
        for (int row = 0; row < rows; row += height)
        {
            height = TileKernel.Height(rows - row, sizeof(TVector) == 64);
            if (twoVectors)
                TileKernel.RunTwoVectors<TVector, T>(height, operands);
            else
                TileKernel.RunOneVector<TVector, T>(height, operands);
            operands.A += height * operands.RowStrideA;
            operands.C += height * operands.StrideC;
        }
    }
}
