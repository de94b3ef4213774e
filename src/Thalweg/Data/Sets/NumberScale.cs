using System.Numerics;

namespace Thalweg.Data;

/// <summary>What numbers of a file become as features: scaled in double precision, then narrowed to single precision.</summary>
/// <param name="format">How the numbers lie.</param>
/// <param name="encoding">The scaling.</param>
internal sealed class NumberScale(NumberFormat format, ImageEncoding encoding)
{
    private const int Chunk = 512;

    /// <summary>destination[i] = the feature of the i-th number.</summary>
    public void Convert<T>(ReadOnlySpan<byte> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> chunk = stackalloc double[Chunk];
        int count = source.Length / format.Size;
        for (int start = 0; start < count; start += Chunk)
        {
            Span<double> numbers = chunk[..Math.Min(Chunk, count - start)];
            format.Convert(source.Slice(start * format.Size, numbers.Length * format.Size), numbers);
            for (int i = 0; i < numbers.Length; i++)
                destination[start + i] = T.CreateTruncating((float)encoding.Encode(numbers[i]));
        }
    }
}
