using System.Diagnostics;

namespace Thalweg.Storage;

/// <summary>A file that one process holds at a time; the system lets go of it when the process ends.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits for the lock.</summary>
    /// <param name="path">The file, which is made and stays.</param>
    /// <param name="patience">How long to wait.</param>
    /// <exception cref="IOException">Another process held it all the time, or the file cannot be made.</exception>
    public static FileLock Take(string path, TimeSpan patience)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path) && Stopwatch.GetElapsedTime(begun) < patience)
            {
                Thread.Sleep(s_pause);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
