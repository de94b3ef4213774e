using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Merges all axes but the first: <c>[batch, 1, 28, 28]</c> becomes <c>[batch, 784]</c>.</summary>
/// <remarks>Input <c>[batch, ...]</c>, output <c>[batch, product of the rest]</c>; no parameters.</remarks>
public sealed class Flatten : Module
{
    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.Rank == 2 ? x : x.Flatten();

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "flatten" };
}
