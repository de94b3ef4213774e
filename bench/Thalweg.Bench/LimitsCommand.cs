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
        foreach (LaneWidth width in Enum.GetValues<LaneWidth>())
            Console.WriteLine($"{width,-8} {PeakProbe.Measure<float>(width) / 1e9:F1} GF/s");
        return 0;
    }
}
