using System.Numerics.Tensors;

namespace Thalweg;

/// <content>Ways to make a tensor.</content>
public sealed unsafe partial class Tensor
{
    /// <summary>A tensor with the given elements, copied.</summary>
    /// <typeparam name="T"><see cref="float"/>, <see cref="double"/> or <see cref="int"/>.</typeparam>
    /// <param name="values">The elements in row-major order.</param>
    /// <param name="shape">Shape of as many elements.</param>
    /// <returns>The shape asked for.</returns>
    /// <exception cref="ThalwegException">The shape asks for another number of elements.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> values, Shape shape)
        where T : unmanaged
    {
        if (shape.Length != values.Length)
            throw new ThalwegException($"[tensor] expected {shape.Length} elements for shape {shape}, got {values.Length}");

        Tensor tensor = Allocate(shape, DTypes.Of<T>(), "tensor");
        values.CopyTo(tensor.AsSpan<T>());
        return tensor;
    }

    /// <summary>A tensor with the given elements, copied.</summary>
    /// <typeparam name="T"><see cref="float"/>, <see cref="double"/> or <see cref="int"/>.</typeparam>
    /// <param name="values">The elements in row-major order.</param>
    /// <param name="shape">Shape of as many elements.</param>
    /// <returns>The shape asked for.</returns>
    public static Tensor From<T>(T[] values, Shape shape)
        where T : unmanaged => From((ReadOnlySpan<T>)values, shape);

    /// <summary>A vector of the given elements, copied; shape <c>[n]</c>.</summary>
    /// <typeparam name="T"><see cref="float"/>, <see cref="double"/> or <see cref="int"/>.</typeparam>
    /// <param name="values">The elements.</param>
    /// <returns><c>[n]</c> for n elements.</returns>
    public static Tensor Vector<T>(params ReadOnlySpan<T> values)
        where T : unmanaged => From(values, [values.Length]);

    /// <summary>A scalar; shape <c>[]</c>.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="dtype">Element type.</param>
    /// <returns>One element of shape <c>[]</c>.</returns>
    public static Tensor Scalar(double value, DType dtype = DType.Float32) => Full([], value, dtype);

