namespace Thalweg.Bench.Peers;

/// <summary>What is to be compared, and how long.</summary>
/// <param name="Name">The case.</param>
/// <param name="Options">What the command line says for the case.</param>
/// <param name="Threads">Numbers of threads that peers try.</param>
/// <param name="Rounds">Rounds of each in turn.</param>
internal sealed record PeerRequest(string Name, PeerOptions Options, int[] Threads, int Rounds)
{
    /// <summary>Steps per round, or null for what fits the case.</summary>
    public int? Steps { get; init; }

    /// <summary>Whether only the peers run.</summary>
    public bool PeerOnly { get; init; }

    /// <summary>Whether a comparison counts without today's libtorch.</summary>
    public bool AllowOlder { get; init; }

    /// <summary>Whether rows of a table are printed too, for the command that compares all cases.</summary>
    public bool WithRows { get; init; }
}
