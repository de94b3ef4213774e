namespace Thalweg.Data;

/// <summary>Opens data files and pipes, unpacking gzip, and turns file-system errors into one line.</summary>
internal static class SourceFile
{
    /// <summary>The name that stands for the standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Whether there is a file, a pipe or a device of that name; the standard input always is.</summary>
    public static bool Exists(string path) => path == StandardInput || File.Exists(path);

    /// <summary>Opens a file for sequential reading; gzip is found by its first two bytes and unpacked.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxSize">Most bytes that it may unpack to; see <see cref="DataOptions.MaxSize"/>.</param>
    /// <exception cref="ThalwegException">The file is missing, empty, or may not be read.</exception>
    public static Stream Open(string path, long maxSize)
    {
        FileStream file = OpenRaw(path);
        Span<byte> magic = stackalloc byte[2];
        int found = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        if (found == 0)
        {
            file.Dispose();
            throw new ThalwegException($"{path}: the file is empty; expected data rows");
        }

        file.Position = 0;
        return found == 2 && magic[0] == 0x1F && magic[1] == 0x8B ? new CheckedGzipStream(file, path, maxSize) : file;
    }

    /// <summary>Opens a text for sequential reading in UTF-8, whatever its encoding; a byte order mark stays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encoding">Name of its encoding, as <see cref="EncodingFinder"/> gives it.</param>
    /// <param name="maxSize">Most bytes that it may unpack to.</param>
    public static Stream OpenText(string path, string encoding, long maxSize) => encoding == TextEncodings.Utf8
        ? Open(path, maxSize)
        : System.Text.Encoding.CreateTranscodingStream(Open(path, maxSize), TextEncodings.Get(encoding), new System.Text.UTF8Encoding(false));

    /// <summary>Whether a file is packed by gzip.</summary>
    public static bool IsPacked(string path)
    {
        using FileStream file = OpenRaw(path);
        return file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
    }

    /// <summary>Whether a file can be mapped into memory: it lies on a disk, unpacked.</summary>
    public static bool CanBeMapped(string path)
    {
        using FileStream file = OpenRaw(path);
        return file is not PipeCopyStream && !IsPacked(path);
    }

    /// <summary>Bytes of a file as it lies on disk; of a pipe, all that it gave.</summary>
    public static long Length(string path)
    {
        using FileStream file = OpenRaw(path);
        return file.Length;
    }

    /// <summary>Bytes of a text once unpacked; an estimate where it is packed.</summary>
    public static long UnpackedLength(string path)
    {
        const int UsualRatio = 6;
        return Length(path) * (IsPacked(path) ? UsualRatio : 1);
    }

    /// <summary>Opens a file as it lies on disk. What a pipe gives is copied into a temporary file first.</summary>
    /// <param name="path">The file.</param>
    public static FileStream OpenRaw(string path)
    {
        if (PipeCopies.Find(path) is { } copy)
            return copy;
        if (path == StandardInput)
            return PipeCopies.Add(path, Console.OpenStandardInput());
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            if (!file.CanSeek)
                return PipeCopies.Add(path, file);
            DataFiles.Note(path);
            return file;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string what = error is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : error.Message;
            throw new ThalwegException($"{path}: cannot read the file: {what}", error);
        }
    }

    /// <summary>Up to <paramref name="limit"/> bytes from the start, unpacked.</summary>
    public static byte[] ReadPrefix(string path, int limit, out bool whole)
    {
        using Stream stream = Open(path, long.MaxValue);
        byte[] buffer = new byte[limit + 1];
        int length = stream.ReadAtLeast(buffer, limit + 1, throwOnEndOfStream: false);
        whole = length <= limit;
        return buffer[..Math.Min(length, limit)];
    }
}
