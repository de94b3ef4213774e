using System.Diagnostics;
using System.Globalization;
using Thalweg.Runs;
using Thalweg.Tuning;

namespace Thalweg.Kills;

/// <summary>Kills the workers of a study at random instants and compares what it comes to with the study that was never stopped; or lets many
/// processes crowd on one study of trials that take no time.</summary>
internal sealed class StudyHarness(int seed)
{
    private const double MostSeconds = 12;

    private readonly Random _random = new(seed);
    private readonly string _folder = Directory.CreateTempSubdirectory("thalweg-studies-").FullName;

    /// <summary>Kills workers so often; 0 where nothing was lost, repeated or changed.</summary>
    public static int Kill(HarnessOptions options)
    {
        StudyHarness harness = new(options.Seed);
        try
        {
            return harness.Kill(options.Kills);
        }
        finally
        {
            Directory.Delete(harness._folder, recursive: true);
        }
    }

    /// <summary>So many processes on one study; 0 where each trial was taken once and nothing failed.</summary>
    public static int Crowd(int processes, int trials, string kind)
    {
        StudyHarness harness = new(1);
        try
        {
            return harness.CrowdOn(processes, trials, kind);
        }
        finally
        {
            Directory.Delete(harness._folder, recursive: true);
        }
    }

    private int Kill(int times)
    {
        string whole = Path.Combine(_folder, "whole");
        Stopwatch clock = Stopwatch.StartNew();
        End(["study", whole, "1"]);
        Print($"without a stop: {clock.Elapsed.TotalSeconds:0.0} s");

        // Any instant between the start of the process and the middle of a few trials.
        TimeSpan length = TimeSpan.FromSeconds(Math.Min(MostSeconds, clock.Elapsed.TotalSeconds / 3));
        IReadOnlyList<string> lines = StudyChild.Lines(whole);
        int kills = 0, studies = 0, differences = 0;
        while (kills < times)
        {
            string folder = Path.Combine(_folder, $"killed-{++studies}");
            int before = kills;
            while (kills < times && KillOnce(["study", folder, "2"], _random.NextDouble() * length))
                kills++;
            End(["study", folder, "2"]);
            string[] different = [.. StudyChild.Lines(folder).Except(lines), .. lines.Except(StudyChild.Lines(folder)), .. Files(whole, folder)];
            int continued = Directory.EnumerateFiles(folder, RunRecord.FileName, SearchOption.AllDirectories)
                .Sum(path => RunRecord.Load(Path.GetDirectoryName(path)!).Resumptions?.Count ?? 0);
            Print($"study {studies}: killed {kills - before} times, trainings continued {continued} times: {(different.Length == 0 ? "equal" : "DIFFERENT")}");
            foreach (string line in different)
                Print($"  {line}");
            differences += different.Length;
            Directory.Delete(folder, recursive: true);
        }

        Print($"{kills} kills, {studies} studies ended, {differences} differences from the study that was never stopped");
        return differences == 0 ? 0 : 1;
    }

    private int CrowdOn(int processes, int trials, string kind)
    {
        string place = kind switch
        {
            "sqlite" => Path.Combine(_folder, "crowd.db"),
            "journal" => Path.Combine(_folder, "crowd.jsonl"),
            _ => $"crowd-{Guid.NewGuid():N}",
        };
        Stopwatch clock = Stopwatch.StartNew();
        Process[] children = [.. Enumerable.Range(0, processes).Select(_ => Process.Start(
            Info(["crowd", place, trials.ToString(CultureInfo.InvariantCulture)]))!)];
        string[] errors = [.. children.Select(child => child.StandardError.ReadToEndAsync()).ToArray().Select(task => task.Result)];
        foreach (Process child in children)
            child.WaitForExit();
        int failed = children.Count(child => child.ExitCode != 0);
        using StudyStorage storage = StudyChild.Open(place);
        IReadOnlyList<string> lines = storage.Read(0).Lines;
        using Study study = Study.Open(storage);
        StudyResult result = study.Result();
        int ends = lines.Count(line => line.Contains("\"end\":", StringComparison.Ordinal));
        Print($"{processes} processes on {kind}: {result.Trials.Count} trials, {ends} ends, {failed} processes failed, {clock.Elapsed.TotalSeconds:0.0} s");
        foreach (string error in errors.Where(error => error.Length > 0))
            Print($"  {error.Trim()}");
        return failed == 0 && result.Trials.Count == trials && ends == trials && result.IsFinished ? 0 : 1;
    }

    private static IEnumerable<string> Files(string whole, string folder) =>
        from path in Directory.EnumerateFiles(whole, "model.safetensors", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(whole, path)
        let differences = RunEquality.Differences(Path.GetDirectoryName(path)!, Path.GetDirectoryName(Path.Combine(folder, name))!)
        from difference in differences
        where difference.Contains("model", StringComparison.Ordinal)
        select $"{name}: {difference}";

    private static bool KillOnce(string[] arguments, TimeSpan after)
    {
        using Process process = Process.Start(Info(arguments))!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (process.WaitForExit(after))
            return process.ExitCode == 0 ? false : throw new InvalidOperationException(error.Result);
        process.Kill();
        process.WaitForExit();
        return process.ExitCode != 0;
    }

    private static void End(string[] arguments)
    {
        using Process process = Process.Start(Info(arguments))!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(error);
    }

    private static ProcessStartInfo Info(string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Thalweg.Kills.dll");
        return new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
            ["exec", program, "child", .. arguments])
        {
            RedirectStandardError = true,
        };
    }

    private static void Print(FormattableString line) => Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Print(string line) => Console.Out.WriteLine(line);
}
