using Thalweg.Runs;

namespace Thalweg.Kills;

/// <summary>One process: starts a run, or resumes it where it was killed.</summary>
internal static class Child
{
    /// <summary>Trains to the end; 0 where the run is finished.</summary>
    public static int Run(Victim victim, string folder)
    {
        RunFolder run = new(folder);
        RunOptions options = new() { Folder = folder, Network = victim.Network };

        // Killed before its first record was written, a run has not begun: nothing is lost by beginning.
        bool hasBegun = File.Exists(Path.Combine(folder, RunRecord.FileName));
        if (!hasBegun)
            _ = Runs.Run.Start(victim.Recipe, options with { Replaces = true });
        else if (run.IsUnfinished)
            _ = Runs.Run.Resume(folder, options);
        return 0;
    }
}
