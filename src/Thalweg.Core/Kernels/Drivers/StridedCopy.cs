namespace Thalweg.Kernels;

/// <summary>Copies a strided view into row-major order.</summary>
internal static unsafe class StridedCopy
{
    private const int Tile = 32;

    /// <summary>target[i, j, ...] = source[i * s0 + j * s1 + ...], target row-major.</summary>
    public static void Run<T>(T* source, Shape shape, in Strides strides, T* target)
        where T : unmanaged
    {
        if (shape.Length == 0)
            return;

        Copy(source, shape, strides, target, 0);
    }

    private static T* Copy<T>(T* source, Shape shape, in Strides strides, T* target, int axis)
        where T : unmanaged
    {
        int left = shape.Rank - axis;
        if (left == 0)
        {
            *target = *source;
            return target + 1;
        }

        int size = shape[axis];
        if (left == 1)
            return Row(source, size, strides[axis], target);

        if (left == 2 && strides[axis] == 1)
        {
            Transpose(source, size, shape[axis + 1], strides[axis + 1], target);
            return target + ((nint)size * shape[axis + 1]);
        }

        for (int i = 0; i < size; i++)
            target = Copy(source + (i * strides[axis]), shape, strides, target, axis + 1);

        return target;
    }

    private static T* Row<T>(T* source, int size, nint stride, T* target)
        where T : unmanaged
    {
        if (stride == 1)
        {
            new ReadOnlySpan<T>(source, size).CopyTo(new Span<T>(target, size));
        }
        else if (stride == 0)
        {
            new Span<T>(target, size).Fill(*source);
        }
        else
        {
            for (int i = 0; i < size; i++)
                target[i] = source[i * stride];
        }

        return target + size;
    }

    /// <summary>target [rows, columns] from a source whose rows are one element apart; in tiles, so that both sides stay
    /// in the cache.</summary>
    private static void Transpose<T>(T* source, int rows, int columns, nint stride, T* target)
        where T : unmanaged
    {
        for (int i0 = 0; i0 < rows; i0 += Tile)
        {
            for (int j0 = 0; j0 < columns; j0 += Tile)
            {
                int i1 = Math.Min(rows, i0 + Tile), j1 = Math.Min(columns, j0 + Tile);
                for (int i = i0; i < i1; i++)
                {
                    for (int j = j0; j < j1; j++)
                        target[((nint)i * columns) + j] = source[i + (j * stride)];
                }
            }
        }
    }
}
