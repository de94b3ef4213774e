using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Mean along an axis, which is removed: the pooling of sequences <c>[batch, length, width]</c>
/// to <c>[batch, width]</c>.</summary>
/// <remarks>Input <c>[batch, length, width]</c>, output <c>[batch, width]</c> for axis 1; any other shape loses the axis
/// likewise. No parameters.</remarks>
/// <param name="axis">Axis, from -Rank to Rank - 1; default 1.</param>
public sealed class Mean(int axis = 1) : Module
{
    /// <summary>The axis.</summary>
    public int Axis => axis;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.Mean(axis);

    /// <summary>The mean of padded sequences <c>[batch, length, width]</c> over the steps that each has, where the axis is 1; along another
    /// axis lengths do not matter.</summary>
    /// <param name="x">Input.</param>
    /// <param name="lengths">Length of each sequence, 1 or more, <c>[batch]</c>; null where all are full.</param>
    /// <exception cref="ThalwegException">There is not one length for each sequence, or one is out of range.</exception>
    protected override Tensor ForwardCore(Tensor x, int[]? lengths)
    {
        if (lengths is null || (axis != 1 && axis != 1 - x.Rank))
            return ForwardCore(x);

        if (x.Rank < 2 || lengths.Length != x.Shape[0] || lengths.Any(length => length < 1 || length > x.Shape[1]))
        {
            throw new ThalwegException($"[mean] expected a length from 1 to {(x.Rank < 2 ? 0 : x.Shape[1])} for each sequence of {x.Shape}, "
                + $"got [{string.Join(", ", lengths)}]; give one for each sample");
        }

        int[] sizes = x.Shape.ToArray();
        sizes.AsSpan(2).Fill(1);
        Tensor weights = Tensor.Zeros(new Shape(sizes), x.DType);
        for (int sample = 0; sample < lengths.Length; sample++)
        {
            for (int time = 0; time < lengths[sample]; time++)
                weights.Write(((long)sample * sizes[1]) + time, 1.0 / lengths[sample]);
        }

        return x.Multiply(weights).Sum(1);
    }

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "mean", ["axis"] = axis };
}
