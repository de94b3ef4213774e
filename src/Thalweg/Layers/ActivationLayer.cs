using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>An activation function as a layer of its own: any shape in, the same shape out.</summary>
/// <remarks>Input and output <c>[...]</c>. The method of <see cref="Tensor"/> that bears the name of the activation has
/// equation and source.</remarks>
/// <param name="activation">Which function.</param>
public sealed class ActivationLayer(Activation activation) : Module
{
    /// <summary>Which function.</summary>
    public Activation Activation { get; } = activation;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.Activate(Activation);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "activation", ["activation"] = ActivationNames.NameOf(Activation) };
}
