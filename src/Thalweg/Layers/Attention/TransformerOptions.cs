using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Settings of <see cref="TransformerBlock"/> and <see cref="TransformerEncoder"/>.</summary>
public sealed record TransformerOptions
{
    /// <summary>Units between the two dense layers of a block; 0 (default): four times the width.</summary>
    public int FeedForward { get; init; }

    /// <summary>Activation between the two dense layers; default GELU (the first paper: ReLU).</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Probability of dropout in training: of weights of attention, of the results of both halves, and between the dense layers;
    /// in [0, 1), default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether each half normalizes its input (default), or, as in the first paper, the sum of input and result. Source of the
    /// former: Xiong and
    /// others, ICML 2020, figure 1.</summary>
    public bool NormFirst { get; init; } = true;

    /// <summary>Whether each place sees itself and earlier places alone; default no.</summary>
    public bool Causal { get; init; }

    /// <summary>Base of rotary positions, see <see cref="RotaryPositions"/>; null (default): none.</summary>
    public double? RotaryBase { get; init; }

    /// <summary>Probability with which a sample passes a half by in training, see <see cref="StochasticDepth"/>; in [0,
    /// 1), default 0.</summary>
    public double DropPath { get; init; }

    /// <summary>Adds the options to a description.</summary>
    internal void Write(JsonObject description)
    {
        description["feed_forward"] = FeedForward;
        description["activation"] = ActivationNames.NameOf(Activation);
        description["dropout"] = Dropout;
        description["norm_first"] = NormFirst;
        description["causal"] = Causal;
        description["rotary_base"] = RotaryBase ?? 0;
        description["drop_path"] = DropPath;
    }

    /// <summary>The options of a description.</summary>
    internal static TransformerOptions Read(JsonObject description) => new()
    {
        FeedForward = LayerRegistry.Read<int>(description, "feed_forward"),
        Activation = ActivationNames.Parse(LayerRegistry.Read<string>(description, "activation")),
        Dropout = LayerRegistry.Read<double>(description, "dropout"),
        NormFirst = LayerRegistry.Read<bool>(description, "norm_first"),
        Causal = LayerRegistry.Read<bool>(description, "causal"),
        RotaryBase = LayerRegistry.Read<double>(description, "rotary_base") is var rotaryBase and > 0 ? rotaryBase : null,
        DropPath = LayerRegistry.Read<double>(description, "drop_path"),
    };
}
