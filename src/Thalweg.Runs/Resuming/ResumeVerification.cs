using System.Diagnostics;
using System.Globalization;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>One process of a verification: what it trains, and where it kills itself.</summary>
/// <param name="Recipe">File of the recipe; null to resume what the folder holds.</param>
/// <param name="Folder">Folder of the run.</param>
/// <param name="KillAfterStep">Steps of the run after which the process kills itself; null to train to the end.</param>
public sealed record ResumeTrial(string? Recipe, string Folder, long? KillAfterStep);

/// <summary>What a verification is to do.</summary>
public sealed record ResumeVerificationOptions
{
    /// <summary>The run.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>Folder for the runs, which does not exist or is empty.</summary>
    public required string Folder { get; init; }

    /// <summary>How a process is started that calls <see cref="ResumeVerification.RunTrial"/>.</summary>
    public required Func<ResumeTrial, ProcessStartInfo> Start { get; init; }

    /// <summary>Times that the run is killed, 1 or more; default 3.</summary>
    public int Kills { get; init; } = 3;

    /// <summary>Draws the steps after which it is killed; default 1.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>What a verification found.</summary>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="Kills">Steps after which the run was killed, in order.</param>
/// <param name="ResumedAt">Step from which each resumption started.</param>
/// <param name="Differences">What differs between the run that was never stopped and the other, one sentence each; empty where nothing
/// does.</param>
public sealed record ResumeVerificationResult(
    long Steps, IReadOnlyList<long> Kills, IReadOnlyList<long> ResumedAt, IReadOnlyList<string> Differences);

/// <summary>Proves on a run that a resumed run is the same run: trains it once whole, and once in processes that kill themselves at random
/// steps and are resumed, and compares the two by <see cref="RunEquality"/>.</summary>
public static class ResumeVerification
{
    private const string RecipeFile = "verified.yaml", WholeFolder = "whole", KilledFolder = "killed";

    /// <summary>Verifies a run.</summary>
    /// <param name="options">The run, and how often it is killed.</param>
    /// <param name="progress">Gets a sentence before each process. Default null.</param>
    /// <exception cref="ThalwegException">The recipe or its data are not as they should be, the folder is in use, or a process fails
    /// otherwise than by killing itself: the message has its error output.</exception>
    public static ResumeVerificationResult Verify(ResumeVerificationOptions options, IProgress<string>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Directory.Exists(options.Folder) && Directory.EnumerateFileSystemEntries(options.Folder).Any())
            throw new ThalwegException($"{options.Folder}: expected an empty folder for the runs, found files in it; choose another");

        // Bad input is refused before anything is written.
        _ = options.Recipe.Prepare();
        RunFolder.Create(options.Folder);
        string recipe = Path.Combine(options.Folder, RecipeFile);
        File.WriteAllText(recipe, options.Recipe.ToYaml());
        (string whole, string killed) = (Path.Combine(options.Folder, WholeFolder), Path.Combine(options.Folder, KilledFolder));
        progress?.Report("training without a stop");
        Execute(options, new ResumeTrial(recipe, whole, null));
        long steps = EventLog.Read(whole).OfType<RunEvent.Ended>().Last().Steps;
        long[] kills = Draw(steps, options);
        for (int i = 0; i < kills.Length; i++)
        {
            progress?.Report(string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? "training" : "resuming")}, killed after step {kills[i]}"));
            Execute(options, new ResumeTrial(i == 0 ? recipe : null, killed, kills[i]));
        }

        progress?.Report("resuming to the end");
        Execute(options, new ResumeTrial(null, killed, null));
        long[] resumed = [.. (RunRecord.Load(killed).Resumptions ?? []).Select(item => item.Step)];
        return new ResumeVerificationResult(steps, kills, resumed, RunEquality.Differences(whole, killed));
    }

    /// <summary>Trains as a trial says; where it is to be killed, the process does not come back from here.</summary>
    /// <param name="trial">The trial.</param>
    /// <exception cref="ThalwegException">As for <see cref="Run.Start"/> and <see cref="Run.Resume"/>.</exception>
    public static void RunTrial(ResumeTrial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        RunOptions options = new() { Folder = trial.Folder, StepEnded = step => KillAfter(step, trial) };
        _ = trial.Recipe is { } recipe ? Run.Start(Recipe.Load(recipe), options) : Run.Resume(trial.Folder, options);
    }

    private static void KillAfter(StepReport step, ResumeTrial trial)
    {
        if (step.Step + 1 != trial.KillAfterStep)
            return;

        // SIGKILL, or TerminateProcess on Windows: no handler runs, nothing is flushed.
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Different steps in order.</summary>
    private static long[] Draw(long steps, ResumeVerificationOptions options)
    {
        Random random = new((int)(options.Seed % int.MaxValue));
        HashSet<long> drawn = [];
        while (drawn.Count < Math.Min(options.Kills, steps))
            drawn.Add(random.NextInt64(1, steps + 1));
        return [.. drawn.Order()];
    }

    private static void Execute(ResumeVerificationOptions options, ResumeTrial trial)
    {
        ProcessStartInfo start = options.Start(trial);
        (start.RedirectStandardError, start.RedirectStandardOutput) = (true, true);
        using Process process = Process.Start(start)
            ?? throw new ThalwegException($"[verify] expected a process of {start.FileName}, got none; correct the way it is started");
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        bool isKilled = trial.KillAfterStep is not null;
        if (isKilled ? process.ExitCode == 0 || error.Result.Length > 0 : process.ExitCode != 0)
        {
            throw new ThalwegException($"[verify] expected a run that {(isKilled ? "kills itself" : "ends by itself")}, got exit code "
                + $"{process.ExitCode}: {error.Result.Trim().ReplaceLineEndings(" ")}");
        }
    }
}
