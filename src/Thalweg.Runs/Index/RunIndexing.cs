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
