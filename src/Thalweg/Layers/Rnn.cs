using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Plain recurrent layer: h' = activation(x W + b + h U + d). Source: Elman, "Finding structure in time", Cognitive
/// Science 14, 1990.</summary>
/// <remarks>Input <c>[batch, time, in]</c>, output <c>[batch, time, directions * units]</c>; parameters as <see cref="RecurrentLayer"/>
/// names them, one gate. With ReLU: Le, Jaitly, Hinton, arXiv:1504.00941, 2015, but not its identity as the initial weight.</remarks>
public sealed class Rnn : RecurrentLayer
{
    /// <summary>Name of the type in descriptions.</summary>
    internal const string Type = "rnn";

    /// <summary>Makes the layer.</summary>
    /// <param name="inputs">Number of inputs, 1 or more.</param>
    /// <param name="units">Number of units, 1 or more.</param>
    /// <param name="activation">Tanh (default) or ReLU.</param>
    /// <param name="options">Settings; default one layer, forward in time.</param>
    /// <exception cref="ThalwegException">A size below 1, or another activation.</exception>
    public Rnn(int inputs, int units, Activation activation = Activation.Tanh, RecurrentOptions? options = null)
        : base(CellOf(activation), inputs, units, options)
    {
    }

    private protected override string TypeName => Type;

    /// <inheritdoc/>
    public override JsonObject Describe()
    {
        JsonObject description = base.Describe();
        description["activation"] = ActivationNames.NameOf(Cell == RecurrentCell.Relu ? Activation.Relu : Activation.Tanh);
        return description;
    }

    /// <summary>The layer of a description.</summary>
    internal static Rnn Build(JsonObject description) => new(
        LayerRegistry.Read<int>(description, "inputs"),
        LayerRegistry.Read<int>(description, "units"),
        ActivationNames.Parse(LayerRegistry.Read<string>(description, "activation")),
        RecurrentOptions.Read(description));

    private static RecurrentCell CellOf(Activation activation) => activation switch
    {
        Activation.Tanh => RecurrentCell.Tanh,
        Activation.Relu => RecurrentCell.Relu,
        _ => throw new ThalwegException($"[{Type}] expected the activation tanh or relu, got {ActivationNames.NameOf(activation)}"),
    };
}
