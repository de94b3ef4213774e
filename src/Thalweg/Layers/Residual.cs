using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>A residual block: activation(module(x) + shortcut(x)). Source: He and others, CVPR 2016, equations 1 and 2.</summary>
/// <remarks>Input as the module takes it, output as the module gives it, <c>[batch, channels, ...]</c>; the shortcut gives that shape too.
/// Parameters are those of the two.</remarks>
public sealed class Residual : Module
{
    private readonly Module _module;
    private readonly Module? _shortcut;

    /// <summary>Makes the block.</summary>
    /// <param name="module">What the block computes.</param>
    /// <param name="shortcut">Brings the input to the shape of the output, such as a 1x1 convolution; default null:
    /// the input itself.</param>
    /// <param name="activation">Applied to the sum; default none.</param>
    public Residual(Module module, Module? shortcut = null, Activation activation = Activation.None)
    {
        _module = AddModule("module", module);
        _shortcut = shortcut is null ? null : AddModule("shortcut", shortcut);
        Activation = activation;
    }

    /// <summary>Applied to the sum.</summary>
    public Activation Activation { get; }

    /// <inheritdoc/>
    /// <exception cref="ThalwegException">The two shapes differ, or a part refuses its input; the message ends with the part.</exception>
    protected override Tensor ForwardCore(Tensor x) => ForwardCore(x, null);

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x, int[]? lengths)
    {
        Tensor y = ForwardPart(_module, x, lengths), around = _shortcut is null ? x : ForwardPart(_shortcut, x, lengths);
        return y.Shape == around.Shape
            ? y.Add(around, Activation)
            : throw new ThalwegException(
                $"[residual] expected a shortcut of shape {y.Shape}, got {around.Shape}; give a shortcut such as a 1x1 convolution");
    }

    /// <inheritdoc/>
    public override JsonObject Describe()
    {
        JsonObject description =
            new() { ["type"] = "residual", ["module"] = _module.Describe(), ["activation"] = ActivationNames.NameOf(Activation) };
        if (_shortcut is not null)
            description["shortcut"] = _shortcut.Describe();

        return description;
    }

    /// <summary>The block of a description.</summary>
    internal static Residual Build(JsonObject description)
    {
        Module? shortcut = description.ContainsKey("shortcut") ? LayerRegistry.Part(description, "shortcut") : null;
        return new(LayerRegistry.Part(description, "module"), shortcut,
            ActivationNames.Parse(LayerRegistry.Read<string>(description, "activation")));
    }
}
