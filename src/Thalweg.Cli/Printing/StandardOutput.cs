using Microsoft.Win32.SafeHandles;

namespace Thalweg.Cli.Printing;

/// <summary>Whoever read the standard output has gone, as <c>head</c> does: no error, but the end.</summary>
internal sealed class ClosedPipeException : Exception;

/// <summary>The standard output as a stream that reports when its reader has gone; the console's own stream does not.</summary>
internal static class StandardOutput
{
    /// <summary>Opens the stream, which does not buffer; closing it leaves the standard output open.</summary>
    public static Stream Open()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();

        // A file is left to the console's stream, because a FileStream keeps a position of its own and would not move that of the shell.
        FileStream stream = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : new PipeStream(stream);
    }

    private sealed class PipeStream(FileStream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => Guard(inner.Flush);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Guard(() => inner.Write(buffer, offset, count));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }

        private void Guard(Action action)
        {
            try
            {
                action();
            }
            catch (IOException)
            {
                throw new ClosedPipeException();
            }
        }
    }
}
