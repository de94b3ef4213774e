using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Thalweg.TemporaryFiles;

/// <summary>A file without a name for what does not belong into memory: gone when it is closed, and when the process ends
/// in whatever way.</summary>
/// <remarks>Windows keeps the name until the file is closed. Not safe to write from several threads at once.</remarks>
internal sealed class TemporaryFile : IDisposable
{
    /// <summary>Environment variable that names the folder; by default /var/tmp where there is one, because /tmp often
    /// lies in memory.</summary>
    public const string FolderVariable = "THALWEG_SCRATCH";

    private static int s_count;

    private readonly string _folder;

    private TemporaryFile(string folder, SafeFileHandle handle) => (_folder, Handle) = (folder, handle);

    /// <summary>The open file.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Bytes written so far, from the start.</summary>
    public long Length { get; private set; }

    /// <summary>Makes an empty file.</summary>
    /// <exception cref="ThalwegException">The folder is missing or may not be written to.</exception>
    public static TemporaryFile Create()
    {
        string folder = Folder();
        try
        {
            string path = Path.Combine(
                folder,
                string.Create(CultureInfo.InvariantCulture,
                $"thalweg-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}-{Environment.TickCount64:x}.tmp"));
            SafeFileHandle handle = File.OpenHandle(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            return new TemporaryFile(folder, handle);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(folder, error);
        }
    }

    /// <summary>Writes behind what is there.</summary>
    /// <param name="bytes">What to write.</param>
    /// <exception cref="ThalwegException">The disk is full.</exception>
    public void Append(ReadOnlySpan<byte> bytes) => Write(Length, bytes);

    /// <summary>Writes over a stretch.</summary>
    /// <param name="position">Its first byte, at most <see cref="Length"/>.</param>
    /// <param name="bytes">What to write.</param>
    /// <exception cref="ThalwegException">The disk is full.</exception>
    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(Handle, bytes, position);
            Length = Math.Max(Length, position + bytes.Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(_folder, error);
        }
    }

    /// <summary>Reads a stretch.</summary>
    /// <param name="position">Its first byte.</param>
    /// <param name="bytes">Takes all of it.</param>
    /// <exception cref="ThalwegException">The file is shorter, or the disk fails.</exception>
    public void Read(long position, Span<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                int count = RandomAccess.Read(Handle, bytes, position);
                if (count == 0)
                    throw new EndOfStreamException($"it ends at byte {position}");
                position += count;
                bytes = bytes[count..];
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(_folder, error);
        }
    }

    /// <summary>Starts over at the first byte.</summary>
    public void Rewind() => Length = 0;

    public void Dispose() => Handle.Dispose();

    private static string Folder()
    {
        const string Persistent = "/var/tmp";
        string? chosen = Environment.GetEnvironmentVariable(FolderVariable);
        return !string.IsNullOrEmpty(chosen) ? chosen : Directory.Exists(Persistent) ? Persistent : Path.GetTempPath();
    }

    private static ThalwegException Failed(string folder, Exception error) => new(
        $"{folder}: cannot keep temporary data there: {error.Message.ReplaceLineEndings(" ")}; make room, or set {FolderVariable} to a " +
        "folder with room", error);
}
