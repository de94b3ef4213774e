using System.CommandLine;
using Thalweg.Bench.Bounds;
using Thalweg.Bench.Peers;

namespace Thalweg.Bench;

/// <summary>`step NAME`: time, processor time and managed memory of one training step of a peer case, without the peer.</summary>
internal static class StepCommand
{
    private const int Rounds = 15;

    public static Command Create()
    {
        Argument<string> name = new("case") { Description = $"One of {string.Join(", ", PeerCases.All.Keys)}." };
        Command command = new("step", "Time, share of the bound and allocations per training step of one of the peer cases, ours alone.") { name };
        command.SetAction(result => Run(result.GetRequiredValue(name)));
        return command;
    }

    private static int Run(string name)
    {
        if (!PeerCases.All.TryGetValue(name, out Func<PeerOptions, IPeerCase>? make))
        {
            Console.Error.WriteLine($"step: expected one of {string.Join(", ", PeerCases.All.Keys)}, got '{name}'");
            return 2;
        }

        IPeerCase work = make(new PeerOptions(null, 64));
        work.Prepare();
        int steps = 3 * work.StepsPerRound;
        Stopclock.WarmUp(count => work.SecondsPerStep(count), steps);
        double[] seconds = new double[Rounds], processor = new double[Rounds];
        int each = Math.Max(1, steps / 10);
        for (int round = 0; round < Rounds; round++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            seconds[round] = work.SecondsPerStep(each);
            processor[round] = (Environment.CpuUsage.TotalTime - before).TotalSeconds / each;
        }

        long thread = GC.GetAllocatedBytesForCurrentThread(), total = GC.GetTotalAllocatedBytes(precise: true);
        work.SecondsPerStep(steps);
        thread = GC.GetAllocatedBytesForCurrentThread() - thread;
        total = GC.GetTotalAllocatedBytes(precise: true) - total;
        Array.Sort(seconds);
        Array.Sort(processor);
        Console.WriteLine($"{name}: {seconds[Rounds / 2] * 1e6:F1} us per step (least {seconds[0] * 1e6:F1}), {Threads.Count} threads");
        if (work.Work is { } least)
            Console.WriteLine(Bound.Measure(least, count => work.SecondsPerStep(count)).Describe(seconds[Rounds / 2]));
        Console.WriteLine($"processor time: {processor[Rounds / 2] * 1e6:F1} us per step (least {processor[0] * 1e6:F1})");
        Console.WriteLine($"managed bytes over {steps} steps: {thread} on this thread, {total} in the process");
        return 0;
    }
}
