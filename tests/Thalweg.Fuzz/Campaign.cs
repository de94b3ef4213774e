using System.Diagnostics;
using System.Globalization;
using Thalweg.Fuzz.Targets;

namespace Thalweg.Fuzz;

/// <summary>Runs each target in a process of its own, which may die, and says what was found.</summary>
internal static class Campaign
{
    /// <summary>Deaths of a worker after which a target is given up.</summary>
    private const int MostDeaths = 10;

    /// <summary>Runs the targets.</summary>
    /// <returns>0 where nothing was found, else 1.</returns>
    public static int Run(FuzzOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("thalweg-fuzz-").FullName;
        try
        {
            string[] names = options.Targets.Count > 0 ? [.. options.Targets] : [.. FuzzTarget.All.Select(target => target.Name)];
            int found = names.Sum(name => RunTarget(options, name, folder));
            Console.WriteLine($"{names.Length} targets, {found} findings");
            return found == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int RunTarget(FuzzOptions options, string name, string parent)
    {
        string folder = Path.Combine(parent, name);
        Directory.CreateDirectory(folder);
        int found = 0;
        Progress progress = new(options.From, 0);
        for (int deaths = 0; deaths < MostDeaths; deaths++)
        {
            string[] arguments = options.ForWorker(name, folder, progress.Inputs, options.Seconds - progress.Seconds);
            (int exitCode, int findings) = Start(arguments);
            found += findings;
            progress = Progress.Read(folder);
            if (exitCode is Worker.Done)
                break;
            if (!progress.IsKnown)
                throw new InvalidOperationException($"{name}: the worker ended with code {exitCode} before its first input");
            found++;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}: input {progress.Inputs}: the process ended with code {exitCode}; --target {name} --input {progress.Inputs} repeats it"));
            progress = progress with { Inputs = progress.Inputs + 1 };
            if (options.Only is not null || progress.Seconds >= options.Seconds)
                break;
        }

        return found;
    }

    private static (int ExitCode, int Findings) Start(string[] arguments)
    {
        ProcessStartInfo info = new(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            info.ArgumentList.Add(typeof(Campaign).Assembly.Location);
        foreach (string argument in arguments)
            info.ArgumentList.Add(argument);
        using Process process = Process.Start(info)!;
        int findings = 0;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            findings += line.StartsWith(Worker.FindingMark, StringComparison.Ordinal) ? 1 : 0;
            Console.WriteLine(line);
        }

        process.WaitForExit();
        return (process.ExitCode, findings);
    }
}
