using System.IO.Compression;

namespace Thalweg.Data;

/// <summary>Opens data files, unpacking gzip, and turns file-system errors into one line.</summary>
internal static class SourceFile
{
    /// <summary>Opens a file for sequential reading; gzip is found by its first two bytes and unpacked.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ThalwegException">The file is missing, empty, or may not be read.</exception>
    public static Stream Open(string path)
    {
        FileStream file = OpenRaw(path);
        Span<byte> magic = stackalloc byte[2];
        int found = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        if (found == 0)
        {
            file.Dispose();
            throw new ThalwegException($"{path}: the file is empty; expected data rows");
        }

        file.Position = 0;
        return found == 2 && magic[0] == 0x1F && magic[1] == 0x8B ? new CheckedGzipStream(file, path) : file;
    }

    /// <summary>Whether a file is packed by gzip.</summary>
    public static bool IsPacked(string path)
    {
        using FileStream file = OpenRaw(path);
        return file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
    }

    /// <summary>Bytes of a text once unpacked; an estimate where it is packed.</summary>
    public static long UnpackedLength(string path)
    {
        const int UsualRatio = 6;
        return new FileInfo(path).Length * (IsPacked(path) ? UsualRatio : 1);
    }

    /// <summary>Opens a file as it lies on disk.</summary>
    /// <param name="path">The file.</param>
    public static FileStream OpenRaw(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string what = error is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : error.Message;
            throw new ThalwegException($"{path}: cannot read the file: {what}", error);
        }
    }

    /// <summary>Up to <paramref name="limit"/> bytes from the start, unpacked.</summary>
    public static byte[] ReadPrefix(string path, int limit, out bool whole)
    {
        using Stream stream = Open(path);
        byte[] buffer = new byte[limit + 1];
        int length = stream.ReadAtLeast(buffer, limit + 1, throwOnEndOfStream: false);
        whole = length <= limit;
        return buffer[..Math.Min(length, limit)];
    }
}

/// <summary>Unpacks gzip and notices a file that was cut short, which <see cref="GZipStream"/> takes for an end.</summary>
/// <remarks>The last four bytes of a gzip file hold the unpacked length modulo 2^32 (RFC 1952, section 2.3.1, ISIZE).</remarks>
internal sealed class CheckedGzipStream : Stream
{
    private readonly FileStream _file;
    private readonly string _path;
    private readonly GZipStream _unpacked;
    private readonly uint _statedLength;
    private long _length;

    public CheckedGzipStream(FileStream file, string path)
    {
        _file = file;
        _path = path;
        if (file.Length < 18)
        {
            file.Dispose();
            throw Damaged("it is shorter than any whole gzip file");
        }

        Span<byte> tail = stackalloc byte[4];
        file.Position = file.Length - 4;
        file.ReadExactly(tail);
        _statedLength = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(tail);
        file.Position = 0;
        _unpacked = new GZipStream(file, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = _unpacked.Read(buffer);
        }
        catch (InvalidDataException error)
        {
            throw Damaged("unpacking it fails", error);
        }

        _length += count;
        if (count == 0 && buffer.Length > 0 && (uint)_length != _statedLength)
            throw Damaged($"it holds {_length} unpacked bytes where its end states {_statedLength}");
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private ThalwegException Damaged(string evidence, Exception? cause = null)
    {
        string line = $"{_path}: the gzip file is truncated or damaged: {evidence}; fetch it again (a gzip file of several members "
            + "has to be unpacked first)";
        return cause is null ? new ThalwegException(line) : new ThalwegException(line, cause);
    }
}
