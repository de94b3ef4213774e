using System.Globalization;

namespace Thalweg.Checkpoints;

/// <summary>Writes files that are either complete or absent: a failure or a crash on the way leaves the file that was there.</summary>
public static class AtomicFile
{
    private static int s_count;

    /// <summary>Writes a temporary file in the same folder, forces it to the disk, renames it and forces the folder to the disk.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="write">Writes the whole content to a seekable stream.</param>
    /// <exception cref="ThalwegException">The file cannot be written: the folder is missing, the disk is full, permission is
    /// denied.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Replace(path, temporary =>
        {
            using FileStream stream = new(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
            write(stream);
            stream.Flush(flushToDisk: true);
        });
    }

    /// <summary>The same, without the page cache where that can be.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="write">Writes the whole content.</param>
    /// <exception cref="ThalwegException">As for <see cref="Write"/>.</exception>
    internal static void WriteDirect(string path, Action<DirectFile> write) => Replace(path, temporary =>
    {
        using DirectFile file = new(temporary);
        write(file);
        file.Finish();
    });

    private static void Replace(string path, Action<string> make)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);

        // In the same folder, because a rename is atomic only within one file system; with process and count in its name, so that two
        // that save to one place do not write into each other's file.
        string temporary = Path.Combine(
            Path.GetDirectoryName(full) ?? full,
            string.Create(CultureInfo.InvariantCulture,
            $".{Path.GetFileName(full)}.{Environment.ProcessId}.{Interlocked.Increment(ref s_count)}.tmp"));
        try
        {
            make(temporary);
            File.Move(temporary, full, overwrite: true);
            DirectorySync.Flush(Path.GetDirectoryName(full)!);
        }
        catch (Exception exception)
        {
            Remove(temporary);
            if (exception is IOException or UnauthorizedAccessException)
                throw CheckpointError.Failed(path, "write the file", exception);
            throw;
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to report; where even the folder is gone there is nothing to remove.
        }
    }
}
