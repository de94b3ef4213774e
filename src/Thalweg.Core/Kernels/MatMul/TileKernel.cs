using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>What a micro-kernel works on.</summary>
internal unsafe struct TileOperands<T>
    where T : unmanaged
{
    /// <summary>First element of the rows of A.</summary>
    public T* A;

    /// <summary>Elements from one row of A to the next, and from one k to the next.</summary>
    public nint RowStrideA, StepA;

    /// <summary>The first row of B; the vectors of the tile are read whole from each.</summary>
    public T* B;

    /// <summary>Elements from one k to the next; from one column to the next, where <see cref="TransposedB"/> is set.</summary>
    public nint StepB;

    /// <summary>Whether the columns of B are contiguous, not its rows; for tiles of two vectors.</summary>
    public bool TransposedB;

    /// <summary>Where each row of B lies, relative to <see cref="B"/>, or null where they are <see cref="StepB"/> apart; for tiles of two
    /// vectors, of which the right one lies <see cref="RightVector"/> from the left.</summary>
    public int* Offsets;

    /// <summary>Elements from the left vector of a row of B to the right one, where <see cref="Offsets"/> are given.</summary>
    public nint RightVector;

    /// <summary>The tile of C; whole vectors are written.</summary>
    public T* C;

    /// <summary>Elements from one row of C to the next.</summary>
    public nint StrideC;

    /// <summary>Number of products in each sum.</summary>
    public nint Depth;

    /// <summary>Whether the sums are added to C.</summary>
    public bool Add;
}

/// <summary>The micro-kernels: tiles of C by the height of the tile.</summary>
internal static unsafe class TileKernel
{
    /// <summary>The tallest tile.</summary>
    public const int MaximumHeight = 12;

    /// <summary>Depth from which asking for the lines of C costs nothing that counts.</summary>
    private const int LongDepth = 32;

    /// <summary>How many rows the next tile should take where <paramref name="rows"/> are left.</summary>
    /// <remarks>
    /// Tall tiles are as large as the registers allow: 32 of 512 bits, 16 of the others. The rest is split so that the last tiles stay
    /// tall too (64 = 4 x 12 + 2 x 8), as a tile of few rows waits for the latency of its sums; 10 is the number of classes of many a task.
    /// </remarks>
    public static int Height(int rows, bool manyRegisters)
    {
        if (manyRegisters && rows >= 12)
            return rows is >= 16 and < 20 ? 8 : 12;
        if (manyRegisters && rows >= 8)
            return rows >= 10 ? 10 : 8;
        if (rows >= 6 && !manyRegisters)
            return rows is >= 8 and < 10 ? 4 : 6;
        return rows >= 4 ? 4 : rows >= 2 ? 2 : 1;
    }

    /// <summary>Runs the tile of <paramref name="rows"/> rows, a value that <see cref="Height"/> gave, and two vectors.</summary>
    public static void RunTwoVectors<TVector, T>(int rows, in TileOperands<T> operands)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => RunRows<TwoVectorRow<TVector, T>, TVector, T>(rows, operands);

    /// <summary>Runs the tile of <paramref name="rows"/> rows, a value that <see cref="Height"/> gave, and one vector.</summary>
    public static void RunOneVector<TVector, T>(int rows, in TileOperands<T> operands)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => RunRows<OneVectorRow<TVector, T>, TVector, T>(rows, operands);

    private static void RunRows<TRow, TVector, T>(int rows, in TileOperands<T> operands)
        where TRow : unmanaged, ITile<TVector, T>
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (rows)
        {
            case 12:
                Run<ThreeTiles<TwoTiles<TwoTiles<TRow, TVector, T>, TVector, T>, TVector, T>, TVector, T>(operands);
                break;
            case 10:
                Run<FiveTiles<TwoTiles<TRow, TVector, T>, TVector, T>, TVector, T>(operands);
                break;
            case 8:
                Run<TwoTiles<TwoTiles<TwoTiles<TRow, TVector, T>, TVector, T>, TVector, T>, TVector, T>(operands);
                break;
            case 6:
                Run<ThreeTiles<TwoTiles<TRow, TVector, T>, TVector, T>, TVector, T>(operands);
                break;
            case 4:
                Run<TwoTiles<TwoTiles<TRow, TVector, T>, TVector, T>, TVector, T>(operands);
                break;
            case 2:
                Run<TwoTiles<TRow, TVector, T>, TVector, T>(operands);
                break;
            default:
                Run<TRow, TVector, T>(operands);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TTile, TVector, T>(in TileOperands<T> operands)
        where TTile : unmanaged, ITile<TVector, T>
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (operands.TransposedB)
            RunTransposed<TTile, TVector, T>(operands);
        else if (operands.Offsets != null)
            RunGathered<TTile, TVector, T>(operands);
        else
            RunAsItLies<TTile, TVector, T>(operands);
    }

