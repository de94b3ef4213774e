using System.Security.Cryptography;
using System.Text;

namespace Thalweg.Checkpoints;

/// <summary>A checksum of a whole file, kept in its own header: over all bytes, the checksum's digits read as zeros.</summary>
/// <remarks>It covers the header as well as the data, because a changed mean or layer size is as wrong as a changed weight.</remarks>
internal sealed class SafetensorsChecksum
{
    /// <summary>SHA-256: of model files, which people pass on.</summary>
    public static readonly SafetensorsChecksum Sha256 = new("thalweg.sha256", SHA256.HashSizeInBytes, static () => new Sha256Stream());

    /// <summary>Four CRC-32C: of the state of a run, which is written every few minutes beside the training. It finds damage, not forgery,
    /// at a tenth of the cost.</summary>
    public static readonly SafetensorsChecksum Crc32C = new("thalweg.crc32c", Crc32CStream.Size, static () => new Crc32CStream());

    private readonly Func<ChecksumStream> _make;

    private SafetensorsChecksum(string metadataName, int size, Func<ChecksumStream> make) =>
        (MetadataName, Length, Placeholder, _make) = (metadataName, 2 * size, new string('0', 2 * size), make);

    /// <summary>The key under `__metadata__`.</summary>
    public string MetadataName { get; }

    /// <summary>Digits of the checksum.</summary>
    public int Length { get; }

    /// <summary>What stands for the digits while the checksum is computed.</summary>
    public string Placeholder { get; }

    /// <summary>The kind of a key under `__metadata__`; null where it is none.</summary>
    public static SafetensorsChecksum? Of(string name) =>
        name == Sha256.MetadataName ? Sha256 : name == Crc32C.MetadataName ? Crc32C : null;

    /// <summary>A stream that computes it.</summary>
    public ChecksumStream Begin() => _make();

    /// <summary>The digits of what a stream has computed, in ASCII.</summary>
    public static byte[] Digits(ChecksumStream stream) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(stream.Finish()));

    /// <summary>The digits for a file.</summary>
    /// <param name="prefix">The 8 bytes of the header's length.</param>
    /// <param name="header">The header with zeros for the digits.</param>
    /// <param name="data">Writes each tensor, in the order of the file.</param>
    /// <returns><see cref="Length"/> digits in ASCII.</returns>
    public byte[] Compute(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> header, IEnumerable<Action<Stream>> data)
    {
        using ChecksumStream sink = Begin();
        sink.Write(prefix);
        sink.Write(header);
        foreach (Action<Stream> write in data)
            write(sink);
        return Digits(sink);
    }

    /// <summary>Where the digits stand in a header.</summary>
    public int PositionIn(ReadOnlySpan<byte> header)
    {
        // Inside a string the quotes would be escaped, and a tensor of this name would be followed by an object.
        byte[] label = Encoding.ASCII.GetBytes($"\"{MetadataName}\":\"");
        return header.IndexOf(label) + label.Length;
    }
}
