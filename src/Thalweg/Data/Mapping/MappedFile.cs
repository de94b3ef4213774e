using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using Thalweg.TemporaryFiles;

namespace Thalweg.Data;

/// <summary>A file seen as memory: the system reads what is touched and forgets what it needs the room for. Let go of when
/// collected.</summary>
internal sealed unsafe class MappedFile
{
    private readonly SafeFileHandle _handle;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly DateTime _changed;

    private MappedFile(string path, SafeFileHandle handle)
    {
        (Path, _handle) = (path, handle);
        Length = RandomAccess.GetLength(handle);
        _changed = File.GetLastWriteTimeUtc(handle);
        _map = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);

        // Not AcquirePointer, which would keep the view for ever: this object keeps it, and is kept by all that reads.
        _start = (byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle() + _view.PointerOffset;
    }

    /// <summary>The file, for errors.</summary>
    public string Path { get; }

    /// <summary>Bytes of the file when it was opened.</summary>
    public long Length { get; }

    /// <summary>Maps a file that is not empty.</summary>
    /// <exception cref="ThalwegException">The file cannot be read.</exception>
    public static MappedFile Open(string path)
    {
        try
        {
            DataFiles.Note(path);
            return new MappedFile(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"{path}: cannot map the file into memory: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    /// <summary>Maps a finished temporary file.</summary>
    /// <param name="location">What it was made of, for errors.</param>
    /// <param name="file">The file; belongs to this object from now on.</param>
    public static MappedFile Open(string location, TemporaryFile file) => new(location, file.Handle);

    /// <summary>A stretch of the file; alive for as long as this object is.</summary>
    /// <param name="position">First byte.</param>
    /// <param name="length">Number of bytes.</param>
    public ReadOnlySpan<byte> Slice(long position, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position + length, Length);
        return new(_start + position, length);
    }

    /// <summary>Refuses a file that was changed since it was opened: reading beyond a new end would end the process, and other data would
    /// give other bits.</summary>
    /// <exception cref="ThalwegException">Its length or its time is another.</exception>
    public void CheckUnchanged()
    {
        long length = RandomAccess.GetLength(_handle);
        if (length != Length || File.GetLastWriteTimeUtc(_handle) != _changed)
        {
            string what = length == Length ? "its time of change is another" : $"it had {Length} bytes and has {length}";
            throw new ThalwegException(
                $"{Path}: the file was changed while it was read: {what}; put the file back as it was and resume, or start again");
        }
    }
}
