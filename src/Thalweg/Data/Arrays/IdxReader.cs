using System.Buffers.Binary;

namespace Thalweg.Data;

/// <summary>Reads an IDX file, plain or gzip, item by item.</summary>
/// <remarks>Format: two zero bytes, a type, the number of sizes, each size as big-endian int32, then the values, big-endian and
/// row-major. Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", section FILE FORMATS.</remarks>
internal sealed class IdxReader : IDisposable
{
    private readonly Stream _stream;
    private readonly int[] _shape;
    private readonly NumberFormat _format;
    private int _next;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxSize">Most bytes that it may unpack to.</param>
    public IdxReader(string path, long maxSize)
        : this(path, maxSize, isMapped: false)
    {
    }

    private IdxReader(string path, long maxSize, bool isMapped)
    {
        Path = path;
        _stream = SourceFile.Open(path, maxSize);
        try
        {
            (_format, long[] shape) = ReadHeader();
            long bytes = StatedSize.InBytes(path, shape, _format.Size, isMapped);
            bool isPacked = _stream is CheckedGzipStream;
            long onDisk = SourceFile.Length(path);
            StatedSize.CheckAvailable(path, bytes, isPacked ? onDisk : onDisk - 4 - (4 * shape.Length), isPacked);
            _shape = [.. shape.Select(size => (int)size)];
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>All sizes, the number of items first.</summary>
    public IReadOnlyList<int> Shape => _shape;

    /// <summary>Reads a whole file.</summary>
    public static ArrayData ReadAll(string path, long maxSize)
    {
        using IdxReader reader = new(path, maxSize);
        return reader.Read(int.MaxValue)!;
    }

    /// <summary>Maps a plain file.</summary>
    public static ArrayData Map(string path)
    {
        using IdxReader reader = new(path, long.MaxValue, isMapped: true);
        return ArrayData.Map(MappedFile.Open(path), 4 + (4 * reader._shape.Length), reader._format, reader._shape);
    }

    /// <summary>Reads the next items.</summary>
    /// <param name="limit">The most items to read.</param>
    /// <returns>The items, or null at the end.</returns>
    public ArrayData? Read(int limit)
    {
        int count = Math.Min(limit, _shape[0] - _next);
        if (count == 0)
            return null;
        int[] shape = [count, .. _shape.AsSpan(1)];
        int stated = shape.Aggregate(_format.Size, (product, size) => product * size);
        byte[] bytes = PackedBytes.Read(_stream, stated);
        if (bytes.Length < stated)
        {
            throw new ThalwegException($"{Path}: the header states {_shape[0]} items, but the data ends after "
                + $"{_next + ((long)bytes.Length * count / stated)}; the file is truncated");
        }

        _next += count;
        if (_next == _shape[0] && _stream.ReadByte() >= 0)
        {
            // What was unpacked too much may come from a packed file that was cut short: its end says so.
            _stream.CopyTo(Stream.Null);
            throw new ThalwegException($"{Path}: the header states {_shape[0]} items, but more data follows; "
                + "the header or the file is wrong");
        }

        return new ArrayData(shape, _format, bytes);
    }

    public void Dispose() => _stream.Dispose();

    private (NumberFormat Format, long[] Shape) ReadHeader()
    {
        Span<byte> header = stackalloc byte[4];
        bool isWhole = _stream.ReadAtLeast(header, 4, throwOnEndOfStream: false) == 4;
        if (!isWhole || header[0] != 0 || header[1] != 0 || FormatOf(header[2]).Size == 0 || header[3] is 0 or > 8)
        {
            throw new ThalwegException($"{Path}: expected an IDX file (magic 0x00000801 for labels, 0x00000803 for images), "
                + $"found 0x{Convert.ToHexString(header)}; give the file as it was published");
        }

        Span<byte> sizes = stackalloc byte[4 * header[3]];
        if (_stream.ReadAtLeast(sizes, sizes.Length, throwOnEndOfStream: false) < sizes.Length)
            throw new ThalwegException($"{Path}: the IDX header ends early; the file is truncated");
        long[] shape = new long[header[3]];
        for (int i = 0; i < shape.Length; i++)
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(sizes[(4 * i)..]);
        return (FormatOf(header[2]), shape);
    }

    /// <summary>The format of a type; of size 0 where there is none.</summary>
    private static NumberFormat FormatOf(byte type) => type switch
    {
        0x08 => NumberFormat.Byte,
        0x09 => new('i', 1, IsBigEndian: true),
        0x0B => new('i', 2, IsBigEndian: true),
        0x0C => new('i', 4, IsBigEndian: true),
        0x0D => new('f', 4, IsBigEndian: true),
        0x0E => new('f', 8, IsBigEndian: true),
        _ => default,
    };
}
