using System.Security.Cryptography;

namespace Thalweg.Checkpoints;

/// <summary>The checksum of a whole file, kept in its own header: SHA-256 of all bytes, the checksum's digits read as zeros.</summary>
/// <remarks>It covers the header as well as the data, because a changed mean or layer size is as wrong as a changed weight.</remarks>
internal static class SafetensorsChecksum
{
    /// <summary>The key under `__metadata__`.</summary>
    public const string MetadataName = "thalweg.sha256";

    /// <summary>Digits of the checksum.</summary>
    public const int Length = 2 * SHA256.HashSizeInBytes;

    /// <summary>What stands for the digits while the checksum is computed.</summary>
    public static readonly string Placeholder = new('0', Length);

    /// <summary>The digits for a file.</summary>
    /// <param name="prefix">The 8 bytes of the header's length.</param>
    /// <param name="header">The header with zeros for the digits.</param>
    /// <param name="data">Writes each tensor, in the order of the file.</param>
    /// <returns><see cref="Length"/> digits in ASCII.</returns>
    public static byte[] Compute(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> header, IEnumerable<Action<Stream>> data)
    {
        using HashStream sink = new();
        sink.Write(prefix);
        sink.Write(header);
        foreach (Action<Stream> write in data)
            write(sink);
        return System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(sink.Finish()));
    }
}
