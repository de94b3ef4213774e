using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Copies panels of B [depth, width] to contiguous memory, filled up to whole lanes.</summary>
internal static unsafe class PanelPacker
{
    /// <summary>The widest panel: two 512-bit lanes.</summary>
    private const int PanelBytes = 128;

    [ThreadStatic]
    private static byte[]? _memory;

    /// <summary>Memory of this thread for a panel of <see cref="MatMulPlan.MaximumDepth"/> rows, aligned to a cache line.</summary>
    /// <remarks>Made once per thread and kept; it does not move, and goes with the thread.</remarks>
    public static void* Memory
    {
        get
        {
            const int Line = 64;
            byte[] memory = _memory ??= GC.AllocateUninitializedArray<byte>(MatMulPlan.MaximumDepth * PanelBytes + Line, pinned: true);
            nuint address = (nuint)Unsafe.AsPointer(ref memory[0]);
            return (void*)((address + Line - 1) & ~(nuint)(Line - 1));
        }
    }

    /// <summary>Copies a transposed view, whose columns are contiguous, to contiguous rows.</summary>
    public static void Turn<T>(in Matrix<T> b, T* target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (LaneWidths.Best)
        {
            case LaneWidth.Bits512: PackColumns<Lane512<T>, T>(b, b.Columns, target); break;
            case LaneWidth.Bits256: PackColumns<Lane256<T>, T>(b, b.Columns, target); break;
            default: PackColumns<Lane1<T>, T>(b, b.Columns, target); break;
        }
    }

    /// <summary>Copies the columns of <paramref name="b"/>, at most <paramref name="panel"/>, to rows of <paramref name="panel"/> elements.</summary>
    /// <remarks>What the rows hold beyond the columns of b is of no account: no sum that is kept reads it.</remarks>
    [MethodImpl(Drive.Loop)]
    public static void Pack<TLane, T>(in Matrix<T> b, int panel, T* target)
        where TLane : unmanaged, ILane<TLane, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (b.ColumnStride == 1)
            PackRows<TLane, T>(b, panel, target);
        else
            PackColumns<TLane, T>(b, panel, target);
    }

    /// <summary>Contiguous rows: whole lanes, but for the last rows, where whole lanes would be read beyond the end of b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackRows<TLane, T>(in Matrix<T> b, int panel, T* target)
        where TLane : unmanaged, ILane<TLane, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int beyond = panel - b.Columns, unsafeRows = (int)Math.Min(b.Rows, (beyond + b.RowStride - 1) / b.RowStride);
        T* source = b.Data;
        for (int k = b.Rows - unsafeRows; k > 0; k--, source += b.RowStride, target += panel)
        {
            for (int j = 0; j < panel; j += TLane.Count)
                TLane.Store(TLane.Load(source + j), target + j);
        }

        for (int k = unsafeRows; k > 0; k--, source += b.RowStride, target += panel)
            CopyRow(source, 1, 0, b.Columns, panel, target);
    }

    /// <summary>Contiguous columns: blocks are turned, and what is left is copied one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackColumns<TLane, T>(in Matrix<T> b, int panel, T* target)
        where TLane : unmanaged, ILane<TLane, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = b.Columns, turned = TLane.TurnedColumns;
        int whole = b.RowStride != 1 ? 0 : width / TLane.Count * TLane.Count;
        int deep = whole == 0 ? 0 : b.Rows / turned * turned;
        for (int k = 0; k < deep; k += turned)
        {
            for (int j = 0; j < whole; j += TLane.Count)
                TLane.Turn(b.At(k, j), b.ColumnStride, target + (nint)k * panel + j, panel);
        }

        // What is left: the last few rows, and the columns beyond the last whole lane.
        for (int k = whole == panel ? deep : 0; k < b.Rows; k++)
            CopyRow(b.At(k, 0), b.ColumnStride, k < deep ? whole : 0, width, panel, target + (nint)k * panel);
    }

    /// <summary>Copies the elements of a row from <paramref name="start"/> on, and fills it up with zeros.</summary>
    private static void CopyRow<T>(T* source, nint stride, int start, int width, int panel, T* target)
        where T : unmanaged
    {
        for (int j = start; j < width; j++)
            target[j] = source[j * stride];
        new Span<T>(target + width, panel - width).Clear();
    }
}
