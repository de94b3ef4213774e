using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Moves a panel of results to or from their places, which do not lie side by side; two phases in turns at once.</summary>
internal unsafe struct TapTargets<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public TapWork<T> Work;

    /// <summary>Panels <c>[phases, results, stride]</c>.</summary>
    public T* Found;

    public int Stride;

    /// <summary>Place of the first result of the grid.</summary>
    public T* Target;

    /// <summary>Results in a row of the grid.</summary>
    public int Columns;

    /// <summary>Whether the last result of a row has no partner in the second phase.</summary>
    public bool LastIsSingle;

    /// <summary>The panel of a phase.</summary>
    public readonly T* FoundOf(int phase) => Found + ((nint)phase * Work.Results * Stride);

    /// <summary>Moves results first to first + width - 1 of the grid, counted row by row.</summary>
    [MethodImpl(Drive.Loop)]
    public readonly void Move(int first, int width, bool write)
    {
        nint plane = (nint)Work.TargetHeight * Work.TargetWidth, rowStep = (nint)Work.RowStep * Work.TargetWidth;
        T* found = Found, target = Target;
        int firstRow = first / Columns, firstColumn = first - (firstRow * Columns);
        for (int result = 0; result < Work.Results; result++, found += Stride, target += plane)
        {
            int row = firstRow, column = firstColumn;
            for (int done = 0; done < width; row++, column = 0)
            {
                int length = Math.Min(Columns - column, width - done);
                T* position = target + (row * rowStep) + (column * Work.ColumnStep);
                if (Work.ColumnStep == 2)
                    MovePairs(found + done, position, length, LastIsSingle && column + length == Columns, write);
                else
                    MoveSingly(found + done, position, length, write);
                done += length;
            }
        }
    }

    private readonly void MoveSingly(T* found, T* position, int length, bool write)
    {
        for (int i = 0; i < length; i++, position += Work.ColumnStep)
        {
            if (write)
                *position = found[i];
            else
                found[i] = *position;
        }
    }

    /// <summary>Results of two phases: whole vectors, of which the last covers some again, and one by one where there
    /// are too few.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void MovePairs(T* even, T* position, int length, bool single, bool write)
    {
        T* odd = even + ((nint)Work.Results * Stride);
        int vector = VectorTranspose.PartCount<T>(), pairs = single ? length - 1 : length;
        int start = vector > 0 && pairs >= vector ? pairs : 0;
        for (int i = 0; i < start; i += vector)
        {
            int at = Math.Min(i, pairs - vector);
            if (write)
                VectorTranspose.Merge(even + at, odd + at, position + (2 * at));
            else
                VectorTranspose.Part(position + (2 * at), even + at, odd + at);
        }

        if (start == length)
            return;
        MoveSingly(even + start, position + (2 * start), length - start, write);
        MoveSingly(odd + start, position + (2 * start) + 1, pairs - start, write);
    }
}
