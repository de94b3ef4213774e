using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Thalweg.Bench.Peers;

namespace Thalweg.Bench;

/// <summary>`all`: every benchmark after the other, each in a process of its own, into one report.</summary>
internal static class AllCommand
{
    /// <summary>Commands that need nothing else, in order.</summary>
    private static readonly string[][] s_parts =
    [
        ["limits"], ["team"], ["matmul"], ["conv"], ["update"], ["update", "--all"], ["sample-gradients"],
        ["cost"], ["memory"], ["startup"], ["bits"], ["minimizers"], ["quadratic"], ["quadratic-deep"],
    ];

    public static Command Create()
    {
        Option<string?> output = new("--out") { Description = "File for the report, in Markdown; the screen alone without one." };
        Option<string?> data =
            new("--data") { Description = "Folder of Fashion-MNIST's IDX files, for the accuracy of fmnist-2c2d; left out without one." };
        Command command = new(
            "all", "Runs the benchmarks of speed, memory, bits and minimizers, with step and peer of every case, into one report.")
        {
            output, data,
        };
        command.SetAction(result => Run(result.GetValue(output), result.GetValue(data)));
        return command;
    }

    private static int Run(string? output, string? data)
    {
        StringBuilder report = new(
            $"# Benchmarks, {DateTime.UtcNow:yyyy-MM-dd}\n\n{Environment.ProcessorCount} processors, .NET {Environment.Version}.\n");
        List<string> failed = [];
        IEnumerable<string[]> cases = PeerCases.WithoutFiles.SelectMany(name => new[] { new[] { "step", name }, ["peer", name, "--allow-older-peer"] });
        string[][] accuracy = data is null ? [] : [["accuracy", "fmnist-2c2d", "--data", data]];
        foreach (string[] part in s_parts.Concat(cases).Concat(accuracy))
        {
            string title = string.Join(' ', part);
            Console.WriteLine($"\n## {title}");
            report.Append($"\n## {title}\n```\n");
            if (RunPart(part, report) != 0)
                failed.Add(title);
            report.Append("```\n");
            if (output is not null)
                File.WriteAllText(output, report.ToString());
        }

        Console.WriteLine(failed.Count == 0 ? "\nall done" : $"\nfailed: {string.Join(", ", failed)}");
        return failed.Count == 0 ? 0 : 1;
    }

    private static int RunPart(string[] part, StringBuilder report)
    {
        using Process process = SelfProcess.Start(part, isCaptured: true);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            Console.WriteLine(line);
            report.Append(line).Append('\n');
        }

        process.WaitForExit();
        return process.ExitCode;
    }
}
