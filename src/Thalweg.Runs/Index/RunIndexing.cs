using Thalweg.Data;

namespace Thalweg.Runs;

/// <summary>What is done with an index of runs.</summary>
public static class RunIndexing
{
    /// <summary>Makes an index anew from the folders.</summary>
    /// <param name="index">The index; runs of this machine whose folders are gone are forgotten, readings of test data are kept.</param>
    /// <param name="roots">Folders under which runs lie; those that the index knows are looked up too.</param>
    /// <returns>Runs that it now knows of this machine, and what could not be read, one sentence each.</returns>
    /// <exception cref="ThalwegException">The index cannot be written.</exception>
    public static (int Runs, IReadOnlyList<string> Notes) Rebuild(IRunIndex index, IEnumerable<string> roots)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(roots);
        List<string> notes = [];
        RunSummary[] known = [.. index.Query(new RunQuery { Fields = [] }).Where(run => run.Host == Environment.MachineName)];
        foreach (RunSummary gone in known.Where(run => !RunFolders.HoldsRun(run.Folder)))
            index.Remove(gone);
        int count = 0;
        string[] folders = [.. known.Select(run => run.Folder).Where(RunFolders.HoldsRun), .. roots.SelectMany(RunFolders.Under)];
        foreach (string folder in folders.Distinct())
        {
            string? note = TryRead(folder, out RunSummary? run);
            if (run is not null)
                index.Save(run);
            else
                notes.Add(note!);
            count += run is null ? 0 : 1;
        }

        foreach (TestRead read in RunFolders.ReadsOf([.. folders, .. roots]))
            index.Record(read);
        return (count, notes);
    }

    /// <summary>Looks up runs again that were not finished when they were entered: they may have gone on since, or be gone.</summary>
    /// <param name="index">The index.</param>
    /// <exception cref="ThalwegException">The index cannot be read or written.</exception>
    public static void Refresh(IRunIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        RunField status = new(RunFieldKind.Column, "status"), host = new(RunFieldKind.Column, "host");
        RunFilter open = new RunFilter.And(
            new RunFilter.Compare(host, RunComparison.Equal, Environment.MachineName),
            new RunFilter.Or(
                new RunFilter.Compare(status, RunComparison.Equal, "running"),
                new RunFilter.Compare(status, RunComparison.Equal, "interrupted")));
        foreach (RunSummary run in index.Query(new RunQuery { Where = open, Fields = [] }))
        {
            if (!RunFolders.HoldsRun(run.Folder))
                index.Remove(run);
            else if (TryRead(run.Folder, out RunSummary? now) is null)
                index.Save(now!);
        }
    }

    /// <summary>Finds one run: by the path of its folder, by its name, or by the last part of its folder.</summary>
    /// <param name="index">The index.</param>
    /// <param name="run">Path or name.</param>
    /// <exception cref="ThalwegException">There is none, or there are several.</exception>
    public static RunSummary Find(IRunIndex index, string run)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentException.ThrowIfNullOrEmpty(run);
        if (RunFolders.HoldsRun(run))
            return RunSummary.Load(run);
        RunField name = new(RunFieldKind.Column, "name"), folder = new(RunFieldKind.Column, "folder");
        RunFilter either = new RunFilter.Or(
            new RunFilter.Compare(name, RunComparison.Equal, run), new RunFilter.Compare(folder, RunComparison.Contains, run));
        RunSummary[] near = [.. index.Query(new RunQuery { Where = either })];
        RunSummary[] found = near.Where(item => item.Name == run).ToArray() is { Length: > 0 } named ? named
            : [.. near.Where(item => Path.GetFileName(item.Folder) == run || item.Folder == run)];
        return found switch
        {
            [var one] => one,
            [] => throw new ThalwegException($"[runs] expected the folder or the name of a run, found none called '{run}' in "
                + $"{index.Description}; choose one from the list of the runs"),
            _ => throw new ThalwegException($"[runs] expected one run, found {found.Length} called '{run}': "
                + $"{string.Join(", ", found.Take(5).Select(item => item.Folder))}; give the folder"),
        };
    }

    /// <summary>Does something with an index that must not fail what it is done for.</summary>
    /// <param name="action">What is done.</param>
    /// <returns>Why it failed, in one sentence without passwords; null where it did not.</returns>
    public static string? Try(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        try
        {
            action();
            return null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever an index of a user's own throws: the run is worth more than its entry.
            return SecretText.Mask(error.Message.ReplaceLineEndings(" "));
        }
    }

    private static string? TryRead(string folder, out RunSummary? run)
    {
        run = null;
        try
        {
            run = RunSummary.Load(folder);
            return null;
        }
        catch (ThalwegException error)
        {
            return error.Message;
        }
    }
}
