using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Thalweg.Checkpoints;

/// <summary>Collects tensors and writes them as one safetensors file, whole or not at all.</summary>
/// <remarks>Equal content gives equal bytes: tensors lie in the order of element size (largest first, so that each is aligned to its
/// elements without a hole) and then of name, and nothing in the file depends on the time or the machine.</remarks>
public sealed class SafetensorsWriter
{
    private const int HeaderAlignment = 8;
    private readonly Dictionary<string, Pending> _entries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);

    /// <summary>Number of tensors so far.</summary>
    public int Count => _entries.Count;

    /// <summary>Adds a tensor; the values are copied now.</summary>
    /// <typeparam name="T">Float, double, Half or an integer type.</typeparam>
    /// <param name="name">Its name, unique in the file.</param>
    /// <param name="shape">Its sizes, outermost first; empty for a scalar.</param>
    /// <param name="values">Its values, row-major.</param>
    /// <exception cref="ThalwegException">The name is taken, or the number of values is not the product of the sizes.</exception>
    public void Add<T>(string name, ReadOnlySpan<int> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        CheckShape(name, shape, values.Length);
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        Add(name, SafetensorsTypes.Of<T>(), shape.ToArray(), stream => stream.Write(bytes));
    }

    /// <summary>Adds a tensor whose values are read when the file is written, twice: for the checksum, and into the file.</summary>
    /// <param name="name">Its name, unique in the file.</param>
    /// <param name="type">Type of its elements.</param>
    /// <param name="shape">Its sizes, outermost first.</param>
    /// <param name="write">Writes the values, row-major and little-endian; the same bytes each time.</param>
    /// <exception cref="ThalwegException">The name is taken.</exception>
    internal void Add(string name, SafetensorsType type, int[] shape, Action<Stream> write)
    {
        if (name == SafetensorsHeader.MetadataName || !_entries.TryAdd(name, new Pending(name, type, shape, write)))
            throw new ThalwegException($"[checkpoint] the tensor name {CheckpointError.Quoted(name)} is taken; give each tensor its own");
    }

    /// <summary>Sets a text under `__metadata__`.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="text">The text; replaces what the key held.</param>
    public void SetMetadata(string key, string text)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(text);
        if (SafetensorsChecksum.Of(key) is not null)
            throw new ArgumentOutOfRangeException(nameof(key), key, "is the name of a checksum, which the writer sets");
        _metadata[key] = text;
    }

    /// <summary>Writes the file atomically.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <exception cref="ThalwegException">The file cannot be written, or the header would be too long to be read again.</exception>
    public void Write(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the file atomically beside a training that goes on: the values are read once, the checksum is a light one, and the
    /// page cache is left alone where that can be.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <exception cref="ThalwegException">The file cannot be written, or the header would be too long to be read again.</exception>
    internal void WriteBeside(string path)
    {
        SafetensorsChecksum checksum = SafetensorsChecksum.Crc32C;
        (byte[] prefix, byte[] header, Action<Stream>[] data) = Prepare(checksum);
        int position = prefix.Length + checksum.PositionIn(header);
        if (position + checksum.Length > DirectFile.Piece)
        {
            AtomicFile.Write(path, stream => Write(stream, checksum));
        }
        else
        {
            AtomicFile.WriteDirect(path, file =>
            {
                using ChecksumStream sum = checksum.Begin();
                using DirectStream stream = new(file, sum);
                stream.Write(prefix);
                stream.Write(header);
                foreach (Action<Stream> write in data)
                    write(stream);
                file.Change(position, SafetensorsChecksum.Digits(sum));
            });
        }
    }

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Receives the whole file.</param>
    public void Write(Stream stream) => Write(stream, SafetensorsChecksum.Sha256);

    private void Write(Stream stream, SafetensorsChecksum checksum)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (byte[] prefix, byte[] header, Action<Stream>[] data) = Prepare(checksum);
        checksum.Compute(prefix, header, data).CopyTo(header.AsSpan(checksum.PositionIn(header)));
        stream.Write(prefix);
        stream.Write(header);
        foreach (Action<Stream> write in data)
            write(stream);
    }

    private (byte[] Prefix, byte[] Header, Action<Stream>[] Data) Prepare(SafetensorsChecksum checksum)
    {
        Pending[] ordered =
        [
            .. _entries.Values
                .OrderByDescending(entry => SafetensorsTypes.Size(entry.Type))
                .ThenBy(entry => entry.Name, StringComparer.Ordinal),
        ];
        byte[] header = Header(ordered, checksum), prefix = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        return (prefix, header, [.. ordered.Select(entry => entry.Write)]);
    }

    private static void CheckShape(string name, ReadOnlySpan<int> shape, int count)
    {
        UInt128 product = 1;
        foreach (int size in shape)
            product = size < 0 || product > int.MaxValue ? UInt128.MaxValue : product * (UInt128)size;
        if (product != (UInt128)count || shape.Length > SafetensorsHeader.MostDimensions)
        {
            throw new ThalwegException($"[checkpoint] tensor {CheckpointError.Quoted(name)}: expected as many values as its shape " +
                $"{CheckpointError.Shape(shape)} has, found {count}; give the shape of the values");
        }
    }

    private byte[] Header(Pending[] ordered, SafetensorsChecksum checksum)
    {
        ArrayBufferWriter<byte> buffer = new();

        // Relaxed escaping: the file is no web page, and plain quotes keep the stored document readable.
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsHeader.MetadataName);
            foreach ((string key, string text) in _metadata)
                json.WriteString(key, text);
            json.WriteString(checksum.MetadataName, checksum.Placeholder);
            json.WriteEndObject();
            long position = 0;
            foreach (Pending entry in ordered)
                position = WriteEntry(json, entry, position);
            json.WriteEndObject();
        }

        int padded = (buffer.WrittenCount + HeaderAlignment - 1) / HeaderAlignment * HeaderAlignment;
        if (padded > SafetensorsHeader.LongestHeader)
        {
            throw new ThalwegException($"[checkpoint] the header of {ordered.Length} tensors takes {padded} bytes, more than the " +
                $"{SafetensorsHeader.LongestHeader} that are accepted; use shorter names or split the file");
        }

        byte[] header = new byte[padded];
        buffer.WrittenSpan.CopyTo(header);
        header.AsSpan(buffer.WrittenCount).Fill((byte)' ');
        return header;
    }

    private static long WriteEntry(Utf8JsonWriter json, Pending entry, long position)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", SafetensorsTypes.Name(entry.Type));
        json.WriteStartArray("shape");
        foreach (int size in entry.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(position);
        position += entry.Bytes;
        json.WriteNumberValue(position);
        json.WriteEndArray();
        json.WriteEndObject();
        return position;
    }

    /// <summary>A tensor to be written.</summary>
    private sealed record Pending(string Name, SafetensorsType Type, int[] Shape, Action<Stream> Write)
    {
        public long Bytes => Shape.Aggregate((long)SafetensorsTypes.Size(Type), (product, size) => product * size);
    }
}
