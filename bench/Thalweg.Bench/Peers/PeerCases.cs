using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Optimizers;

namespace Thalweg.Bench.Peers;

/// <summary>The cases that can be compared, by name; `bench/peers/torch_peer.py` has the other half of each.</summary>
internal static class PeerCases
{
    /// <summary>Makes our side of each case.</summary>
    public static SortedDictionary<string, Func<PeerOptions, IPeerCase>> All { get; } = new(StringComparer.Ordinal)
    {
        ["mlp-adam-64"] = _ => new NetworkCase("mlp-adam-64", Mlp, [784], 64, new Adam(1e-3)),
        ["mlp-sgd-128"] = _ => new NetworkCase("mlp-sgd-128", Mlp, [784], 128, new Sgd(0.1)),
    };

    private static Module Mlp() => new NetworkSpec { HiddenUnits = [256, 128] }.Build([784], 10);
}
