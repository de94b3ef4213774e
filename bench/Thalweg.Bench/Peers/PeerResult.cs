using System.Globalization;

namespace Thalweg.Bench.Peers;

/// <summary>What was measured of a peer.</summary>
/// <param name="Description">What it says of itself.</param>
/// <param name="Setting">How it ran.</param>
/// <param name="Seconds">Median seconds per step.</param>
internal sealed record PeerResult(PeerDescription Description, PeerSetting Setting, double Seconds)
{
    /// <summary>Peer, version, threads.</summary>
    public override string ToString() => $"{Description.Product}, {Setting}";
}

/// <summary>The verdict of a comparison: the best peer, and how many times as long it takes.</summary>
/// <param name="Best">The best peer, or null where none counts.</param>
/// <param name="Ratio">Its time over ours.</param>
internal sealed record PeerVerdict(PeerResult? Best, double Ratio)
{
    /// <summary>Exit code where there is no peer of today to compare with.</summary>
    public const int NoPeer = 3;

    /// <summary>The exit code that says it.</summary>
    public int ExitCode => Best is null ? NoPeer : 0;

    /// <summary>Chooses the fastest peer.</summary>
    /// <param name="results">All that ran.</param>
    /// <param name="ours">Our seconds per step.</param>
    /// <param name="allowOlder">Whether a comparison counts without today's libtorch among the peers.</param>
    public static PeerVerdict Of(IReadOnlyList<PeerResult> results, double ours, bool allowOlder)
    {
        PeerResult? best = results.MinBy(result => result.Seconds);
        return best is null || !(allowOlder || results.Any(result => result.Description.IsCurrent))
            ? new PeerVerdict(null, double.NaN)
            : new PeerVerdict(best, best.Seconds / ours);
    }

    /// <summary>The last line of a comparison.</summary>
    public override string ToString() => Best is null
        ? "ratio: none"
        : string.Create(CultureInfo.InvariantCulture, $"ratio: {Ratio:F3} ({Best})");
}
