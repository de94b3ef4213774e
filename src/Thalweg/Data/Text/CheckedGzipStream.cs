using System.IO.Compression;

namespace Thalweg.Data;

/// <summary>Unpacks gzip of one or several members and notices a file that was cut short, which <see cref="GZipStream"/> takes
/// for an end.</summary>
/// <remarks>A member that holds a known mark is put behind those of the file (RFC 1952, section 2.2: the members follow each other). Where
/// the file is whole, the mark comes out last; where its last member is cut short, the bytes of the mark are taken for the rest of that
/// member, and do not come out.</remarks>
internal sealed class CheckedGzipStream : ForwardStream
{
    private const int BufferBytes = 1 << 16;

    private static readonly byte[] s_mark = "thalweg: end of the gzip file"u8.ToArray();
    private static readonly byte[] s_packedMark = Pack(s_mark);

    private readonly string _path;
    private readonly long _maxSize;
    private readonly GZipStream _unpacked;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start, _end;
    private bool _isAtEnd;

    public CheckedGzipStream(FileStream file, string path, long maxSize)
    {
        (_path, _maxSize) = (path, maxSize);
        _unpacked = new GZipStream(new FollowedStream(file, s_packedMark), CompressionMode.Decompress);
    }

    protected override int ReadNext(Span<byte> buffer)
    {
        // The last bytes are held back: they may be the mark.
        while (!_isAtEnd && _end - _start <= s_mark.Length)
            Fill();
        int count = Math.Min(buffer.Length, _end - _start - (_isAtEnd ? 0 : s_mark.Length));
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked.Dispose();
        base.Dispose(disposing);
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        int count;
        try
        {
            count = _unpacked.Read(_buffer, _end, _buffer.Length - _end);
        }
        catch (InvalidDataException error)
        {
            throw Damaged("unpacking it fails", error);
        }

        _end += count;
        if (Position + _end - s_mark.Length > _maxSize)
        {
            throw new ThalwegException($"{_path}: expected a gzip file that unpacks to at most {_maxSize} bytes, got one with more; "
                + "if it is what it should be, raise DataOptions.MaxSize");
        }

        if (count > 0)
            return;
        _isAtEnd = true;
        if (!_buffer.AsSpan(0, _end).EndsWith(s_mark))
            throw Damaged($"it ends early, or holds something else behind its packed data, after {Position + _end} unpacked bytes");
        _end -= s_mark.Length;
    }

    private ThalwegException Damaged(string evidence, Exception? cause = null)
    {
        string line = $"{_path}: the gzip file is truncated or damaged: {evidence}; fetch it again";
        return cause is null ? new ThalwegException(line) : new ThalwegException(line, cause);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.NoCompression))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>A stream with some bytes behind its end.</summary>
    private sealed class FollowedStream(Stream first, byte[] last) : ForwardStream
    {
        private int _given;

        protected override int ReadNext(Span<byte> buffer)
        {
            int count = first.Read(buffer);
            if (count > 0)
                return count;
            count = Math.Min(buffer.Length, last.Length - _given);
            last.AsSpan(_given, count).CopyTo(buffer);
            _given += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                first.Dispose();
            base.Dispose(disposing);
        }
    }
}
