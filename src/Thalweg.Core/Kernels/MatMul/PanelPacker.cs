using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Copies panels of B [depth, width] to contiguous memory, filled up with zeros to whole lanes.</summary>
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

    /// <summary>Copies the columns of <paramref name="b"/>, at most <paramref name="panel"/>, to rows of <paramref name="panel"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack<TLane, T>(in Matrix<T> b, int panel, T* target)
        where TLane : unmanaged, ILane<TLane, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = b.Columns, turned = LaneTranspose.Columns<TLane, T>();
        int whole = turned == 0 || b.RowStride != 1 ? 0 : width / TLane.Count * TLane.Count;
        int deep = whole == 0 ? 0 : b.Rows / turned * turned;
        for (int k = 0; k < deep; k += turned)
        {
            for (int j = 0; j < whole; j += TLane.Count)
                LaneTranspose.Turn<TLane, T>(b.At(k, j), b.ColumnStride, target + (nint)k * panel + j, panel);
        }

        // What is left: the last few rows, and the columns beyond the last whole lane.
        for (int k = whole == panel ? deep : 0; k < b.Rows; k++)
        {
            T* source = b.At(k, 0), row = target + (nint)k * panel;
            for (int j = k < deep ? whole : 0; j < width; j++)
                row[j] = source[j * b.ColumnStride];
            for (int j = width; j < panel; j++)
                row[j] = T.Zero;
        }
    }
}
