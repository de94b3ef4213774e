using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Mean along an axis, which is removed: the pooling of sequences <c>[batch, length, width]</c> to <c>[batch,
/// width]</c>.</summary>
/// <remarks>Input <c>[batch, length, width]</c>, output <c>[batch, width]</c> for axis 1; any other shape loses the axis likewise. No
/// parameters.</remarks>
/// <param name="axis">Axis, from -Rank to Rank - 1; default 1.</param>
public sealed class Mean(int axis = 1) : Module
{
    /// <summary>The axis.</summary>
    public int Axis => axis;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.Mean(axis);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "mean", ["axis"] = axis };
}
