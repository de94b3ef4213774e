using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;

namespace Thalweg;

/// <summary>The sizes of a tensor along its axes, outermost first; <c>[]</c> is a scalar.</summary>
/// <remarks>A value type of at most <see cref="MaxRank"/> axes, so that shapes cost no memory on the heap.
/// Written <c>[64, 784]</c>.</remarks>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IEnumerable<int>
{
    /// <summary>The largest number of axes.</summary>
    public const int MaxRank = 8;

    private readonly Sizes _sizes;

    /// <summary>Makes a shape from its sizes.</summary>
    /// <param name="sizes">Size along each axis, 0 or more, outermost first.</param>
    /// <exception cref="ThalwegException">More than <see cref="MaxRank"/> axes, or a negative size.</exception>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length > MaxRank)
            throw new ThalwegException($"[shape] expected at most {MaxRank} axes, got {sizes.Length}; merge neighboring axes");

        Rank = sizes.Length;
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            if (sizes[axis] < 0)
                throw new ThalwegException($"[shape] expected sizes of 0 or more, got {sizes[axis]} for axis {axis}");

            _sizes[axis] = sizes[axis];
        }
    }

    /// <summary>Number of axes.</summary>
    public int Rank { get; }

    /// <summary>Number of elements: the product of the sizes; 1 for a scalar.</summary>
    public long Length
    {
        get
        {
            long length = 1;
            for (int axis = 0; axis < Rank; axis++)
                length = checked(length * _sizes[axis]);

            return length;
        }
    }

    /// <summary>Size along one axis; negative axes count from the end.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1.</param>
    /// <exception cref="ThalwegException">The axis is out of range.</exception>
    public int this[int axis] => _sizes[Normalize(axis)];

    /// <summary>Makes a shape from a collection expression.</summary>
    /// <param name="sizes">Size along each axis.</param>
    public static Shape Create(ReadOnlySpan<int> sizes) => new(sizes);

    /// <summary>Whether two shapes have the same axes and sizes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The shape that both broadcast to: axes are aligned at the end, and a size of 1 stretches.</summary>
    /// <param name="operation">Name of the operation that asks, for the message.</param>
    /// <param name="left">First shape.</param>
    /// <param name="right">Second shape.</param>
    /// <exception cref="ThalwegException">A pair of sizes differs and neither is 1.</exception>
    public static Shape Broadcast(string operation, Shape left, Shape right)
    {
        if (left == right)
            return left;

        int rank = Math.Max(left.Rank, right.Rank);
        Span<int> sizes = stackalloc int[rank];
        for (int k = 1; k <= rank; k++)
        {
            int a = k <= left.Rank ? left._sizes[left.Rank - k] : 1;
            int b = k <= right.Rank ? right._sizes[right.Rank - k] : 1;
            sizes[rank - k] = a == b || b == 1 ? a : a == 1 ? b : throw new ThalwegException(
                $"[{operation}] expected shapes that broadcast, got {left} and {right}: sizes {a} and {b} differ and neither is 1");
        }

        return new Shape(sizes);
    }

    /// <summary>The axis as a number from 0 to Rank - 1.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1.</param>
    /// <exception cref="ThalwegException">The axis is out of range.</exception>
    public int Normalize(int axis) => axis >= -Rank && axis < Rank
        ? (axis < 0 ? axis + Rank : axis)
        : throw new ThalwegException(Rank == 0
            ? $"[shape] expected a shape with axes, got a scalar, which has no axis {axis}; reshape it to [1]"
            : $"[shape] expected an axis from {-Rank} to {Rank - 1} of {this}, got {axis}");

    /// <summary>Product of the sizes from <paramref name="first"/> up to, not including, <paramref name="end"/>.</summary>
    /// <param name="first">First axis.</param>
    /// <param name="end">Axis after the last.</param>
    public long LengthOf(int first, int end)
    {
        long length = 1;
        for (int axis = first; axis < end; axis++)
            length *= _sizes[axis];

        return length;
    }

    /// <summary>The same shape with one size replaced.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1.</param>
    /// <param name="size">New size, 0 or more.</param>
    public Shape With(int axis, int size)
    {
        Span<int> sizes = stackalloc int[Rank];
        CopyTo(sizes);
        sizes[Normalize(axis)] = size;
        return new Shape(sizes);
    }

    /// <summary>The axes from <paramref name="first"/> to before <paramref name="end"/>, then others.</summary>
    /// <param name="first">First axis, from 0.</param>
    /// <param name="end">Axis after the last, at most <see cref="Rank"/>.</param>
    /// <param name="others">Sizes of the axes that follow.</param>
    internal Shape Part(int first, int end, params ReadOnlySpan<int> others)
    {
        Span<int> sizes = stackalloc int[Rank + others.Length];
        int count = 0;
        for (int axis = first; axis < end; axis++)
            sizes[count++] = _sizes[axis];

        others.CopyTo(sizes[count..]);
        return new Shape(sizes[..(count + others.Length)]);
    }

    /// <summary>The same shape with an axis more.</summary>
    /// <param name="axis">Its index, from 0 to <see cref="Rank"/>.</param>
    /// <param name="size">Its size.</param>
    internal Shape Insert(int axis, int size)
    {
        Span<int> sizes = stackalloc int[Rank + 1];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = i == axis ? size : _sizes[i < axis ? i : i - 1];

        return new Shape(sizes);
    }

    /// <summary>The same shape without an axis.</summary>
    /// <param name="axis">Its index, from 0.</param>
    internal Shape Without(int axis)
    {
        Span<int> sizes = stackalloc int[Rank - 1];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = _sizes[i < axis ? i : i + 1];

        return new Shape(sizes);
    }

    /// <summary>Copies the sizes.</summary>
    /// <param name="target">Room for <see cref="Rank"/> sizes.</param>
    public void CopyTo(Span<int> target)
    {
        for (int axis = 0; axis < Rank; axis++)
            target[axis] = _sizes[axis];
    }

    /// <summary>The sizes as an array.</summary>
    public int[] ToArray()
    {
        int[] sizes = new int[Rank];
        CopyTo(sizes);
        return sizes;
    }

    /// <inheritdoc/>
    public bool Equals(Shape other)
    {
        if (Rank != other.Rank)
            return false;

        for (int axis = 0; axis < Rank; axis++)
        {
            if (_sizes[axis] != other._sizes[axis])
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Rank);
        for (int axis = 0; axis < Rank; axis++)
            hash.Add(_sizes[axis]);

        return hash.ToHashCode();
    }

    /// <summary>The sizes in brackets: <c>[64, 784]</c>.</summary>
    public override string ToString()
    {
        StringBuilder text = new("[");
        for (int axis = 0; axis < Rank; axis++)
            text.Append(axis == 0 ? "" : ", ").Append(_sizes[axis]);

        return text.Append(']').ToString();
    }

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)ToArray()).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Row-major strides in elements.</summary>
    internal Strides RowMajor()
    {
        Strides strides = default;
        long stride = 1;
        for (int axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = (nint)stride;
            stride *= _sizes[axis];
        }

        return strides;
    }

    [InlineArray(MaxRank)]
    private struct Sizes
    {
        private int _first;
    }
}

/// <summary>Distance in elements between neighbors along each axis; 0 where a size of 1 is stretched.</summary>
[InlineArray(Shape.MaxRank)]
internal struct Strides
{
    private nint _first;
}
