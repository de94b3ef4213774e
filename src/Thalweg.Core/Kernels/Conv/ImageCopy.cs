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
        PairColumns pairs = form.Remainders == 2 ? new(form) : default;
        for (int channel = 0; channel < form.Channels; channel++)
        {
            T* plane = image + ((nint)channel * form.Height * form.Width);
            T* copy = target + ((nint)channel * planeRows * pitch);
            int last = Math.Min(rows, form.Height - firstRow);
            for (int row = Math.Max(0, -firstRow); row < last; row++)
            {
                T* source = plane + ((nint)(firstRow + row) * form.Width);
                if (form.Remainders == 2)
                    PartRow(source + form.FirstColumn, pairs, copy + (row * pitch), form.Columns);
                else
                    CopyRow(source, form, copy + (row * pitch));
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
                new ReadOnlySpan<T>(row + form.FirstColumn + first, last - first).CopyTo(new Span<T>(copy + first, last - first));

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

    /// <summary>Parts neighbors of a row into the two remainders modulo 2.</summary>
    /// <param name="row">What the first column sees, inside the row or not.</param>
    /// <param name="pairs">Which columns lie in the image.</param>
    /// <param name="even">The row of the copy.</param>
    /// <param name="columns">Columns of each remainder.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PartRow<T>(T* row, in PairColumns pairs, T* even, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* odd = even + columns;
        int vector = VectorTranspose.PartCount<T>();
        if (vector > 0 && pairs.Last - pairs.First >= vector)
        {
            for (int column = pairs.First; column < pairs.Last; column += vector)
            {
                // The last step covers some columns again.
                int at = Math.Min(column, pairs.Last - vector);
                VectorTranspose.Part(row + (2 * at), even + at, odd + at);
            }
        }
        else
        {
            for (int column = pairs.First; column < pairs.Last; column++)
                (even[column], odd[column]) = (row[2 * column], row[(2 * column) + 1]);
        }

        for (int column = Math.Max(pairs.First, pairs.Last); column < pairs.LastEven; column++)
            even[column] = row[2 * column];
        for (int column = pairs.FirstOdd; column < Math.Min(pairs.First, pairs.LastOdd); column++)
            odd[column] = row[(2 * column) + 1];
    }

    /// <summary>Columns of the two remainders modulo 2 that lie in the image: those of both, and at most one more of each.</summary>
    private readonly struct PairColumns
    {
        public PairColumns(in PaddedImage form)
        {
            (First, FirstOdd) = (Math.Max(0, (1 - form.FirstColumn) >> 1), Math.Max(0, -form.FirstColumn >> 1));
            LastEven = Math.Min(form.Columns, (form.Width - form.FirstColumn + 1) >> 1);
            LastOdd = Math.Min(form.Columns, (form.Width - form.FirstColumn) >> 1);
        }

        /// <summary>First column of the first remainder, and so of both.</summary>
        public int First { get; }

        /// <summary>First column of the second remainder.</summary>
        public int FirstOdd { get; }

        /// <summary>The column after the last, of the first remainder.</summary>
        public int LastEven { get; }

        /// <summary>The column after the last, of the second remainder.</summary>
        public int LastOdd { get; }

        /// <summary>The column after the last of both.</summary>
        public int Last => LastOdd;
    }
}
