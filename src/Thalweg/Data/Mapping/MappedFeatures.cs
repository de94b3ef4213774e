using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Thalweg.Data;

/// <summary>Rows in a mapped file, converted as they are gathered; to the bits that the same rows have when they are loaded.</summary>
internal sealed class MappedFeatures : FeatureStore
{
    private readonly MappedArray _values;
    private readonly ByteScale? _bytes;
    private readonly NumberScale? _numbers;

    /// <summary>Rows that are features already, in single precision.</summary>
    /// <param name="values">The file.</param>
    /// <param name="count">Number of rows.</param>
    public MappedFeatures(MappedArray values, int count)
        : base(values.Width) => (_values, Count) = (values, count);

    /// <summary>Rows that are to be scaled.</summary>
    /// <param name="values">The file.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="encoding">What a number becomes.</param>
    public MappedFeatures(MappedArray values, int count, ImageEncoding encoding)
        : this(values, count)
    {
        if (values.Format.IsByte)
            _bytes = new ByteScale(encoding);
        else
            _numbers = new NumberScale(values.Format, encoding);
    }

    public override int Count { get; }

    public override bool IsMapped => true;

    public override void CheckUnchanged() => _values.File.CheckUnchanged();

    public override void CopyRow<T>(int row, Span<T> destination)
    {
        ReadOnlySpan<byte> source = _values.Raw(row);
        if (_bytes is not null)
            _bytes.Convert(source, destination);
        else if (_numbers is not null)
            _numbers.Convert(source, destination);
        else if (typeof(T) == typeof(float))
            source.CopyTo(MemoryMarshal.AsBytes(destination));
        else
            TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, float>(source), destination);
        GC.KeepAlive(_values);
    }
}
