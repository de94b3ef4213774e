using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Thalweg.Data;

/// <summary>Rows in a mapped file, converted as they are gathered; to the bits that the same rows have when they are loaded.</summary>
/// <param name="values">The file.</param>
/// <param name="count">Number of rows.</param>
/// <param name="encoding">What a number becomes; null leaves it as it is.</param>
internal sealed class MappedFeatures(MappedArray values, int count, ImageEncoding? encoding) : FeatureStore(values.Width)
{
    private const int Piece = 512;

    private readonly ByteScale? _bytes = values.Format.IsByte && encoding is not null ? new ByteScale(encoding) : null;

    public override int Count => count;

    public override bool IsMapped => true;

    public override void CheckUnchanged() => values.File.CheckUnchanged();

    public override void CopyRow<T>(int row, Span<T> destination)
    {
        ReadOnlySpan<byte> source = values.Raw(row);
        if (_bytes is not null)
            _bytes.Convert(source, destination);
        else if (typeof(T) == typeof(float))
            Encode(source, MemoryMarshal.Cast<T, float>(destination));
        else
            EncodePieces(source, destination);
        GC.KeepAlive(values);
    }

    private void Encode(ReadOnlySpan<byte> source, Span<float> numbers)
    {
        values.Format.Convert(source, numbers);
        for (int i = 0; encoding is not null && i < numbers.Length; i++)
            numbers[i] = (float)encoding.Encode(numbers[i]);
    }

    private void EncodePieces<T>(ReadOnlySpan<byte> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<float> piece = stackalloc float[Piece];
        for (int start = 0; start < Width; start += Piece)
        {
            Span<float> numbers = piece[..Math.Min(Piece, Width - start)];
            Encode(source.Slice(start * values.Format.Size, numbers.Length * values.Format.Size), numbers);
            TensorPrimitives.ConvertTruncating<float, T>(numbers, destination[start..]);
        }
    }
}
