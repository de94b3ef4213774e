using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Gated recurrent units. Source: Cho and others, EMNLP 2014, eq. (5)-(8), with the reset gate after the product
/// of the state.</summary>
/// <remarks>Gates r, z, n in this order: n = tanh(x W + b + r (h U + d)), h' = (1 - z) n + z h; r and z by the logistic function.
/// Input <c>[batch, time, in]</c>, output <c>[batch, time, directions * units]</c>; parameters as <see cref="RecurrentLayer"/> names
/// them, three gates.</remarks>
public sealed class Gru : RecurrentLayer
{
    /// <summary>Name of the type in descriptions.</summary>
    internal const string Type = "gru";

    /// <summary>Makes the layer.</summary>
    /// <param name="inputs">Number of inputs, 1 or more.</param>
    /// <param name="units">Number of units, 1 or more.</param>
    /// <param name="options">Settings; default one layer, forward in time.</param>
    /// <exception cref="ThalwegException">A size below 1.</exception>
    public Gru(int inputs, int units, RecurrentOptions? options = null)
        : base(RecurrentCell.Gru, inputs, units, options)
    {
    }

    private protected override string TypeName => Type;

    /// <summary>The layer of a description.</summary>
    internal static Gru Build(JsonObject description) => new(
        LayerRegistry.Read<int>(description, "inputs"), LayerRegistry.Read<int>(description, "units"), RecurrentOptions.Read(description));
}
