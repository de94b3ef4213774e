using System.CommandLine;
using Thalweg.Kernels;

namespace Thalweg.Bench;

/// <summary><c>limits</c>: what this machine can do at most.</summary>
internal static class LimitsCommand
{
    public static Command Create()
    {
        Command command = new("limits", "Peak of fused multiply-adds by lane width and threads, and memory bandwidth.");
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        int all = Threads.Count;
        int[] counts = all > 1 ? [1, all] : [1];
        Console.WriteLine($"{Environment.ProcessorCount} processors, widest lane {VectorWidths.Best}, {Environment.Version}");
        VectorWidth[] widths = [.. Enum.GetValues<VectorWidth>().Where(width => width <= VectorWidths.Best)];
        string[] names = [.. widths.Select(width => width.ToString())];
        Report("multiply-adds, float, GF/s", counts, names, () => PeakProbe.Measure<float>(widths));
        Report("multiply-adds, double, GF/s", counts, names, () => PeakProbe.Measure<double>(widths));
        Report("memory, GB/s", counts, Enum.GetNames<MemoryPass>(), () => MemoryProbe.Measure(Enum.GetValues<MemoryPass>()));
        Threads.Count = all;
        return 0;
    }

    /// <summary>One table: a row for each number of threads.</summary>
    private static void Report(string title, int[] counts, string[] columns, Func<double[]> measure)
    {
        Console.WriteLine();
        Console.WriteLine($"{title,-30}{string.Concat(columns.Select(column => $"{column,10}"))}");
        foreach (int count in counts)
        {
            Threads.Count = count;
            string label = count == 1 ? "1 thread" : $"{count} threads";
            Console.WriteLine($"{label,-30}{string.Concat(measure().Select(rate => $"{rate / 1e9,10:F1}"))}");
        }
    }
}