    /// <summary>A tensor of zeros.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="dtype">Element type.</param>
    /// <returns>The shape asked for.</returns>
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float32)
    {
        Tensor tensor = Allocate(shape, dtype, "zeros");
        tensor.Storage.AsSpan<byte>(0, checked((int)(tensor.Length * dtype.SizeOf()))).Clear();
        return tensor;
    }

    /// <summary>A tensor of ones.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="dtype">Element type.</param>
    /// <returns>The shape asked for.</returns>
    public static Tensor Ones(Shape shape, DType dtype = DType.Float32) => Full(shape, 1, dtype);

    /// <summary>A tensor of equal elements.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="value">The value of each element.</param>
    /// <param name="dtype">Element type.</param>
    /// <returns>The shape asked for.</returns>
    public static Tensor Full(Shape shape, double value, DType dtype = DType.Float32)
    {
        Tensor tensor = Allocate(shape, dtype, "full");
        switch (dtype)
        {
            case DType.Float32: tensor.AsSpan<float>().Fill((float)value); break;
            case DType.Float64: tensor.AsSpan<double>().Fill(value); break;
            default: tensor.AsSpan<int>().Fill((int)value); break;
        }

        return tensor;
    }

    /// <summary>Independent draws from the uniform distribution on [low, high).</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end.</param>
    /// <param name="stream">Source of the draws; advanced.</param>
    /// <param name="dtype">Float32 or Float64; both see the same draws.</param>
    /// <returns>The shape asked for.</returns>
    public static Tensor Uniform(Shape shape, double low, double high, ref RandomStream stream, DType dtype = DType.Float32)
    {
        Tensor tensor = Allocate(shape, dtype, "uniform");
        for (long i = 0; i < tensor.Length; i++)
            tensor.Write(i, stream.NextDouble(low, high));

        return tensor;
    }

    /// <summary>Independent draws from the normal distribution.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="mean">Mean.</param>
    /// <param name="deviation">Standard deviation, 0 or more.</param>
    /// <param name="stream">Source of the draws; advanced.</param>
    /// <param name="dtype">Float32 or Float64; both see the same draws.</param>
    /// <returns>The shape asked for.</returns>
    public static Tensor Normal(Shape shape, double mean, double deviation, ref RandomStream stream, DType dtype = DType.Float32)
    {
        Tensor tensor = Allocate(shape, dtype, "normal");
        for (long i = 0; i < tensor.Length; i++)
            tensor.Write(i, mean + (deviation * stream.NextNormal()));

        return tensor;
    }

    /// <summary>The elements converted to another type; not recorded.</summary>
    /// <param name="dtype">Wanted type.</param>
    /// <returns>The shape of this tensor.</returns>
    public Tensor To(DType dtype)
    {
        if (dtype == DType)
            return this;

        Tensor source = AsContiguous(), target = Allocate(Shape, dtype, "convert");
        switch (DType, dtype)
        {
            case (DType.Float32, DType.Float64):
                TensorPrimitives.ConvertTruncating(source.AsSpan<float>(), target.AsSpan<double>());
                break;
            case (DType.Float64, DType.Float32):
                TensorPrimitives.ConvertTruncating(source.AsSpan<double>(), target.AsSpan<float>());
                break;
            default:
                for (long i = 0; i < Length; i++)
                    target.Write(i, source.Read(i));

                break;
        }

        return target;
    }

    /// <summary>Overwrites the elements with those of another tensor of the same shape, converting the type.</summary>
    /// <param name="source">The new elements.</param>
    /// <exception cref="ThalwegException">The shapes differ.</exception>
    public void Assign(Tensor source)
    {
        if (source.Shape != Shape)
            Throw.WrongShape("assign", $"a tensor of shape {Shape}", source.Shape);

        Tensor packed = source.To(DType).AsContiguous();
        int bytes = checked((int)(Length * DType.SizeOf()));
        if (!IsContiguous)
            throw new ThalwegException($"[assign] expected a contiguous target, got a view of shape {Shape}; assign to its source");

        packed.Storage.AsSpan<byte>(packed._offset * DType.SizeOf(), bytes).CopyTo(Storage.AsSpan<byte>(_offset * DType.SizeOf(), bytes));
    }

    /// <summary>Moves the elements to other memory, which this tensor then shares: how parameters come to lie side by side.</summary>
    /// <remarks>The memory changes by one write, so that a thread that computes with the tensor meanwhile reads either the old elements or
    /// the equal new ones.</remarks>
    /// <param name="home">Vector of the same element type that takes the elements.</param>
    /// <param name="offset">First element there.</param>
    internal void MoveInto(Tensor home, long offset)
    {
        Tensor place = View(home, _shape, _shape.RowMajor(), (nint)offset, "parameter");
        place.Assign(this);
        int size = DType.SizeOf();
        TensorStorage moved = new(home.Storage, place._offset * size, Length * size);
        if (_offset != 0 || !IsContiguous)
            (_offset, _strides, IsContiguous) = (0, place._strides, true);

        Volatile.Write(ref _storage, moved);
    }

    /// <summary>A contiguous stretch of this contiguous tensor as a tensor of its own, sharing memory.</summary>
    internal Tensor Window(long offset, Shape shape, string opName) => View(this, shape, shape.RowMajor(), (nint)offset, opName);

    /// <summary>Element <paramref name="index"/> in row-major order, as a double.</summary>
    internal double Read(long index)
    {
        double value = DType switch
        {
            DType.Float32 => Pointer<float>()[PositionOf(index)],
            DType.Float64 => Pointer<double>()[PositionOf(index)],
            _ => Pointer<int>()[PositionOf(index)],
        };
        GC.KeepAlive(this);
        return value;
    }

    /// <summary>Sets element <paramref name="index"/> in row-major order.</summary>
    internal void Write(long index, double value)
    {
        switch (DType)
        {
            case DType.Float32: Pointer<float>()[PositionOf(index)] = (float)value; break;
            case DType.Float64: Pointer<double>()[PositionOf(index)] = value; break;
            default: Pointer<int>()[PositionOf(index)] = (int)value; break;
        }

        GC.KeepAlive(this);
    }

    /// <summary>Distance of an element from the first one in memory.</summary>
    private long PositionOf(long index)
    {
        if (IsContiguous)
            return index;
        long place = 0;
        for (int axis = Rank - 1; axis >= 0; axis--)
        {
            place += index % _shape[axis] * _strides[axis];
            index /= _shape[axis];
        }

        return place;
    }
}
