using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>What <see cref="RowTileKernel"/> works on: sums over rows and columns of an image.</summary>
internal unsafe struct RowTileOperands<T>
    where T : unmanaged
{
    /// <summary>Left factor: one image of rows x columns, contiguous, for each row of the tile, <see cref="RowStrideA"/> apart.</summary>
    public T* A;

    public nint RowStrideA;

    /// <summary>Right factor: whole vectors at steps along a row and from row to row.</summary>
    public T* B;

    public nint StepB, RowStepB;

    /// <summary>The tile of C; whole vectors are written.</summary>
    public T* C;

    public nint StrideC;

    /// <summary>Size of the image.</summary>
    public int Rows, Columns;

    /// <summary>Whether the sums are added to C.</summary>
    public bool Add;
}

/// <summary>The micro-kernels of the matrix product for a right factor that lies in an image.</summary>
internal static unsafe class RowTileKernel
{
    /// <summary>Runs the tile of <paramref name="rows"/> rows, a value that <see cref="TileKernel.Height"/> gave, and one
    /// or two vectors.</summary>
    public static void Run<TVector, T>(int rows, int vectors, in RowTileOperands<T> operands)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (vectors == 2)
            RunRows<TwoVectorRow<TVector, T>, TVector, T>(rows, operands);
        else
            RunRows<OneVectorRow<TVector, T>, TVector, T>(rows, operands);
    }

    private static void RunRows<TRow, TVector, T>(int rows, in RowTileOperands<T> operands)
        where TRow : unmanaged, ITile<TVector, T>
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (rows)
        {
            case 12:
                RunTile<ThreeTiles<TwoTiles<TwoTiles<TRow, TVector, T>, TVector, T>, TVector, T>, TVector, T>(operands);
                break;
            case 10:
                RunTile<FiveTiles<TwoTiles<TRow, TVector, T>, TVector, T>, TVector, T>(operands);
                break;
            case 8:
                RunTile<TwoTiles<TwoTiles<TwoTiles<TRow, TVector, T>, TVector, T>, TVector, T>, TVector, T>(operands);
                break;
            case 6:
                RunTile<ThreeTiles<TwoTiles<TRow, TVector, T>, TVector, T>, TVector, T>(operands);
                break;
            case 4:
                RunTile<TwoTiles<TwoTiles<TRow, TVector, T>, TVector, T>, TVector, T>(operands);
                break;
            case 2:
                RunTile<TwoTiles<TRow, TVector, T>, TVector, T>(operands);
                break;
            default:
                RunTile<TRow, TVector, T>(operands);
                break;
        }
    }

    /// <summary>Each sum is a chain of fused multiply-adds from 0 over the image, row by row.</summary>
    [MethodImpl(Drive.Loop)]
    private static void RunTile<TTile, TVector, T>(in RowTileOperands<T> operands)
        where TTile : unmanaged, ITile<TVector, T>
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* a = operands.A, row = operands.B;
        nint rowStride = operands.RowStrideA, step = operands.StepB;
        TTile tile = default;
        for (nint i = operands.Rows; i > 0; i--, row += operands.RowStepB)
        {
            T* b = row;
            for (nint k = operands.Columns; k > 0; k--, a++, b += step)
            {
                TVector left = TVector.Load(b), right = TTile.Vectors == 2 ? TVector.Load(b + TVector.Count) : left;
                tile.Step(a, rowStride, left, right);
            }
        }

        if (operands.Add)
            tile.Add(operands.C, operands.StrideC);
        else
            tile.Store(operands.C, operands.StrideC);
    }
}
