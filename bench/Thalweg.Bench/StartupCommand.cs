using System.CommandLine;
using System.Diagnostics;

namespace Thalweg.Bench;

/// <summary>`startup`: how long the published command takes from start to end.</summary>
internal static class StartupCommand
{
    private const int Runs = 15, BadInput = 2;
    private const string Publish = "dotnet publish src/Thalweg.Cli -c Release -r linux-x64 -o publish";

    private static readonly (string Arguments, double Limit)[] s_cases = [("version", 0.15), ("train --data xor", 0.6)];

    public static Command Create()
    {
        Option<string> command =
            new("--command") { Description = $"The command, as published by `{Publish}`.", DefaultValueFactory = _ => "publish/thalweg" };
        Command startup = new(
            "startup", "Seconds from start to end of the published command: version, and a whole training run on points.") { command };
        startup.SetAction(result => Run(result.GetRequiredValue(command)));
        return startup;
    }

    private static int Run(string command)
    {
        string path = Path.GetFullPath(command);
        if (!File.Exists(path))
        {
            Console.Error.WriteLine($"startup: expected the published command at {path}, found none; publish it with: {Publish}");
            return BadInput;
        }

        Console.WriteLine($"{"command",-28}{"median",10}{"least",10}{"most",10}{"target",10}  seconds");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("thalweg-startup-");
        try
        {
            foreach ((string arguments, double limit) in s_cases)
            {
                double[] seconds = [.. Enumerable.Range(0, Runs + 1).Select(_ => Time(path, arguments, folder.FullName)).Skip(1)];
                Console.WriteLine(
                    $"thalweg {arguments,-20}{Stopclock.Median(seconds),10:F3}{seconds.Min(),10:F3}{seconds.Max(),10:F3}{limit,10:F2}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return 0;
    }

    private static double Time(string command, string arguments, string folder)
    {
        ProcessStartInfo start =
            new(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return process.ExitCode == 0 ? seconds : throw new ThalwegException(
            $"[startup] '{arguments}' ended with {process.ExitCode}: {errors.Trim()}");
    }
}