    /// <summary>A [rows, depth] x B [depth, vectors]: each sum is a chain of fused multiply-adds from 0 over ascending k.</summary>
    [MethodImpl(Drive.Loop)]
    private static void RunAsItLies<TTile, TVector, T>(in TileOperands<T> operands)
        where TTile : unmanaged, ITile<TVector, T>
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* a = operands.A, b = operands.B;
        nint rowStride = operands.RowStrideA, stepA = operands.StepA, stepB = operands.StepB;
        // Sums that leave the registers find their lines near; in products larger than the second cache each tile waited for them.
        int fetched = operands.Depth < LongDepth ? 0 : TTile.Rows;
        for (nint row = 0; row < fetched; row++)
        {
            CacheLine.Fetch(operands.C + row * operands.StrideC);
            if (TTile.Vectors == 2)
                CacheLine.Fetch(operands.C + row * operands.StrideC + TVector.Count);
        }

        TTile tile = default;
        for (nint k = operands.Depth; k > 0; k--)
        {
            TVector left = TVector.Load(b), right = TTile.Vectors == 2 ? TVector.Load(b + TVector.Count) : left;
            tile.Step(a, rowStride, left, right);
            a += stepA;
            b += stepB;
        }

        if (operands.Add)
            tile.Add(operands.C, operands.StrideC);
        else
            tile.Store(operands.C, operands.StrideC);
    }

    /// <summary>The same sums for a B whose rows lie anywhere.</summary>
    [MethodImpl(Drive.Loop)]
    private static void RunGathered<TTile, TVector, T>(in TileOperands<T> operands)
        where TTile : unmanaged, ITile<TVector, T>
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* a = operands.A, b = operands.B;
        int* offset = operands.Offsets;
        nint rowStride = operands.RowStrideA, stepA = operands.StepA, right = operands.RightVector;
        TTile tile = default;
        for (nint k = operands.Depth; k > 0; k--, offset++, a += stepA)
        {
            T* row = b + *offset;
            tile.Step(a, rowStride, TVector.Load(row), TVector.Load(row + right));
        }

        if (operands.Add)
            tile.Add(operands.C, operands.StrideC);
        else
            tile.Store(operands.C, operands.StrideC);
    }

    /// <summary>The same sums for a B whose columns are contiguous: some rows are turned at a time, while the sums of those
    /// before go on.</summary>
    [MethodImpl(Drive.Loop)]
    [SkipLocalsInit]
    private static void RunTransposed<TTile, TVector, T>(in TileOperands<T> operands)
        where TTile : unmanaged, ITile<TVector, T>
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int panel = 2 * TVector.Count, step = TVector.TransposedColumns;
        byte* scratch = stackalloc byte[step * panel * sizeof(T) + CacheLine.Size];
        T* rows = CacheLine.Align<T>(scratch);
        T* a = operands.A, b = operands.B;
        nint rowStride = operands.RowStrideA, stepA = operands.StepA, stride = operands.StepB;
        TTile tile = default;
        for (nint k = operands.Depth; k > 0; k -= step, b += step)
        {
            if (k >= step)
            {
                TVector.Transpose(b, stride, rows, panel);
                TVector.Transpose(b + TVector.Count * stride, stride, rows + TVector.Count, panel);
            }
            else
            {
                step = (int)k;
                for (int i = 0; i < step * panel; i++)
                    rows[i] = b[i % panel * stride + i / panel];
            }

            for (T* row = rows; row < rows + step * panel; row += panel, a += stepA)
                tile.Step(a, rowStride, TVector.Load(row), TVector.Load(row + TVector.Count));
        }

        if (operands.Add)
            tile.Add(operands.C, operands.StrideC);
        else
            tile.Store(operands.C, operands.StrideC);
    }
}
