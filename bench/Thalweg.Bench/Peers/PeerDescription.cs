using System.Globalization;
using System.Text.RegularExpressions;

namespace Thalweg.Bench.Peers;

/// <summary>What a peer says of itself when it is ready: <c>torch VERSION key=value ...</c>.</summary>
/// <param name="Libtorch">Version of libtorch.</param>
/// <param name="Values">Settings and facts by name.</param>
internal sealed partial record PeerDescription(Version Libtorch, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>The oldest libtorch that counts as today's.</summary>
    public static readonly Version Current = new(2, 10);

    /// <summary>Whether the peer is one that somebody would install today.</summary>
    public bool IsCurrent => Libtorch >= Current;

    /// <summary>Name and versions.</summary>
    public string Product => Values.TryGetValue("torchsharp", out string? wrapper)
        ? $"TorchSharp {wrapper}, libtorch {Libtorch}"
        : $"PyTorch {Libtorch}";

    /// <summary>Number of parameters of the network, where the peer says it.</summary>
    public long? Parameters => Values.TryGetValue("parameters", out string? text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : null;

    /// <summary>Mean loss over all batches before the first step, where the peer says it.</summary>
    public double? Loss => Values.TryGetValue("loss", out string? text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double loss) ? loss : null;

    /// <summary>Reads the line, without its first word <c>ready</c>.</summary>
    /// <exception cref="ThalwegException">It does not begin with <c>torch VERSION</c>.</exception>
    public static PeerDescription Parse(string line)
    {
        Match match = Head().Match(line);
        if (!match.Success || !Version.TryParse(match.Groups[1].Value, out Version? version))
            throw new ThalwegException($"[peer] expected `torch VERSION ...`, got '{line}'; run the peer by itself to see why");

        Dictionary<string, string> values = [];
        foreach (string word in line[match.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int at = word.IndexOf('=', StringComparison.Ordinal);
            if (at > 0)
                values[word[..at]] = word[(at + 1)..];
        }

        return new PeerDescription(version, values);
    }

    /// <summary>Whether peers train the same network: as many parameters, and nearly the same loss at the start.</summary>
    /// <param name="peers">What the peers say.</param>
    /// <exception cref="ThalwegException">They differ.</exception>
    public static void CheckAgreement(IReadOnlyList<PeerDescription> peers)
    {
        const double MostDeviation = 0.1;
        (PeerDescription Peer, long Count)[] counts = [.. peers.Where(peer => peer.Parameters is not null)
            .Select(peer => (peer, peer.Parameters!.Value))];
        foreach ((PeerDescription peer, long count) in counts)
        {
            if (count != counts[0].Count)
                throw Differ($"{counts[0].Count} parameters, as {counts[0].Peer.Product} has", $"{count} of {peer.Product}");
        }

        (PeerDescription Peer, double Loss)[] losses = [.. peers.Where(peer => peer.Loss is not null).Select(peer => (peer, peer.Loss!.Value))];
        foreach ((PeerDescription peer, double loss) in losses)
        {
            double first = losses[0].Loss;
            if (!(Math.Abs(loss - first) <= MostDeviation * Math.Abs(first)))
            {
                throw Differ(string.Create(CultureInfo.InvariantCulture, $"a loss near {first:g4} before the first step, as {losses[0].Peer.Product} has"),
                    string.Create(CultureInfo.InvariantCulture, $"{loss:g4} of {peer.Product}"));
            }
        }
    }

    private static ThalwegException Differ(string expected, string found) =>
        new($"[peer] expected {expected}, got {found}; the peers do not train the same network: correct the case in bench/peers");

    [GeneratedRegex(@"^torch (\d+\.\d+(?:\.\d+)?)")]
    private static partial Regex Head();
}
