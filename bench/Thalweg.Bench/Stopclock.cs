using System.Diagnostics;

namespace Thalweg.Bench;

/// <summary>One thing to time.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Work">Does the work the given number of times.</param>
internal sealed record Contender(string Name, Action<int> Work);

/// <summary>What was measured: seconds per repetition of the work.</summary>
/// <param name="Best">The shortest of the runs: what the machine can do.</param>
/// <param name="Median">The median of the runs: what one gets.</param>
internal readonly record struct Timing(double Best, double Median);

/// <summary>Times contenders side by side: their runs take turns, so a slow moment of the machine falls on all alike.</summary>
internal static class Stopclock
{
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(2);

    /// <summary>Times each contender in <paramref name="rounds"/> runs of about <paramref name="runSeconds"/> each.</summary>
    public static Timing[] Measure(IReadOnlyList<Contender> contenders, int rounds = 31, double runSeconds = 0.002)
    {
        int[] repetitions = [.. contenders.Select(contender => Calibrate(contender.Work, runSeconds))];
        double[][] seconds = [.. contenders.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contenders.Count; i++)
                seconds[i][round] = Time(contenders[i].Work, repetitions[i]) / repetitions[i];
        }

        return [.. seconds.Select(Summarize)];
    }

    /// <summary>Times one thing on its own.</summary>
    public static Timing Measure(Action<int> work, int rounds = 31, double runSeconds = 0.002) =>
        Measure([new Contender("", work)], rounds, runSeconds)[0];

    /// <summary>Does work until the compiler, which runs beside it on a processor that the work needs, has made its last
    /// version of it.</summary>
    /// <remarks>Measured on two processors: steps of 190 us took 250 to 600 in the first second.</remarks>
    public static void WarmUp(Action<int> work, int repetitions)
    {
        long start = Stopwatch.GetTimestamp();
        do
            work(repetitions);
        while (Stopwatch.GetElapsedTime(start) < _warmUp);
    }

    /// <summary>The median; the mean of the middle two where their number is even.</summary>
    public static double Median(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static Timing Summarize(double[] seconds) => new(seconds.Min(), Median(seconds));

    /// <summary>Warms the work up and finds how many repetitions fill a run.</summary>
    private static int Calibrate(Action<int> work, double runSeconds)
    {
        work(2);
        int repetitions = 1;
        while (true)
        {
            double seconds = Time(work, repetitions);
            if (seconds >= runSeconds / 2 || repetitions >= 1 << 28)
                return Math.Max(1, (int)(repetitions * runSeconds / Math.Max(seconds, 1e-9)));
            repetitions *= 2;
        }
    }

    private static double Time(Action<int> work, int repetitions)
    {
        long start = Stopwatch.GetTimestamp();
        work(repetitions);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
