using System.CommandLine;
using System.Globalization;
using Thalweg.Kernels;

namespace Thalweg.Bench;

/// <summary>`team`: what it costs to share a short job out to the threads and to have it back.</summary>
/// <remarks>The cost depends on where the processors lie: words go from one to the other in some 50 ns where they share a cache, in 200
/// where they do not.</remarks>
internal static class TeamCommand
{
    private static readonly int[] s_lengths = [0, 500, 1000, 2000, 4000, 8000];

    public static Command Create()
    {
        Command command = new("team", "Time of short jobs of equal pieces, one for each thread, beside that of one piece.");
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        Stopclock.WarmUp(jobs => Repeat(new Chain(s_lengths[1]), Threads.Count, jobs), 1000);
        Console.WriteLine($"{"piece ns",10}{"job ns",10}{"cost ns",10}  {Threads.Count} threads");
        foreach (int length in s_lengths)
        {
            Chain chain = new(length);
            Timing[] times = Stopclock.Measure(
                [new("piece", jobs => Repeat(chain, 1, jobs)), new("job", jobs => Repeat(chain, Threads.Count, jobs))]);
            (double chunk, double job) = (times[0].Median * 1e9, times[1].Median * 1e9);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{chunk,10:F0}{job,10:F0}{job - chunk,10:F0}"));
        }

        return 0;
    }

    private static void Repeat(Chain chain, int chunks, int jobs)
    {
        for (int i = 0; i < jobs; i++)
            WorkerTeam.Run(ref chain, chunks);
    }

    /// <summary>A chunk is a chain of dependent multiplications, which takes its time whatever else the processor does.</summary>
    private readonly struct Chain(int length) : IParallelJob
    {
        private static double s_sink;

        public void Run(int chunk)
        {
            double value = 1;
            for (int i = 0; i < length; i++)
                value *= 1.0000001;
            if (value < 0)
                s_sink = value;
        }
    }
}
