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

    /// <summary>Copies <paramref name="width"/> columns of <paramref name="b"/> to rows of <paramref name="panel"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack<TLane, T>(in Matrix<T> b, int width, int panel, T* target)
        where TLane : unmanaged, ILane<TLane, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool whole = width == panel && b.ColumnStride == 1;
        for (int k = 0; k < b.Rows; k++, target += panel)
        {
            T* source = b.At(k, 0);
            if (whole)
            {
                for (int j = 0; j < panel; j += TLane.Count)
                    TLane.Store(TLane.Load(source + j), target + j);
                continue;
            }

            for (int j = 0; j < width; j++)
                target[j] = source[j * b.ColumnStride];
            for (int j = width; j < panel; j++)
                target[j] = T.Zero;
        }
    }
}
