using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>
/// Copies between planes <c>[channels, height, width]</c> and places <c>[rows, columns, channels]</c>, where a vector holds channels.
/// </summary>
internal static unsafe class ChannelsLast
{
    /// <summary>Copies rows of planes to places, zeros outside the image.</summary>
    /// <param name="image">First element of the first channel.</param>
    /// <param name="form">What is copied, with one remainder.</param>
    /// <param name="firstRow">Image row of the first row of the copy; may lie outside.</param>
    /// <param name="rows">Rows to copy.</param>
    /// <param name="target">The copy.</param>
    /// <param name="pitch">Elements from one place to the next, as many as there are channels or more; what is more holds zeros.</param>
    [MethodImpl(Drive.Loop)]
    public static void Gather<TVector, T>(T* image, in PaddedImage form, int firstRow, int rows, T* target, int pitch)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int channels = form.Channels, columns = form.Columns;
        nint plane = (nint)form.Height * form.Width;
        int first = Math.Max(0, -form.FirstColumn), last = Math.Min(columns, form.Width - form.FirstColumn);
        bool whole = first == 0 && last == columns && firstRow >= 0 && firstRow + rows <= form.Height && pitch == channels;
        if (!whole)
            new Span<T>(target, rows * columns * pitch).Clear();
        for (int row = Math.Max(0, -firstRow); row < Math.Min(rows, form.Height - firstRow); row++)
        {
            T* source = image + ((nint)(firstRow + row) * form.Width) + form.FirstColumn + first;
            T* places = target + ((((nint)row * columns) + first) * pitch);
            if (last > first)
                Transpose<TVector, T>(source, plane, channels, last - first, places, pitch);
        }
    }

    /// <summary>Copies places that lie side by side to planes.</summary>
    /// <param name="places">First channel of the first place.</param>
    /// <param name="pitch">Elements from one place to the next.</param>
    /// <param name="count">Number of places.</param>
    /// <param name="planes">First place of the first channel.</param>
    /// <param name="plane">Elements from one channel to the next.</param>
    /// <param name="channels">Number of channels.</param>
    [MethodImpl(Drive.Loop)]
    public static void Spread<TVector, T>(T* places, int pitch, int count, T* planes, nint plane, int channels)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Transpose<TVector, T>(places, pitch, count, channels, planes, plane);

    /// <summary>target[j, i] = source[i, j]: whole blocks a vector at a time, the rest one by one.</summary>
    [MethodImpl(Drive.Loop)]
    private static void Transpose<TVector, T>(T* source, nint sourceStride, int rows, int columns, T* target, nint targetStride)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int turned = TVector.TransposedColumns;
        int wholeRows = rows / TVector.Count * TVector.Count, wholeColumns = wholeRows == 0 ? 0 : columns / turned * turned;
        for (int j = 0; j < wholeColumns; j += turned)
        {
            for (int i = 0; i < wholeRows; i += TVector.Count)
                TVector.Transpose(source + (i * sourceStride) + j, sourceStride, target + (j * targetStride) + i, targetStride);
        }

        for (int i = 0; i < rows; i++)
        {
            T* from = source + (i * sourceStride), to = target + i;
            for (int j = i < wholeRows ? wholeColumns : 0; j < columns; j++)
                to[j * targetStride] = from[j];
        }
    }
}
