using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>The same module for each of several inputs, so that what it gives for them can be compared. Source: Bromley and others,
/// "Signature verification using a Siamese time delay neural network", NIPS 1993.</summary>
/// <remarks>Input: tensors by name, each as the module takes it; output: what it gives for each, under the same names. Parameters are those
/// of the module.</remarks>
public sealed class Siamese : TensorDictionaryModule
{
    private readonly Module _module;

    /// <summary>Wraps a module.</summary>
    /// <param name="module">The module.</param>
    public Siamese(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _module = AddModule("module", module);
    }

    /// <inheritdoc/>
    protected override TensorDictionary ForwardCore(TensorDictionary inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        (string, Tensor)[] outputs = new (string, Tensor)[inputs.Count];
        int i = 0;
        foreach ((string name, Tensor input) in inputs)
            outputs[i++] = (name, ForwardPart(_module, input, inputs.Lengths));
        return new TensorDictionary(outputs);
    }

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "siamese", ["module"] = _module.Describe() };

    /// <inheritdoc/>
    private protected override bool HasPositionInOrder => false;
}
