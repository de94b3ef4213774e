using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Thalweg.Data;

/// <summary>Feature rows of one width, from which batches are gathered.</summary>
internal abstract class FeatureStore
{
    protected FeatureStore(int width) => Width = width;

    /// <summary>Numbers per row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>Whether the rows lie in a file, so that gathering them may wait for the disk.</summary>
    public virtual bool IsMapped => false;

    /// <summary>Refuses a store whose file was changed since it was opened.</summary>
    /// <exception cref="ThalwegException">It was.</exception>
    public virtual void CheckUnchanged()
    {
    }

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

/// <summary>Rows kept as bytes, converted as they are gathered: a quarter of the memory traffic of single precision.</summary>
/// <param name="values">Bytes, row-major.</param>
/// <param name="width">Bytes per row.</param>
/// <param name="encoding">What a byte becomes.</param>
internal sealed class ByteFeatures(byte[] values, int width, ImageEncoding encoding) : FeatureStore(width)
{
    private readonly ByteScale _scale = new(encoding);

    public override int Count => values.Length / Width;

    public override void CopyRow<T>(int row, Span<T> destination) => _scale.Convert<T>(values.AsSpan(row * Width, Width), destination);
}
