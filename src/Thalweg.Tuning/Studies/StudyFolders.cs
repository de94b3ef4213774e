using Thalweg.Checkpoints;
using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>The folders of the trials of a study.</summary>
internal static class StudyFolders
{
    /// <summary>Removes the lock of a worker on another machine that has been silent too long; one on this machine is released by
    /// itself.</summary>
    public static void ReleaseDead(string place)
    {
        string path = Path.Combine(place, RunLock.FileName);
        if (RunLock.OwnerOf(place) is { } owner && owner.Host != Environment.MachineName)
            File.Delete(path);
    }

    /// <summary>Deletes checkpoints and models of all trials but the best ones; their records and events stay.</summary>
    /// <param name="folder">Folder of the study.</param>
    /// <param name="history">The trials that have ended a job.</param>
    /// <param name="goal">The first goal.</param>
    /// <param name="keep">Number of trials that keep theirs.</param>
    /// <remarks>A trial that is wanted again without its checkpoint begins again, to the same bits.</remarks>
    public static void Trim(string folder, IReadOnlyList<TrialResult> history, SearchGoal goal, int keep)
    {
        IEnumerable<TrialResult> ranked = history.OrderBy(result => result.Values.Count == 0 || !double.IsFinite(result.Values[0])
            ? double.PositiveInfinity : goal.Maximize ? -result.Values[0] : result.Values[0]).ThenBy(result => result.Number);
        foreach (TrialResult result in ranked.Skip(keep))
        {
            string place = TrialTraining.FolderOf(folder, result.Number);
            string checkpoints = Path.Combine(place, CheckpointStore.FolderName), model = Path.Combine(place, ModelFile.FileName);
            if (!Directory.Exists(checkpoints) && !File.Exists(model))
                continue;
            try
            {
                using RunLock own = RunLock.Take(place);
                if (Directory.Exists(checkpoints))
                    Directory.Delete(checkpoints, recursive: true);
                File.Delete(model);
            }
            catch (Exception error) when (error is ThalwegException or IOException or UnauthorizedAccessException)
            {
                // Another worker has the trial, or the files stay: they only take room.
            }
        }
    }
}
