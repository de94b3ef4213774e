using System.Globalization;

namespace Thalweg.Bench.Bounds;

/// <summary>What a step would take at the limits of the machine: its products at the peak of the cores in use, and then the numbers that must move
/// at the bandwidth of the cache, or the memory, that they fit in.</summary>
/// <param name="Products">Seconds of the products.</param>
/// <param name="Moves">Seconds of the moves.</param>
/// <remarks>A program that computes while it moves numbers can be faster than the sum, so that it says how much is left, and no more.</remarks>
internal sealed record Bound(double Products, double Moves)
{
    private const int Rounds = 7;

    /// <summary>Seconds of both.</summary>
    public double Seconds => Products + Moves;

    /// <summary>Cores that can work on a step at once.</summary>
    public static int Cores => Math.Min(Threads.Count, Environment.ProcessorCount);

    /// <summary>From what the probe has measured.</summary>
    /// <param name="work">What is to be done.</param>
    /// <param name="cores">Cores in use.</param>
    /// <param name="core">The limits of one core; it has measured a pass over this work's share.</param>
    public static Bound Of(StepWork work, int cores, CoreProbe core) =>
        new(work.Operations / (cores * core.Peak), core.SecondsOfPass(Share(work, cores), work.IsReadOnly));

    /// <summary>Measures the limits of one core in turns with the steps.</summary>
    /// <param name="work">What a step has to do.</param>
    /// <param name="steps">Takes the given number of steps.</param>
    public static Bound Measure(StepWork work, Action<int> steps)
    {
        using CoreProbe core = new();
        core.Measure(steps, Share(work, Cores), Rounds, work.IsReadOnly);
        return Of(work, Cores, core);
    }

    /// <summary>Numbers that one core moves.</summary>
    public static int Share(StepWork work, int cores) => checked((int)(work.Numbers / cores));

    /// <summary>Share of the bound in a measured time.</summary>
    /// <param name="seconds">Seconds of a step.</param>
    public double ShareOf(double seconds) => Seconds / seconds;

    /// <summary>The line of a report.</summary>
    /// <param name="seconds">Seconds of a step.</param>
    public string Describe(double seconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"bound: {Seconds * 1e6:F1} us (products {Products * 1e6:F1}, moves {Moves * 1e6:F1}); share of the bound {ShareOf(seconds):P0}, "
        + $"of the products alone {Products / seconds:P0}");
}
