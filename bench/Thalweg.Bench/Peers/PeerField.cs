using System.Globalization;

namespace Thalweg.Bench.Peers;

/// <summary>The peers of a comparison: each is started in every setting, the settings that are nearly the best of their program stay.</summary>
internal sealed class PeerField : IDisposable
{
    private const int ScoutRounds = 3, ScoutSteps = 3;
    private const double ScoutSeconds = 0.2, RoundSeconds = 0.4, NearlyBest = 1.1;

    private readonly List<Entry> _entries = [];

    /// <summary>What was measured, once <see cref="AddTo"/>'s comparison has run.</summary>
    public IReadOnlyList<PeerResult> Results => [.. _entries.Select(entry => new PeerResult(entry.Description, entry.Peer.Setting, entry.Median))];

    /// <summary>What the peers say of themselves.</summary>
    public IReadOnlyList<PeerDescription> Descriptions => [.. _entries.Select(entry => entry.Description)];

    /// <summary>Starts what there is and tries it out.</summary>
    /// <param name="programs">The programs.</param>
    /// <param name="threads">Numbers of threads to try.</param>
    /// <param name="work">What they are to do, in the words of the protocol.</param>
    /// <param name="load">What they are given before they run, or null.</param>
    public void Start(IReadOnlyList<PeerProgram> programs, int[] threads, string[] work, string? load)
    {
        foreach (PeerProgram program in programs)
        {
            try
            {
                List<Entry> tried = [];
                foreach (PeerSetting setting in PeerSetting.All(threads))
                {
                    PeerProcess peer = PeerProcess.Start(program, setting, work);
                    Entry entry = new(peer, PeerDescription.Parse(peer.Description));
                    _entries.Add(entry);
                    tried.Add(entry);
                    if (tried.Count == 1)
                        Console.WriteLine(peer.Description);
                    Scout(entry, load);
                }

                Keep(tried);
            }
            catch (ThalwegException exception)
            {
                Console.WriteLine($"{program.Name}: left out: {exception.Message}");
            }
        }
    }

    /// <summary>Gives the peers other work and tries them out again.</summary>
    public void Reload(string load)
    {
        foreach (Entry entry in _entries)
        {
            entry.Peer.Resume();
            Scout(entry, load);
        }
    }

    /// <summary>Adds the peers to a comparison; each runs in its turn only.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="steps">Steps of a round, at most.</param>
    public void AddTo(PeerComparison comparison, int steps)
    {
        foreach (Entry entry in _entries)
        {
            entry.Measured.Clear();
            int own = Math.Clamp((int)(RoundSeconds / entry.Scouted), Math.Min(ScoutSteps, steps), steps);
            comparison.Add($"{entry.Description.Product}, {entry.Peer.Setting}", _ => Turn(entry, own));
        }
    }

    public void Dispose() => _entries.ForEach(entry => entry.Peer.Dispose());

    private static double Turn(Entry entry, int steps)
    {
        entry.Peer.Resume();
        // Threads that were stopped wait in the middle of nothing; a step brings them back.
        entry.Peer.SecondsPerStep(1);
        double seconds = entry.Peer.SecondsPerStep(steps);
        entry.Peer.Pause();
        entry.Measured.Add(seconds);
        return seconds;
    }

    private static void Scout(Entry entry, string? load)
    {
        if (load is not null)
            entry.Peer.Load(load);
        int steps = Math.Max(ScoutSteps, (int)(ScoutSeconds / entry.Peer.SecondsPerStep(ScoutSteps)));
        entry.Scouted = Stopclock.Median([.. Enumerable.Range(0, ScoutRounds).Select(_ => entry.Peer.SecondsPerStep(steps))]);
        entry.Peer.Pause();
    }

    /// <summary>Ends the settings that are clearly slower than the program's best.</summary>
    private void Keep(List<Entry> tried)
    {
        double best = tried.Min(entry => entry.Scouted);
        string times = string.Join("; ", tried.Select(entry =>
            string.Create(CultureInfo.InvariantCulture, $"{entry.Peer.Setting}: {entry.Scouted * 1e3:F4} ms")));
        Console.WriteLine($"  {times}");
        foreach (Entry slow in tried.Where(entry => entry.Scouted > NearlyBest * best))
        {
            slow.Peer.Dispose();
            _entries.Remove(slow);
        }
    }

    private sealed record Entry(PeerProcess Peer, PeerDescription Description)
    {
        public double Scouted { get; set; }

        public List<double> Measured { get; } = [];

        public double Median => Stopclock.Median([.. Measured]);
    }
}
