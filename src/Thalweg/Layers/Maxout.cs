using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>Fully connected layer whose units are the largest of several affine maps.</summary>
/// <remarks>
/// Input <c>[..., in]</c>, output <c>[..., out]</c>; parameters <c>weight [in, out * pieces]</c> and <c>bias [out * pieces]</c>, the pieces
/// of a unit side by side. Source: Goodfellow, Warde-Farley, Mirza, Courville, Bengio, "Maxout networks", ICML 2013, eqs. (1) and (2).
/// </remarks>
public sealed class Maxout : Module
{
    private readonly Dense _maps;

    /// <summary>Makes a maxout layer.</summary>
    /// <param name="inputs">Number of inputs, 1 or more.</param>
    /// <param name="outputs">Number of units, 1 or more.</param>
    /// <param name="pieces">Affine maps of a unit, 1 or more; default 2.</param>
    /// <param name="initializer">How the weights start; default He.</param>
    /// <exception cref="ThalwegException">A size below 1.</exception>
    public Maxout(int inputs, int outputs, int pieces = 2, Initializer? initializer = null)
    {
        if (inputs < 1 || outputs < 1 || pieces < 1)
            throw new ThalwegException($"[maxout] expected 1 or more inputs, outputs and pieces, got {inputs}, {outputs} and {pieces}");

        (Outputs, Pieces) = (outputs, pieces);
        _maps = AddModule("maps", new Dense(inputs, outputs * pieces, Activation.None, initializer ?? Initializer.HeNormal()));
    }

    /// <summary>Number of inputs.</summary>
    public int Inputs => _maps.Inputs;

    /// <summary>Number of units.</summary>
    public int Outputs { get; }

    /// <summary>Affine maps of a unit.</summary>
    public int Pieces { get; }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => ForwardPart(_maps, x).Maxout(Pieces);

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["type"] = "maxout",
        ["inputs"] = Inputs,
        ["outputs"] = Outputs,
        ["pieces"] = Pieces,
        ["initializer"] = _maps.Weight.Initializer.Written(),
    };
}
