using System.Numerics;

namespace Thalweg;

/// <content>Largest elements, and elements by index.</content>
public sealed unsafe partial class Tensor
{
    /// <summary>Place of the largest element along an axis, which is removed; the first of equal ones; the first NaN where
    /// there is one.</summary>
    /// <param name="axis">Axis of at least one element, from -Rank to Rank - 1; default the last.</param>
    /// <returns>Int32 places, of the shape of this tensor without the axis.</returns>
    /// <exception cref="ThalwegException">The axis is empty.</exception>
    public Tensor ArgMax(int axis = -1)
    {
        if (Shape[axis] == 0)
            Throw.WrongShape("argmax", $"at least one element along axis {axis}", Shape);

        Tensor last = Shape.Normalize(axis) == Rank - 1 ? this : MovedLast(axis);
        last.TopK(1, out Tensor indices);
        return indices.Squeeze(-1);
    }

    /// <summary>The k largest elements along the last axis, in descending order; of equal ones the first; NaN counts as largest.</summary>
    /// <param name="k">How many, from 1 to the size of the axis.</param>
    /// <param name="indices">Their Int32 places, <c>[..., k]</c>.</param>
    /// <returns><c>[..., k]</c>; derivatives go to the chosen elements.</returns>
    /// <exception cref="ThalwegException">The axis has fewer elements.</exception>
    public Tensor TopK(int k, out Tensor indices)
    {
        if (Rank == 0 || k < 1 || k > Shape[-1])
            throw new ThalwegException($"[top-k] expected k from 1 to the size of the last axis of {Shape}, got {k}");

        Tensor x = AsContiguous();
        indices = Allocate(Shape.With(-1, k), DType.Int32, "top-k");
        switch (DType)
        {
            case DType.Float32: Largest(x.AsSpan<float>(), Shape[-1], k, indices.AsSpan<int>()); break;
            case DType.Float64: Largest(x.AsSpan<double>(), Shape[-1], k, indices.AsSpan<int>()); break;
            default: Largest(x.AsSpan<int>(), Shape[-1], k, indices.AsSpan<int>()); break;
        }

        return DType.IsFloat() ? GatherLast(indices) : x.TakenLast(indices);
    }

    /// <summary>Elements along the last axis by place: <c>[..., n]</c> and places <c>[..., k]</c> give <c>[..., k]</c>.</summary>
    /// <param name="indices">Int32 places from 0 to n - 1, of this shape but for the last axis.</param>
    /// <returns><c>[..., k]</c>; derivatives go to the chosen elements.</returns>
    /// <exception cref="ThalwegException">The shapes do not fit, or a place is out of range.</exception>
    public Tensor GatherLast(Tensor indices)
    {
        if (indices.DType != DType.Int32)
            Throw.WrongType("gather", DType.Int32, indices.DType);

        if (Rank == 0 || indices.Rank != Rank || indices.Shape.With(-1, Shape[-1]) != Shape)
            Throw.WrongShape("gather", $"places of shape {Shape} but for the last axis", indices.Shape);

        int size = Shape[-1], count = indices.Shape[-1];
        Tensor packed = indices.AsContiguous(), flat = Allocate([(int)indices.Length], DType.Int32, "gather");
        ReadOnlySpan<int> from = packed.AsSpan<int>();
        Span<int> to = flat.AsSpan<int>();
        for (int i = 0; i < from.Length; i++)
        {
            if ((uint)from[i] >= (uint)size)
                throw new ThalwegException($"[gather] expected places from 0 to {size - 1}, got {from[i]}");

            to[i] = checked((i / count * size) + from[i]);
        }

        return Reshape([(int)Length]).GatherRows(flat).Reshape(indices.Shape);
    }

    /// <summary>1 at the class of each label, 0 elsewhere: <c>[...]</c> becomes <c>[..., classes]</c>.</summary>
    /// <param name="classes">Number of classes, 1 or more.</param>
    /// <param name="dtype">Element type of the result; default Float32.</param>
    /// <returns>A tensor of 0 and 1; this one holds Int32 labels from 0 to classes - 1.</returns>
    /// <exception cref="ThalwegException">A label is out of range or not Int32.</exception>
    public Tensor OneHot(int classes, DType dtype = DType.Float32)
    {
        if (DType != DType.Int32)
            Throw.WrongType("one-hot", DType.Int32, DType);

        Tensor labels = AsContiguous(), hot = Zeros([.. Shape, classes], dtype);
        for (long i = 0; i < Length; i++)
        {
            int label = (int)labels.Read(i);
            if ((uint)label >= (uint)classes)
                throw new ThalwegException($"[one-hot] expected labels from 0 to {classes - 1}, got {label}");

            hot.Write((i * classes) + label, 1);
        }

        return hot;
    }

    /// <summary>Places of the k largest of each row of <paramref name="size"/> values, in descending order.</summary>
    private static void Largest<T>(ReadOnlySpan<T> values, int size, int k, Span<int> indices)
        where T : unmanaged, INumber<T>
    {
        int[] order = new int[k == 1 ? 0 : size];
        T[] row = new T[order.Length];
        for (int start = 0, to = 0; start < values.Length; start += size, to += k)
        {
            if (k == 1)
            {
                indices[to] = First(values.Slice(start, size));
                continue;
            }

            values.Slice(start, size).CopyTo(row);
            for (int i = 0; i < size; i++)
                order[i] = i;

            MoveLargest(row, order, k);
            order.AsSpan(0, k).CopyTo(indices[to..]);
        }
    }

    /// <summary>The first of the largest values, or the first NaN.</summary>
    private static int First<T>(ReadOnlySpan<T> row)
        where T : unmanaged, INumber<T>
    {
        int index = 0;
        T best = row[0];
        for (int i = 1; i < row.Length && !T.IsNaN(best); i++)
        {
            if (row[i] > best || T.IsNaN(row[i]))
                (index, best) = (i, row[i]);
        }

        return index;
    }

    /// <summary>Moves the places of the k largest values to the front of the order; NaN goes before all numbers.</summary>
    private static void MoveLargest<T>(T[] row, int[] order, int k)
        where T : unmanaged, INumber<T>
    {
        if (k > 8)
        {
            Array.Sort(order, (a, b) => a == b ? 0 : Before(a, b) ? -1 : 1);
            return;
        }

        for (int rank = 0; rank < k; rank++)
        {
            int best = rank;
            for (int i = rank + 1; i < order.Length; i++)
                best = Before(order[i], order[best]) ? i : best;

            (order[rank], order[best]) = (order[best], order[rank]);
        }

        bool Before(int a, int b) => T.IsNaN(row[a]) != T.IsNaN(row[b]) ? T.IsNaN(row[a])
            : row[a] != row[b] && !T.IsNaN(row[a]) ? row[a] > row[b]
            : a < b;
    }

    private Tensor TakenLast(Tensor indices)
    {
        Tensor y = Allocate(indices.Shape, DType, "gather");
        for (long i = 0; i < y.Length; i++)
            y.Write(i, Read((i / indices.Shape[-1] * Shape[-1]) + (long)indices.Read(i)));

        return y;
    }

    private Tensor MovedLast(int axis)
    {
        int moved = Shape.Normalize(axis);
        return Permute([.. Enumerable.Range(0, Rank).Where(a => a != moved), moved]);
    }
}
