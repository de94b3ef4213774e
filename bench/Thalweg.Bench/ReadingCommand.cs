using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Thalweg.Bench;

/// <summary>`reading`: how long commands, such as an old and a new build, take to read the same table.</summary>
internal static class ReadingCommand
{
    private const int Numbers = 20;

    public static Command Create()
    {
        Option<string[]> commands = new("--command")
        {
            Description = "A built command, such as src/Thalweg.Cli/bin/Debug/net10.0/Thalweg.Cli; several take turns.",
            Required = true,
        };
        Option<int> rows = new("--rows") { Description = "Rows of the table.", DefaultValueFactory = _ => 1_000_000 };
        Option<int> rounds = new("--rounds") { Description = "Runs of each command.", DefaultValueFactory = _ => 5 };
        Command reading = new(
            "reading", "Seconds to read a table of 20 columns of numbers and one of words, for several builds in turn.")
        { commands, rows, rounds };
        reading.SetAction(result => Run(
            result.GetRequiredValue(commands), result.GetRequiredValue(rows), result.GetRequiredValue(rounds)));
        return reading;
    }

    private static void Run(string[] commands, int rows, int rounds)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("thalweg-reading-");
        try
        {
            string table = Path.Combine(folder.FullName, "table.csv");
            Write(table, rows);
            Console.WriteLine($"{rows} rows, {new FileInfo(table).Length / 1e6:F0} MB; thalweg data show, seconds");
            double[][] seconds = [.. commands.Select(_ => new double[rounds])];
            for (int round = -1; round < rounds; round++)
            {
                for (int i = 0; i < commands.Length; i++)
                {
                    double time = Time(Path.GetFullPath(commands[i]), table);
                    if (round >= 0)
                        seconds[i][round] = time;
                }
            }

            Console.WriteLine($"{"median",10}{"least",10}{"most",10}{"ratio",10}  command");
            for (int i = 0; i < commands.Length; i++)
            {
                double[] ratios = [.. seconds[i].Zip(seconds[0], (time, first) => time / first)];
                Console.WriteLine(
                    $"{Stopclock.Median(seconds[i]),10:F2}{seconds[i].Min(),10:F2}{seconds[i].Max(),10:F2}"
                    + $"{Stopclock.Median(ratios),10:F3}  {commands[i]}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Write(string path, int rows)
    {
        Random random = new(1);
        using StreamWriter writer = new(path, append: false, new UTF8Encoding(false), 1 << 16);
        writer.WriteLine(string.Join(',', Enumerable.Range(0, Numbers).Select(column => $"x{column}")) + ",class");
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < Numbers; column++)
            {
                writer.Write(((random.NextDouble() * 2) - 1).ToString("F5", CultureInfo.InvariantCulture));
                writer.Write(',');
            }

            writer.Write(row % 3 == 0 ? "yes\n" : "no\n");
        }
    }

    private static double Time(string command, string table)
    {
        ProcessStartInfo start = new(command, ["data", "show", table]) { RedirectStandardOutput = true, RedirectStandardError = true };
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return process.ExitCode == 0
            ? seconds
            : throw new ThalwegException($"[reading] {command} ended with {process.ExitCode}: {errors.Trim()}");
    }
}
