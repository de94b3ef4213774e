namespace Thalweg.Bench.Peers;

/// <summary>The cases that can be compared, by name; `bench/peers/torch_peer.py` has the other half of each.</summary>
internal static class PeerCases
{
    /// <summary>Makes our side of each case.</summary>
    public static SortedDictionary<string, Func<PeerOptions, IPeerCase>> All { get; } = new(StringComparer.Ordinal);
}
