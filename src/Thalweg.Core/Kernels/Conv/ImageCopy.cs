using System.Numerics;
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
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow<T>(T* row, in PaddedImage form, T* copy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
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

        int firstPair = -1, pairs = step == 2 ? PartPairs(row, form, copy, out firstPair) : 0;
        for (int remainder = 0; remainder < step; remainder++, copy += form.Columns)
        {
            int start = form.FirstColumn + remainder;
            int first = start < 0 ? (-start + step - 1) / step : 0;
            int last = Math.Min(form.Columns, (form.Width - start + step - 1) / step);
            T* source = row + start + (first * step);
            for (int column = first; column < last; column++, source += step)
            {
                if (column == firstPair)
                {
                    column += pairs;
                    source += pairs * step;
                    if (column >= last)
                        break;
                }

                copy[column] = *source;
            }
        }
    }

    /// <summary>Parts neighbors of a row into the two remainders modulo 2, as far as whole lanes reach.</summary>
    /// <param name="row">A row of the image.</param>
    /// <param name="form">What is copied, with two remainders.</param>
    /// <param name="copy">The row of the copy.</param>
    /// <param name="first">First column of the copy that was written, or -1.</param>
    /// <returns>How many columns were written for each remainder.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PartPairs<T>(T* row, in PaddedImage form, T* copy, out int first)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lane = LaneTurn.PartCount<T>();
        first = form.FirstColumn < 0 ? (1 - form.FirstColumn) / 2 : 0;
        int count = Math.Min(form.Columns, (form.Width - form.FirstColumn) / 2) - first;
        if (lane == 0 || count < lane)
        {
            first = -1;
            return 0;
        }

        T* source = row + form.FirstColumn + (2 * first), even = copy + first, odd = even + form.Columns;
        for (int column = 0; column < count; column += lane)
        {
            // The last step covers some columns again.
            int at = Math.Min(column, count - lane);
            LaneTurn.Part(source + (2 * at), even + at, odd + at);
        }

        return count;
    }
}
