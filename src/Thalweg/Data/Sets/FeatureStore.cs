using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Thalweg.Data;

/// <summary>Feature rows of one width in memory, from which batches are gathered.</summary>
internal abstract class FeatureStore
{
    protected FeatureStore(int width) => Width = width;

    /// <summary>Numbers per row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>Writes one row, ready for the network.</summary>
    public abstract void CopyRow<T>(int row, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Rows kept as single-precision numbers, row-major.</summary>
internal sealed class FloatFeatures(float[] values, int width) : FeatureStore(width)
{
    public override int Count { get; } = width == 0 ? 0 : values.Length / width;

    public override void CopyRow<T>(int row, Span<T> destination)
    {
        ReadOnlySpan<float> source = values.AsSpan(row * Width, Width);
        if (typeof(T) == typeof(float))
            source.CopyTo(MemoryMarshal.Cast<T, float>(destination));
        else
            TensorPrimitives.ConvertTruncating(source, destination);
    }
}

/// <summary>Rows kept as bytes, converted by a table of 256 entries as they are gathered.</summary>
/// <remarks>A quarter of the memory traffic of single precision; the table holds each value computed in double and rounded once.</remarks>
internal sealed class ByteFeatures : FeatureStore
{
    private readonly byte[] _values;
    private readonly float[] _single = new float[256];
    private readonly double[] _double = new double[256];

    public ByteFeatures(byte[] values, int width, Func<byte, double> convert)
        : base(width)
    {
        _values = values;
        for (int value = 0; value < 256; value++)
        {
            _double[value] = convert((byte)value);
            _single[value] = (float)_double[value];
        }
    }

    public override int Count => _values.Length / Width;

    public override void CopyRow<T>(int row, Span<T> destination)
    {
        ReadOnlySpan<byte> source = _values.AsSpan(row * Width, Width);
        if (typeof(T) == typeof(float))
            Convert(source, MemoryMarshal.Cast<T, float>(destination), _single);
        else if (typeof(T) == typeof(double))
            Convert(source, MemoryMarshal.Cast<T, double>(destination), _double);
        else
            Convert(source, destination);
    }

    private static void Convert<T>(ReadOnlySpan<byte> source, Span<T> destination, ReadOnlySpan<T> table)
    {
        table = table[..256];
        destination = destination[..source.Length];
        for (int i = 0; i < source.Length; i++)
            destination[i] = table[source[i]];
    }

    private void Convert<T>(ReadOnlySpan<byte> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = T.CreateTruncating(_double[source[i]]);
    }
}
