namespace Thalweg.Data;

/// <summary>Items of equal width in a mapped file.</summary>
/// <param name="File">The file.</param>
/// <param name="Start">Its first byte of data.</param>
/// <param name="Format">How the numbers lie in it.</param>
/// <param name="Width">Numbers per item.</param>
internal sealed record MappedArray(MappedFile File, long Start, NumberFormat Format, int Width)
{
    /// <summary>The bytes of items <paramref name="item"/> to <paramref name="item"/> + <paramref name="count"/> - 1.</summary>
    public ReadOnlySpan<byte> Raw(int item, int count = 1)
    {
        int size = Width * Format.Size;
        return File.Slice(Start + ((long)item * size), checked(count * size));
    }
}
