using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Copies panels of B [depth, width] to contiguous memory, filled up to whole vectors.</summary>
internal static unsafe class PanelPacker
{
    [ThreadStatic]
    private static byte[]? _memory;

    /// <summary>Memory of this thread for <paramref name="count"/> elements of panels, aligned to a cache line;
    /// contents are undefined.</summary>
    /// <remarks>Made when first needed, grown when too small, and kept; it does not move, and goes with the thread. One user
    /// at a time.</remarks>
    public static T* Take<T>(nint count)
        where T : unmanaged
    {
        nint bytes = count * sizeof(T) + CacheLine.Size;
        if (_memory is null || _memory.Length < bytes)
            _memory = GC.AllocateUninitializedArray<byte>(checked((int)bytes), pinned: true);
        return CacheLine.Align<T>(Unsafe.AsPointer(ref _memory[0]));
    }

    /// <summary>Copies a transposed view, whose columns are contiguous, to contiguous rows.</summary>
    public static void Transpose<T>(in Matrix<T> b, T* target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (VectorWidths.Best)
        {
            case VectorWidth.Bits512: PackColumns<SimdVector512<T>, T>(b, b.Columns, target); break;
            case VectorWidth.Bits256: PackColumns<SimdVector256<T>, T>(b, b.Columns, target); break;
            default: PackColumns<SimdVector1<T>, T>(b, b.Columns, target); break;
        }
    }

    /// <summary>Copies the columns of <paramref name="b"/>, at most <paramref name="panel"/>, to
    /// rows of <paramref name="panel"/> elements.</summary>
    /// <remarks>What the rows hold beyond the columns of b is of no account: no sum that is kept reads it.</remarks>
    [MethodImpl(Drive.Loop)]
    public static void Pack<TVector, T>(in Matrix<T> b, int panel, T* target)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (b.ColumnStride == 1)
            PackRows<TVector, T>(b, panel, target);
        else
            PackColumns<TVector, T>(b, panel, target);
    }

    /// <summary>Contiguous rows: whole vectors, but for the last rows, where whole vectors would be read beyond the end of b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackRows<TVector, T>(in Matrix<T> b, int panel, T* target)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Rows of a broadcast view all lie at one place.
        int beyond = panel - b.Columns;
        int unsafeRows = beyond == 0 ? 0 : b.RowStride == 0 ? b.Rows : (int)Math.Min(b.Rows, (beyond + b.RowStride - 1) / b.RowStride);
        T* source = b.Data;
        for (int k = b.Rows - unsafeRows; k > 0; k--, source += b.RowStride, target += panel)
        {
            for (int j = 0; j < panel; j += TVector.Count)
                TVector.Store(TVector.Load(source + j), target + j);
        }

        for (int k = unsafeRows; k > 0; k--, source += b.RowStride, target += panel)
            CopyRow(source, 1, b.Columns, panel, target);
    }

    /// <summary>Contiguous columns: blocks are turned; the last ones begin early enough to be whole, so that some elements
    /// are copied twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackColumns<TVector, T>(in Matrix<T> b, int panel, T* target)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lastRow = b.Rows - TVector.TransposedColumns, lastColumn = b.Columns - TVector.Count;
        if (b.RowStride != 1 || lastRow < 0 || lastColumn < 0)
        {
            for (int k = 0; k < b.Rows; k++)
                CopyRow(b.At(k, 0), b.ColumnStride, b.Columns, panel, target + (nint)k * panel);
            return;
        }

        for (int start = 0; start < b.Rows; start += TVector.TransposedColumns)
        {
            int k = Math.Min(start, lastRow);
            for (int from = 0; from < b.Columns; from += TVector.Count)
            {
                int j = Math.Min(from, lastColumn);
                TVector.Transpose(b.At(k, j), b.ColumnStride, target + (nint)k * panel + j, panel);
            }
        }
    }

    /// <summary>Copies the elements of a row, and fills it up with zeros.</summary>
    private static void CopyRow<T>(T* source, nint stride, int width, int panel, T* target)
        where T : unmanaged
    {
        for (int j = 0; j < width; j++)
            target[j] = source[j * stride];
        new Span<T>(target + width, panel - width).Clear();
    }
}
