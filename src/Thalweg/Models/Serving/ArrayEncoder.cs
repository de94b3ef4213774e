using Thalweg.Data;

namespace Thalweg.Models;

/// <summary>Writes the features of single images, number by number, in the order of the training data.</summary>
/// <param name="encoding">The scaling, and the order of the axes.</param>
/// <param name="shape">Shape of the features.</param>
internal sealed class ArrayEncoder(ImageEncoding encoding, IReadOnlyList<int> shape)
{
    private readonly int _channels = encoding.Layout == ImageLayout.ChannelsLast && shape.Count == 3 ? shape[0] : 1;
    private readonly int _pixels = shape.Count == 3 ? shape[1] * shape[2] : 0;
    private readonly float _factor = (float)(encoding.Scale / encoding.Deviation), _offset = (float)(-encoding.Mean / encoding.Deviation);

    /// <summary>Writes the i-th number.</summary>
    public void Write(int i, double value, Span<float> features) => features[PositionOf(i)] = (float)encoding.Encode(value);

    /// <summary>Writes the i-th byte, by the arithmetic of <see cref="ByteScale"/>.</summary>
    public void WriteByte(int i, byte value, Span<float> features) => features[PositionOf(i)] = (value * _factor) + _offset;

    private int PositionOf(int i) => _channels == 1 ? i : (i % _channels * _pixels) + (i / _channels);
}
