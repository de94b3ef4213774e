using System.Globalization;

namespace Thalweg.Bench.Peers;

/// <summary>Rounds of ours and of the peers in turn, so that a slow moment of the machine falls on all alike.</summary>
internal sealed class PeerComparison
{
    // Workers of a peer's BLAS spin for tens of milliseconds after their last product; the next in turn must not pay for that.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly List<(string Name, Func<int, double> Run, List<double> Seconds)> _contenders = [];

    /// <summary>Adds somebody to be measured.</summary>
    /// <param name="name">What the table calls it.</param>
    /// <param name="run">Takes so many steps and returns seconds per step.</param>
    public void Add(string name, Func<int, double> run) => _contenders.Add((name, run, []));

    /// <summary>Measures everybody.</summary>
    /// <param name="steps">Steps per round, at least 1.</param>
    /// <param name="rounds">Rounds, at least 1.</param>
    public void Run(int steps, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach ((_, Func<int, double> run, List<double> seconds) in _contenders)
            {
                Thread.Sleep(_pause);
                seconds.Add(run(steps));
            }
        }
    }

    /// <summary>Median seconds per step of each, in the order in which they were added.</summary>
    public double[] Medians() => [.. _contenders.Select(contender => Stopclock.Median([.. contender.Seconds]))];

    /// <summary>A table of everybody's times.</summary>
    public void Print(TextWriter output)
    {
        double[] medians = Medians();
        int width = _contenders.Max(contender => contender.Name.Length) + 2;
        output.WriteLine($"{"".PadRight(width)}{"median",12}{"least",12}{"most",12}  ms per step");
        for (int i = 0; i < _contenders.Count; i++)
        {
            (string name, _, List<double> seconds) = _contenders[i];
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name.PadRight(width)}{medians[i] * 1e3,12:F4}{seconds.Min() * 1e3,12:F4}{seconds.Max() * 1e3,12:F4}"));
        }
    }
}
