namespace Thalweg.Data;

/// <summary>A file as it was when data were read from it.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Bytes">Its length in bytes.</param>
/// <param name="Modified">Time of its last change, in universal time.</param>
public sealed record DataFile(string Path, long Bytes, DateTime Modified);

/// <summary>The files that data are read from, in whatever way; see <see cref="Watch"/>.</summary>
public static class DataFiles
{
    private static readonly AsyncLocal<Dictionary<string, DataFile>?> s_watched = new();

    /// <summary>Reads data and gives the files that were opened on the way.</summary>
    /// <typeparam name="T">What reading gives.</typeparam>
    /// <param name="read">Reads the data.</param>
    /// <returns>What was read, and each file as it was when it was opened first, ordered by path. Standard input and pipes are no
    /// files.</returns>
    /// <exception cref="ThalwegException">A file changed while it was read: wait until it is complete, then start again.</exception>
    public static (T Result, IReadOnlyList<DataFile> Files) Watch<T>(Func<T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        Dictionary<string, DataFile>? outer = s_watched.Value;
        Dictionary<string, DataFile> files = new(StringComparer.Ordinal);
        s_watched.Value = files;
        try
        {
            T result = read();
            foreach (DataFile file in files.Values)
                RefuseChange(file);
            return (result, [.. files.Values.OrderBy(file => file.Path, StringComparer.Ordinal)]);
        }
        finally
        {
            s_watched.Value = outer;
        }
    }

    /// <summary>A file as it is now; null where there is none.</summary>
    /// <param name="path">Its path.</param>
    public static DataFile? Find(string path)
    {
        FileInfo info = new(path);
        return info.Exists ? new DataFile(info.FullName, info.Length, info.LastWriteTimeUtc) : null;
    }

    /// <summary>Takes note of a file that is opened.</summary>
    internal static void Note(string path)
    {
        if (s_watched.Value is { } files && Find(path) is { } file)
            files.TryAdd(file.Path, file);
    }

    private static void RefuseChange(DataFile file)
    {
        if (Find(file.Path) is { } now && now != file)
        {
            string what = now.Bytes == file.Bytes ? "its time of change is another" : $"it had {file.Bytes} bytes and has {now.Bytes}";
            throw new ThalwegException(
                $"{file.Path}: the file was changed while it was read: {what}; wait until it is complete, then start again");
        }
    }
}
