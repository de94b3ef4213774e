using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Settings of <see cref="MultiHeadAttention"/>.</summary>
public sealed record MultiHeadAttentionOptions
{
    /// <summary>Whether each place sees itself and earlier places alone; default no.</summary>
    public bool Causal { get; init; }

    /// <summary>Probability with which a weight between two places is dropped in training, in [0, 1); default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether the projections have biases, which start at 0; default yes.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Base of rotary positions on queries and keys, usually 10,000, see <see cref="RotaryPositions"/>;
    /// null (default): none.</summary>
    public double? RotaryBase { get; init; }

    /// <summary>Adds the options to a description.</summary>
    internal void Write(JsonObject description)
    {
        description["causal"] = Causal;
        description["dropout"] = Dropout;
        description["bias"] = Bias;
        description["rotary_base"] = RotaryBase ?? 0;
    }

    /// <summary>The options of a description.</summary>
    internal static MultiHeadAttentionOptions Read(JsonObject description) => new()
    {
        Causal = LayerRegistry.Read<bool>(description, "causal"),
        Dropout = LayerRegistry.Read<double>(description, "dropout"),
        Bias = LayerRegistry.Read<bool>(description, "bias"),
        RotaryBase = LayerRegistry.Read<double>(description, "rotary_base") is var rotaryBase and > 0 ? rotaryBase : null,
    };
}
