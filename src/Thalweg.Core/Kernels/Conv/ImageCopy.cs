using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Padded copies of images for the convolution kernels.</summary>
internal static unsafe class ImageCopy
{
    /// <summary>Copies rows of <c>[channels, height, width]</c> to <c>[channels, planeRows, remainders, columns]</c>.</summary>
    /// <param name="image">First element of the first channel.</param>
    /// <param name="form">What is copied and how.</param>
    /// <param name="firstRow">Image row of the first row of the copy; may lie outside.</param>
    /// <param name="rows">Rows to copy.</param>
    /// <param name="target">The copy.</param>
    /// <param name="planeRows">Rows of the copy that each channel has room for.</param>
    /// <param name="outside">What stands outside the image.</param>
    [MethodImpl(Drive.Loop)]
    public static void Pad<T>(T* image, in PaddedImage form, int firstRow, int rows, T* target, int planeRows, T outside)
        where T : unmanaged
    {
        int pitch = form.Pitch;
        new Span<T>(target, form.Channels * planeRows * pitch).Fill(outside);
        for (int channel = 0; channel < form.Channels; channel++)
        {
            T* plane = image + ((nint)channel * form.Height * form.Width);
            T* copy = target + ((nint)channel * planeRows * pitch);
            int last = Math.Min(rows, form.Height - firstRow);
            for (int row = Math.Max(0, -firstRow); row < last; row++)
            {
                CopyRow(plane + ((nint)(firstRow + row) * form.Width), form, copy + (row * pitch));
            }
        }
    }

    /// <summary>Copies rows of <c>[channels, height, width]</c> to <c>[rows, columns, channels]</c>, zeros outside the image.</summary>
    /// <param name="image">First element of the first channel.</param>
    /// <param name="form">What is copied, with one remainder.</param>
    /// <param name="firstRow">Image row of the first row of the copy; may lie outside.</param>
    /// <param name="rows">Rows to copy.</param>
    /// <param name="target">The copy.</param>
    [MethodImpl(Drive.Loop)]
    public static void PadChannelsLast<T>(T* image, in PaddedImage form, int firstRow, int rows, T* target)
        where T : unmanaged
    {
        int channels = form.Channels, columns = form.Columns;
        new Span<T>(target, rows * columns * channels).Clear();
        int first = Math.Max(0, -form.FirstColumn), last = Math.Min(columns, form.Width - form.FirstColumn);
        nint plane = (nint)form.Height * form.Width;
        for (int row = Math.Max(0, -firstRow); row < Math.Min(rows, form.Height - firstRow); row++)
        {
            T* source = image + ((nint)(firstRow + row) * form.Width) + form.FirstColumn;
            T* copy = target + ((nint)row * columns * channels);
            for (int channel = 0; channel < channels; channel++, source += plane)
            {
                T* place = copy + channel + ((nint)first * channels);
                for (int column = first; column < last; column++, place += channels)
                {
                    *place = source[column];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow<T>(T* row, in PaddedImage form, T* copy)
        where T : unmanaged
    {
        int step = form.Remainders;
        if (step == 1)
        {
            int first = Math.Max(0, -form.FirstColumn), last = Math.Min(form.Columns, form.Width - form.FirstColumn);
            if (last > first)
            {
                new ReadOnlySpan<T>(row + form.FirstColumn + first, last - first).CopyTo(new Span<T>(copy + first, last - first));
            }

            return;
        }

        for (int remainder = 0; remainder < step; remainder++, copy += form.Columns)
        {
            int start = form.FirstColumn + remainder;
            int first = start < 0 ? (-start + step - 1) / step : 0;
            int last = Math.Min(form.Columns, (form.Width - start + step - 1) / step);
            T* source = row + start + (first * step);
            for (int column = first; column < last; column++, source += step)
                copy[column] = *source;
        }
    }
}
