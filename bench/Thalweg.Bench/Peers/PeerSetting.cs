using System.Globalization;

namespace Thalweg.Bench.Peers;

/// <summary>How the threads of a peer's OpenMP wait for work.</summary>
internal enum WaitPolicy
{
    /// <summary>As OpenMP does by itself: they spin for a moment.</summary>
    Unset,

    /// <summary>They spin.</summary>
    Active,

    /// <summary>They sleep.</summary>
    Passive,
}

/// <summary>A way to run a peer.</summary>
/// <param name="Threads">Threads that it may use.</param>
/// <param name="Waiting">How they wait.</param>
internal sealed record PeerSetting(int Threads, WaitPolicy Waiting)
{
    /// <summary>The variable that OpenMP reads.</summary>
    public const string WaitVariable = "OMP_WAIT_POLICY";

    /// <summary>Every way that makes a difference: a single thread waits for nobody. Threads that spin without an end can only be measured where
    /// a process can be stopped while it is not its turn.</summary>
    /// <param name="threads">The numbers of threads.</param>
    public static IReadOnlyList<PeerSetting> All(IEnumerable<int> threads) =>
    [
        .. threads.SelectMany(count => count == 1 || !PeerProcess.CanPause
            ? [new PeerSetting(count, WaitPolicy.Unset)]
            : Enum.GetValues<WaitPolicy>().Select(policy => new PeerSetting(count, policy))),
    ];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Threads} thread{(Threads == 1 ? "" : "s")}{(Threads == 1 ? "" : $", waiting {Waiting.ToString().ToLowerInvariant()}")}");
}
