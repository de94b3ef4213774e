using System.Diagnostics;
using System.Globalization;
using Thalweg.Runs;

namespace Thalweg.Kills;

/// <summary>Kills runs at random instants (SIGKILL; on Windows TerminateProcess), resumes them, and compares what they end with with the same
/// run that was never stopped: weights, optimizer state, record and events.</summary>
internal sealed class Harness
{
    private readonly Random _random;
    private readonly string _folder = Directory.CreateTempSubdirectory("thalweg-kills-").FullName;
    private int _kills, _ends, _differences;

    private Harness(int seed) => _random = new Random(seed);

    /// <summary>Kills so often; 0 where nothing was lost.</summary>
    public static int Run(HarnessOptions options)
    {
        Harness harness = new(options.Seed);
        try
        {
            for (int i = 0; i < Victim.All.Count; i++)
                harness.Kill(Victim.All[i], (options.Kills * (i + 1) / Victim.All.Count) - (options.Kills * i / Victim.All.Count));
        }
        finally
        {
            Directory.Delete(harness._folder, recursive: true);
        }

        Print($"{harness._kills} kills, {harness._ends} runs ended, {harness._differences} differ from the run that was never stopped");
        return harness._differences == 0 ? 0 : 1;
    }

    /// <summary>Kills one kind of run so often, beginning again each time that one has ended.</summary>
    private void Kill(Victim victim, int times)
    {
        string whole = Path.Combine(_folder, $"{victim.Name}-whole");
        Stopwatch clock = Stopwatch.StartNew();
        End(victim, whole);
        TimeSpan length = clock.Elapsed;
        Print($"{victim.Name}: {length.TotalSeconds:0.0} s without a stop");
        for (int number = 1; times > 0; number++)
        {
            string folder = Path.Combine(_folder, $"{victim.Name}-{number}");
            List<string> resumed = [];

            // Any instant of the time that a whole run needs, the start of the process included.
            Stopwatch alive = Stopwatch.StartNew();
            while (times > 0 && KillOnce(victim, folder, _random.NextDouble() * length))
            {
                times--;
                resumed.Add(StepOf(folder));
            }

            length = resumed.Count == 0 && alive.Elapsed < length ? alive.Elapsed : length;

            End(victim, folder);
            Compare(victim, (whole, folder), resumed);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether the process was killed before it came to its end.</summary>
    private bool KillOnce(Victim victim, string folder, TimeSpan after)
    {
        using Process process = Process.Start(Info(victim, folder))!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (process.WaitForExit(after))
            return process.ExitCode == 0 ? false : throw Failed(victim, error.Result);
        process.Kill();
        process.WaitForExit();
        if (process.ExitCode == 0)
            return false;
        _kills++;
        return true;
    }

    private void Compare(Victim victim, (string Whole, string Killed) folders, List<string> resumed)
    {
        _ends++;
        IReadOnlyList<string> differences = RunEquality.Differences(folders.Whole, folders.Killed);
        _differences += differences.Count > 0 ? 1 : 0;
        Print($"{victim.Name}: killed {resumed.Count} times, latest checkpoints {string.Join(", ", resumed)}: "
            + (differences.Count == 0 ? "equal" : "DIFFERENT"));
        foreach (string difference in differences)
            Print($"  {difference}");
    }

    private static string StepOf(string folder) =>
        new RunFolder(folder).Checkpoints.Files is [string latest, ..] ? CheckpointStore.StepOf(latest).ToString(CultureInfo.InvariantCulture) : "none";

    private static void End(Victim victim, string folder)
    {
        using Process process = Process.Start(Info(victim, folder))!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw Failed(victim, error);
    }

    private static ProcessStartInfo Info(Victim victim, string folder)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Thalweg.Kills.dll");
        return new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
            ["exec", program, "child", victim.Name, folder])
        {
            RedirectStandardError = true,
        };
    }

    private static InvalidOperationException Failed(Victim victim, string error) => new($"{victim.Name} failed: {error}");

    private static void Print(FormattableString line) => Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Print(string line) => Console.Out.WriteLine(line);
}
