using System.Security.Cryptography;

namespace Thalweg.Checkpoints;

/// <summary>A stream that computes a checksum of what is written to it, without a copy (<see cref="CryptoStream"/> takes one of the size
/// of each write).</summary>
internal abstract class ChecksumStream : Stream
{
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>The checksum of all that was written.</summary>
    public abstract byte[] Finish();

    /// <summary>Takes bytes that follow.</summary>
    protected abstract void Append(ReadOnlySpan<byte> bytes);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Append(buffer);
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
