namespace Thalweg.Checkpoints;

/// <summary>Appends to a file what is written, and computes its checksum while it is in the processor's cache.</summary>
/// <param name="file">The file.</param>
/// <param name="checksum">Takes the same bytes.</param>
internal sealed class DirectStream(DirectFile file, ChecksumStream checksum) : Stream
{
    private const int Part = 1 << 16;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => checksum.Length;

    public override long Position
    {
        get => checksum.Length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            ReadOnlySpan<byte> part = buffer[..Math.Min(Part, buffer.Length)];
            checksum.Write(part);
            file.Append(part);
            buffer = buffer[part.Length..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
