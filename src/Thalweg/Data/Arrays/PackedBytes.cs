namespace Thalweg.Data;

/// <summary>Reads as many bytes as a header states from a stream that may hold fewer.</summary>
internal static class PackedBytes
{
    /// <summary>Bytes that are asked for at first: a header that lies gets no more.</summary>
    private const int First = 1 << 24;

    /// <summary>Reads up to a number of bytes; the memory grows with what is there.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="count">Bytes that are stated.</param>
    /// <returns>The bytes; fewer where the stream ends early.</returns>
    public static byte[] Read(Stream stream, int count)
    {
        byte[] bytes = new byte[Math.Min(count, First)];
        int found = 0;
        while (true)
        {
            found += stream.ReadAtLeast(bytes.AsSpan(found), bytes.Length - found, throwOnEndOfStream: false);
            if (found < bytes.Length)
                return bytes[..found];
            if (found == count)
                return bytes;
            Array.Resize(ref bytes, (int)Math.Min(count, 2L * found));
        }
    }
}
