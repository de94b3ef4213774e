namespace Thalweg.Data;

/// <summary>Checks sizes that a file states before memory is asked for.</summary>
internal static class StatedSize
{
    /// <summary>The most bytes that one array may hold.</summary>
    private const long Largest = 0x7FFF_FFC7;

    /// <summary>Deflate never unpacks to more than this many bytes for one (RFC 1951: 258 bytes for 2 bits, and then some).</summary>
    private const long LargestRatio = 1040;

    /// <summary>Bytes of a file, product of the sizes, refused where it cannot be right.</summary>
    /// <param name="location">The file.</param>
    /// <param name="shape">Sizes, each at least 1.</param>
    /// <param name="itemBytes">Bytes per value.</param>
    /// <param name="isMapped">Whether the data stay in their file, so that one array need not hold them: each item and their number
    /// must still fit.</param>
    /// <returns>Number of bytes.</returns>
    public static long InBytes(string location, ReadOnlySpan<long> shape, int itemBytes, bool isMapped = false)
    {
        if (isMapped && shape[0] is >= 1 and <= int.MaxValue)
            return shape[0] * InBytes(location, shape[1..], itemBytes);
        long bytes = itemBytes;
        foreach (long size in shape)
        {
            if (size < 1)
            {
                throw new ThalwegException($"{location}: the header states a size of {size} in [{Join(shape)}]; expected at least 1: "
                    + (size == 0 ? "the array is empty, save one with items" : "the file is damaged"));
            }

            if (size > Largest / bytes)
            {
                throw new ThalwegException($"{location}: the header states [{Join(shape)}], more than the 2 GiB that one array may hold; "
                    + "the file is damaged, or split it");
            }

            bytes *= size;
        }

        return bytes;
    }

    /// <summary>Refuses a size that the bytes in a file cannot give.</summary>
    /// <param name="location">The file.</param>
    /// <param name="stated">Bytes that the header states.</param>
    /// <param name="available">Bytes that are there, packed or not.</param>
    /// <param name="isPacked">Whether those bytes are packed.</param>
    public static void CheckAvailable(string location, long stated, long available, bool isPacked)
    {
        if (isPacked ? stated / LargestRatio > available : stated != available)
        {
            throw new ThalwegException($"{location}: the header states {stated} bytes of data, but the file holds "
                + $"{(isPacked ? $"only {available} packed" : available)}; "
                + "it is truncated or its header is wrong");
        }
    }

    /// <summary>Sizes for a message.</summary>
    public static string Join(ReadOnlySpan<long> shape) => string.Join(", ", shape.ToArray());
}
