using Thalweg.Data;

namespace Thalweg.Runs;

/// <summary>Finds the folders of runs.</summary>
public static class RunFolders
{
    /// <summary>How deep runs may lie below a root: groups of runs, and the runs of a group.</summary>
    private const int MostDeep = 3;

    private static readonly EnumerationOptions s_plainFolders = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System,
        IgnoreInaccessible = true,
    };

    /// <summary>Where runs lie that were given no folder: <c>runs</c> in the current folder.</summary>
    public const string Default = "runs";

    /// <summary>Whether a folder holds a run.</summary>
    /// <param name="folder">The folder.</param>
    public static bool HoldsRun(string folder) => File.Exists(Path.Combine(folder, RunRecord.FileName));

    /// <summary>The folders of runs in a folder, itself included, three levels deep; links are not followed.</summary>
    /// <param name="root">The folder; none where it is missing.</param>
    /// <returns>Full paths, in order.</returns>
    public static IReadOnlyList<string> Under(string root)
    {
        List<string> found = [];
        if (Directory.Exists(root))
            Collect(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)), MostDeep, found);
        return found;
    }

    /// <summary>The folders of runs in the folder above another.</summary>
    /// <param name="folder">The folder, which need not exist.</param>
    /// <returns>Full paths, in order.</returns>
    public static IReadOnlyList<string> Beside(string folder)
    {
        List<string> found = [];
        if (Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) is { } above && Directory.Exists(above))
            Collect(above, 1, found);
        return found;
    }

    /// <summary>Readings of test data in some folders, those that were kept of deleted runs included.</summary>
    internal static IEnumerable<TestRead> ReadsOf(IEnumerable<string> folders)
    {
        string[] all = [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))];
        IEnumerable<string> above = all.Select(folder => Path.GetDirectoryName(folder)!).Where(folder => folder is not null);
        return all.Concat(above).Distinct()
            .SelectMany(folder => TestReadLog.Load(folder).Select(read => read with { Run = read.Run ?? folder }))
            .Where(read => read is { Id.Length: > 0, Fingerprint: not null })
            .DistinctBy(read => read.Id);
    }

    private static void Collect(string folder, int depth, List<string> found)
    {
        if (HoldsRun(folder))
            found.Add(folder);
        if (depth == 0)
            return;
        foreach (string inner in Directory.EnumerateDirectories(folder, "*", s_plainFolders).Order(StringComparer.Ordinal))
            Collect(inner, depth - 1, found);
    }
}
