using System.Runtime.InteropServices;

namespace Thalweg.Checkpoints;

/// <summary>Forces the entries of a folder to the disk, so that a renamed file is still there after a power failure.</summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0, DiskError = 5, NoSpace = 28;

    /// <summary>Forces the entries of a folder to the disk.</summary>
    /// <param name="directory">The folder, which exists.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void Flush(string directory)
    {
        // Windows has no such call: NTFS writes renames to its journal.
        if (OperatingSystem.IsWindows())
            return;
        int handle = Open(directory, ReadOnly);
        if (handle < 0)
            return;
        int result = Sync(handle), error = Marshal.GetLastPInvokeError();
        _ = Close(handle);

        // Some network file systems refuse to flush folders (EINVAL): there is nothing more to be done on them.
        if (result != 0 && error is DiskError or NoSpace)
            throw new IOException(Marshal.GetPInvokeErrorMessage(error));
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
