using Thalweg.Kernels;

namespace Thalweg.Bench;

/// <summary>What one processor does at most, measured in turns with the steps that are held against it; the best of
/// the run counts.</summary>
/// <remarks>
/// Rates of one processor times the number of processors bound those of all together, also where others take processor time away from a
/// measurement on all of them: such a measurement is no bound.
/// </remarks>
internal sealed unsafe class CoreProbe : IDisposable
{
    private const double RunSeconds = 0.025;
    private readonly Dictionary<(int Count, bool IsReadOnly), double> _passes = [];
    private AlignedMemory<float> _numbers = new(MemoryProbe.Step);

    public CoreProbe()
    {
        int all = Threads.Count;
        Threads.Count = 1;
        VectorWidth[] widths = [.. Enum.GetValues<VectorWidth>().Where(width => width <= VectorWidths.Best)];
        double[] peaks = PeakProbe.Measure<float>(widths);
        Threads.Count = all;
        Peak = peaks.Max();
        Width = widths[peaks.IndexOf(Peak)];
    }

    /// <summary>Floating-point operations per second of one processor, the best so far.</summary>
    public double Peak { get; private set; }

    /// <summary>The vector width that reaches it.</summary>
    public VectorWidth Width { get; }

    /// <summary>Seconds of one pass on one processor that reads numbers and, unless it only reads, writes them in place, the best so far.</summary>
    /// <param name="count">How many numbers, as measured before.</param>
    /// <param name="isReadOnly">Whether they are only read.</param>
    public double SecondsOfPass(int count, bool isReadOnly = false) => _passes[(count, isReadOnly)];

    /// <summary>Times steps, in turns with the two probes.</summary>
    /// <param name="steps">Takes the given number of steps.</param>
    /// <param name="count">How many numbers the pass takes.</param>
    /// <param name="rounds">Runs of each.</param>
    /// <param name="isReadOnly">Whether the pass only reads.</param>
    /// <returns>The median of the seconds per step.</returns>
    public double Measure(Action<int> steps, int count, int rounds, bool isReadOnly = false)
    {
        int whole = Math.Max(count / MemoryProbe.Step, 1) * MemoryProbe.Step;
        if (_numbers.Length < whole)
        {
            _numbers.Dispose();
            _numbers = new AlignedMemory<float>(whole);
        }

        float* numbers = _numbers.Pointer;
        Timing[] timings = Stopclock.Measure(
            [
                new Contender("steps", steps),
                new Contender("peak", repetitions => PeakProbe.Run<float>(Width, repetitions)),
                new Contender("pass", repetitions => MemoryProbe.PassInPlace(numbers, whole, repetitions, isReadOnly)),
            ],
            rounds,
            RunSeconds);
        Peak = Math.Max(Peak, PeakProbe.Operations<float>(Width) / timings[1].Best);
        // Passes shorter than the least number of vectors are measured by that.
        double seconds = timings[2].Best * count / whole;
        _passes[(count, isReadOnly)] = Math.Min(_passes.GetValueOrDefault((count, isReadOnly), double.PositiveInfinity), seconds);
        return timings[0].Median;
    }

    public void Dispose() => _numbers.Dispose();
}
