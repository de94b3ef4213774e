namespace Thalweg.Runs;

/// <summary>Deletes runs: folders that hold one, and nothing else.</summary>
public static class RunDeletion
{
    /// <summary>Refuses a folder that may not be deleted.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Its full path, and how many other runs lie in it, such as those of folds.</returns>
    /// <exception cref="ThalwegException">It holds no run or one that is under way, is a link, or is the current folder, the home of the
    /// user or one above them.</exception>
    public static (string Path, int Inner) Check(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        DirectoryInfo directory = new(full);
        if (!directory.Exists)
            throw Refused(folder, "the folder of a run", "no folder there", "a list of the runs shows where they are");
        if (directory.LinkTarget is not null || directory.Attributes.HasFlag(FileAttributes.ReparsePoint))
            throw Refused(folder, "a folder", "a link, which is not followed", "give the folder that it leads to");
        if (!RunFolders.HoldsRun(full))
        {
            throw Refused(
                folder, $"the folder of a run, with {RunRecord.FileName}", "none there", "nothing is deleted; give another folder");
        }

        _ = RunRecord.Load(full);
        foreach (string run in RunFolders.Under(full))
            RunLock.RefuseOwned(run);
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        foreach (string kept in (string[])[Directory.GetCurrentDirectory(), home])
        {
            if (kept.Length > 0 && IsWithin(Path.GetFullPath(kept), full))
                throw Refused(folder, "a folder of its own for the run", $"one that holds {kept}", "move the run into a folder of its own");
        }

        return (full, RunFolders.Under(full).Count(inner => inner != full));
    }

    /// <summary>The runs of this machine that a query finds, but for the first of them.</summary>
    /// <param name="index">The index.</param>
    /// <param name="query">Which, and in which order: those that are kept come first.</param>
    /// <param name="kept">How many are kept, 0 or more.</param>
    /// <returns>Runs that are not under way; first those whose folder is gone.</returns>
    public static IReadOnlyList<RunSummary> Prunable(IRunIndex index, RunQuery query, int kept)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(kept);
        RunSummary[] found = [.. index.Query(query with { Fields = [], Limit = null })
            .Where(run => run.Host == Environment.MachineName && run.Status != "running")];
        RunSummary[] gone = [.. found.Where(run => !RunFolders.HoldsRun(run.Folder))];
        return [.. gone, .. found.Except(gone).Skip(kept)];
    }

    /// <summary>Deletes a run with all files in its folder; its readings of test data are kept in the folder above it and in the
    /// index.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="index">The index, which forgets the run.</param>
    /// <exception cref="ThalwegException">As for <see cref="Check"/>, or the folder cannot be deleted.</exception>
    public static void Delete(string folder, IRunIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        (string full, _) = Check(folder);
        string[] all = [.. RunFolders.Under(full)];
        RunSummary[] known = [.. index.Query(new RunQuery { Fields = [] })
            .Where(run => run.Host == Environment.MachineName && IsWithin(run.Folder, full))];
        foreach (string run in all.OrderByDescending(path => path.Length))
            TestReadLog.Keep(run);
        foreach (Data.TestRead read in RunFolders.ReadsOf(all))
            index.Record(read);
        try
        {
            // Links within the folder are removed themselves, not what they lead to.
            Directory.Delete(full, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"{folder}: cannot delete the folder ({error.Message}); close what uses it, and try again", error);
        }

        foreach (RunSummary run in known)
            index.Remove(run);
    }

    private static bool IsWithin(string path, string folder)
    {
        StringComparison comparison = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
            ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return path.Equals(folder, comparison)
            || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, comparison);
    }

    private static ThalwegException Refused(string folder, string expected, string found, string remedy) =>
        new($"{folder}: expected {expected}, found {found}; {remedy}");
}
