using Microsoft.Win32.SafeHandles;
using Thalweg.TemporaryFiles;

namespace Thalweg.Data;

/// <summary>What pipes and the standard input gave, in temporary files: they can be read once, but data are gone
/// over several times.</summary>
internal static class PipeCopies
{
    private static readonly Dictionary<string, TemporaryFile> s_copies = new(StringComparer.Ordinal);
    private static readonly Lock s_lock = new();

    /// <summary>The copy of a pipe that was read before, from its start; null where there is none.</summary>
    public static FileStream? Find(string path)
    {
        lock (s_lock)
            return s_copies.TryGetValue(path, out TemporaryFile? copy) ? new PipeCopyStream(copy) : null;
    }

    /// <summary>Reads a pipe to its end.</summary>
    /// <returns>The copy, from its start.</returns>
    public static FileStream Add(string path, Stream pipe)
    {
        TemporaryFile copy = TemporaryFile.Create();
        using (pipe)
        {
            byte[] buffer = new byte[1 << 16];
            for (int count; (count = pipe.Read(buffer)) > 0;)
                copy.Append(buffer.AsSpan(0, count));
        }

        lock (s_lock)
            s_copies[path] = copy;
        return new PipeCopyStream(copy);
    }

    /// <summary>Forgets the copy of a pipe, which may give other data when it is opened anew; the standard input
    /// gives nothing more.</summary>
    public static void Forget(string? path)
    {
        if (path is null or SourceFile.StandardInput)
            return;
        lock (s_lock)
            s_copies.Remove(path);
    }
}

/// <summary>Reads a temporary file, and keeps it while it is read.</summary>
internal sealed class PipeCopyStream : FileStream
{
    private readonly TemporaryFile _copy;

    public PipeCopyStream(TemporaryFile copy)
        : base(new SafeFileHandle(copy.Handle.DangerousGetHandle(), ownsHandle: false), FileAccess.Read, 1 << 16)
    {
        _copy = copy;
        Position = 0;
    }

    public override long Length => _copy.Length;
}
