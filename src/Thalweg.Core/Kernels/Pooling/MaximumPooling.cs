using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Maximum pooling with windows that slide: a vector holds neighboring windows, so that no branch depends on the data.</summary>
internal static unsafe class MaximumPooling
{
    /// <summary>Planes from which a place may not be an exact float.</summary>
    private const int LargePlane = 1 << 24;

    /// <summary>Pools where the windows allow it; the result is that of the plain loop.</summary>
    public static bool TryRun<T>(VectorWidth width, in PoolWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!work.Rows.IsSliding || !work.Columns.IsSliding || work.PlaneSize >= LargePlane)
            return false;
        int perChunk = (int)nint.Max(1, Chunks.Length / nint.Max(1, work.PlaneSize));
        switch (width)
        {
            case VectorWidth.Bits512:
                Run<SimdVector512<T>, T>(work, perChunk);
                break;
            case VectorWidth.Bits256:
                Run<SimdVector256<T>, T>(work, perChunk);
                break;
            case VectorWidth.Bits128:
                Run<SimdVector128<T>, T>(work, perChunk);
                break;
            default:
                Run<SimdVector1<T>, T>(work, perChunk);
                break;
        }

        return true;
    }

    private static void Run<TVector, T>(in PoolWork<T> work, int perChunk)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Job<TVector, T> job = new(work, perChunk);
        WorkerTeam.Run(ref job, Chunks.Count(work.Count, perChunk));
    }

    private readonly struct Job<TVector, T>(PoolWork<T> work, int perChunk) : IParallelJob
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly PaddedImage _form = new()
        {
            Channels = 1,
            Height = work.Rows.Input,
            Width = work.Columns.Input,
            FirstRow = -work.Rows.Padding,
            RowStep = work.Rows.Stride,
            Span = ((work.Rows.Kernel - 1) * work.Rows.Dilation) + 1,
            FirstColumn = -work.Columns.Padding,
            Remainders = work.Columns.Stride,
            Columns = work.Columns.Output + ((work.Columns.Kernel - 1) * work.Columns.Dilation / work.Columns.Stride),
        };

        public void Run(int chunk)
        {
            int rows = _form.RowsFor(work.Rows.Output), width = work.Columns.Output, taps = work.Rows.Kernel * work.Columns.Kernel;
            nint copySize = ((nint)rows * _form.Pitch) + TapPanel.Slack, pooledSize = work.PooledSize + TapPanel.Slack;
            T* copy = ScratchMemory.Take<T>(copySize + (2 * pooledSize) + width + TapPanel.Slack + (2 * taps)), values = copy + copySize;
            T* places = values + pooledSize, starts = places + pooledSize, tapTargets = starts + width + TapPanel.Slack;
            int* tapOffsets = (int*)(tapTargets + taps);
            FindTaps(tapOffsets, tapTargets);
            for (int column = 0; column < width; column++)
                starts[column] = T.CreateTruncating((column * work.Columns.Stride) - work.Columns.Padding);
            new Span<T>(starts + width, TapPanel.Slack).Clear();
            new Span<T>(copy + copySize - TapPanel.Slack, TapPanel.Slack).Clear();
            int last = Math.Min(work.Count, (chunk + 1) * perChunk);
            for (int index = chunk * perChunk; index < last; index++)
            {
                ImageCopy.Pad(work.Planes + (index * work.PlaneSize), _form, _form.FirstRow, rows, copy, rows, T.NegativeInfinity);
                for (int row = 0; row < work.Rows.Output; row++)
                {
                    int start = ((row * work.Rows.Stride) - work.Rows.Padding) * work.Columns.Input;
                    T* first = copy + ((nint)row * _form.RowStep * _form.Pitch);
                    PoolRow<T> windows = new() { Copy = first, Starts = starts, Start = T.CreateTruncating(start) };
                    FindMaxima(windows, tapOffsets, tapTargets, values + (row * width), places + (row * width));
                }

                Write(values, places, work.Pooled + (index * work.PooledSize), work.Indices + (index * work.PooledSize));
            }
        }

        /// <summary>Where the elements of a window lie in the copy, and in the plane; both relative to the first element.</summary>
        private void FindTaps(int* offsets, T* places)
        {
            for (int i = 0; i < work.Rows.Kernel; i++)
            {
                for (int j = 0; j < work.Columns.Kernel; j++)
                {
                    int row = i * work.Rows.Dilation, shift = j * work.Columns.Dilation;
                    *offsets++ = (row * _form.Pitch) + (shift % _form.Remainders * _form.Columns) + (shift / _form.Remainders);
                    *places++ = T.CreateTruncating((row * work.Columns.Input) + shift);
                }
            }
        }

        /// <summary>Largest element of each window of a row of windows, and its place in the plane; whole vectors are written.</summary>
        [MethodImpl(Drive.Loop)]
        private void FindMaxima(in PoolRow<T> row, int* tapOffsets, T* tapTargets, T* values, T* places)
        {
            int taps = work.Rows.Kernel * work.Columns.Kernel, count = work.Columns.Output;
            TVector start = TVector.Splat(row.Start);
            for (int column = 0; column < count; column += TVector.Count)
            {
                T* copy = row.Copy + column;
                TVector first = start + TVector.Load(row.Starts + column), best = TVector.Load(copy), place = first;
                for (int tap = 1; tap < taps; tap++)
                {
                    TVector value = TVector.Load(copy + tapOffsets[tap]), here = first + TVector.Splat(tapTargets[tap]);
                    TVector larger = TVector.Less(best, value), number = TVector.Equal(value, value);
                    best = TVector.Select(number, TVector.Select(larger, value, best), value);
                    place = TVector.Select(number, TVector.Select(larger, here, place), here);
                }

                TVector.Store(best, values + column);
                TVector.Store(place, places + column);
            }
        }

        /// <summary>Writes a pooled plane.</summary>
        private void Write(T* values, T* places, T* pooled, int* indices)
        {
            int count = (int)work.PooledSize;
            new ReadOnlySpan<T>(values, count).CopyTo(new Span<T>(pooled, count));
            TensorPrimitives.ConvertTruncating(new ReadOnlySpan<T>(places, count), new Span<int>(indices, count));
            if (work.Rows.Padding == 0 && work.Columns.Padding == 0)
                return;

            // Where all is negative infinity the place may lie in the padding.
            for (int i = 0; i < count; i++)
            {
                (int row, int column) = Math.DivRem(i, work.Columns.Output);
                if (values[i] == T.NegativeInfinity)
                    indices[i] = (work.RowTable[row * PoolAxis.Fields] * work.Columns.Input) + work.ColumnTable[column * PoolAxis.Fields];
            }
        }
    }

    /// <summary>One row of windows.</summary>
    private struct PoolRow<T>
        where T : unmanaged
    {
        /// <summary>Where its first window starts in the copy.</summary>
        public T* Copy;

        /// <summary>Column of the plane in which each window starts, and place of column 0.</summary>
        public T* Starts;

        public T Start;
    }
}
