using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Thalweg.Checkpoints;

/// <summary>A safetensors file in memory: named tensors and a little text, checked from end to end.</summary>
/// <remarks>Layout: 8 bytes with the header's length (little-endian), the header in JSON, the data. Files written by Thalweg hold a
/// checksum of themselves, which is verified; files of other programs have none and are taken as they are.</remarks>
public sealed class SafetensorsFile
{
    private const int PrefixLength = sizeof(ulong);
    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsFile(string source, SafetensorsHeader header, SafetensorsEntry[] entries)
    {
        Source = source;
        Metadata = header.Metadata;
        HasChecksum = header.Checksum is not null;
        Entries = entries;
        _byName = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>Path of the file, or what the caller named the stream.</summary>
    public string Source { get; }

    /// <summary>The text under `__metadata__`, by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors in the order of the file.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Whether the file held a checksum (which then was right, or it would not have been read).</summary>
    public bool HasChecksum { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="ThalwegException">The file cannot be read, is damaged, was altered, or is no safetensors file.</exception>
    public static SafetensorsFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            // Unbuffered: the tensors are read straight into their arrays.
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return Read(stream, path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CheckpointError.About(path, "there is no such file", "check the path", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CheckpointError.Failed(path, "read the file", exception);
        }
    }

    /// <summary>Reads from a stream, from where it stands to its end.</summary>
    /// <param name="stream">A seekable stream.</param>
    /// <param name="source">What errors call it.</param>
    /// <exception cref="ThalwegException">The content is damaged, was altered, or is not of this format.</exception>
    public static SafetensorsFile Read(Stream stream, string source)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long length = stream.Length - stream.Position;
        if (length < PrefixLength)
            throw CheckpointError.Damaged(source, $"expected {PrefixLength} bytes with the header's length, found {length}");
        byte[] prefix = new byte[PrefixLength];
        stream.ReadExactly(prefix);
        byte[] header = new byte[HeaderLength(prefix, length - PrefixLength, source)];
        stream.ReadExactly(header);
        SafetensorsHeader parsed = SafetensorsHeader.Parse(header, length - PrefixLength - header.Length, source);

        // Only now, when the header is known to fit the length of the file, is memory taken for the data.
        byte[][] data = new byte[parsed.Ranges.Count][];
        SafetensorsEntry[] entries = new SafetensorsEntry[data.Length];
        for (int i = 0; i < data.Length; i++)
        {
            SafetensorsRange range = parsed.Ranges[i];
            data[i] = GC.AllocateUninitializedArray<byte>((int)(range.End - range.Begin));
            stream.ReadExactly(data[i]);
            entries[i] = new SafetensorsEntry(range.Name, range.Type, range.Shape, data[i]);
        }

        VerifyChecksum(parsed, prefix, header, data, source);
        return new SafetensorsFile(source, parsed, entries);
    }

    /// <summary>Looks a tensor up.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="entry">The tensor, if there is one.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(string name, [MaybeNullWhen(false)] out SafetensorsEntry entry) => _byName.TryGetValue(name, out entry);

    /// <summary>The tensor of a name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ThalwegException">The file has no such tensor.</exception>
    public SafetensorsEntry this[string name] =>
        _byName.TryGetValue(name, out SafetensorsEntry? entry)
            ? entry
            : throw CheckpointError.About(
                Source,
                $"expected a tensor {CheckpointError.Quoted(name)}, found {Entries.Count} others",
                "the file belongs to another architecture");

    private static int HeaderLength(ReadOnlySpan<byte> prefix, long available, string source)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.LongestHeader)
        {
            throw CheckpointError.Damaged(
                source, $"the header claims {length} bytes, more than the {SafetensorsHeader.LongestHeader} that are accepted");
        }

        if (length > (ulong)available)
            throw CheckpointError.Damaged(source, $"the header claims {length} bytes, but {available} follow: the file is truncated");
        return (int)length;
    }

    private static void VerifyChecksum(SafetensorsHeader parsed, byte[] prefix, byte[] header, byte[][] data, string source)
    {
        if (parsed.Checksum is not { } checksum)
            return;
        Span<byte> digits = header.AsSpan(parsed.ChecksumPosition, checksum.Length);
        byte[] expected = digits.ToArray();
        digits.Fill((byte)'0');
        IEnumerable<Action<Stream>> writers = data.Select(tensor => (Action<Stream>)(sink => sink.Write(tensor)));
        if (!expected.AsSpan().SequenceEqual(checksum.Compute(prefix, header, writers)))
        {
            throw CheckpointError.About(
                source,
                "the content does not match its checksum: the file was altered after it was saved",
                "restore it from a copy or train again");
        }
    }
}
