using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>A part of a network whose activations are not kept in training but computed again in the backward pass: less memory for one
/// more forward pass.</summary>
/// <remarks>
/// Input and output as the module has them; parameters are those of the module.
/// Training gives the bits that it gives without: random numbers are drawn again as they were, and batch statistics enter their running
/// averages once.
/// A custom module that changes something in its forward pass leaves that out where <see cref="Module.IsRepeat"/>.
/// Source: Chen, Xu, Zhang, Guestrin, "Training deep nets with sublinear memory cost", 2016.
/// </remarks>
public sealed class Recomputed : Module
{
    private readonly Module _module;
    private readonly Func<Tensor, Tensor> _forward;
    private readonly Parameter[] _parameters;

    /// <summary>Makes a part of a network one that is computed again.</summary>
    /// <param name="module">The part; the larger, the more memory it saves, and the more it takes while it is computed again.</param>
    public Recomputed(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _module = AddModule("module", module);
        _forward = input => Run(input, null);
        _parameters = [.. module.NamedParameters().Select(p => p.Parameter).Distinct()];
    }

    /// <summary>A chain of layers in parts of about equal length, each of them computed again.</summary>
    /// <param name="layers">The layers in order.</param>
    /// <param name="parts">Number of parts, from 1 to the number of layers; default 0, the root of that number, which needs the least
    /// memory for equal layers.</param>
    /// <exception cref="ThalwegException">The number of parts is out of range.</exception>
    public static Sequential Chain(IReadOnlyList<Module> layers, int parts = 0)
    {
        ArgumentNullException.ThrowIfNull(layers);
        int count = parts == 0 ? (int)Math.Round(Math.Sqrt(layers.Count)) : parts;
        if (count < 1 || count > layers.Count)
        {
            throw new ThalwegException(
                $"[checkpointed] expected 1 to {layers.Count} parts of {layers.Count} layers, got {count}; give fewer parts");
        }

        return new([.. Enumerable.Range(0, count).Select(part => new Recomputed(new Sequential(
            [.. layers.Skip(part * layers.Count / count).Take(((part + 1) * layers.Count / count) - (part * layers.Count / count))])))]);
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => ForwardCore(x, null);

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x, int[]? lengths)
    {
        if (!IsTraining)
            return ForwardPart(_module, x, lengths);

        Tensor[] parameters = new Tensor[_parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
            parameters[i] = _parameters[i].Value;

        return Recomputation.Apply(lengths is null ? _forward : input => Run(input, lengths), x, parameters);
    }

    private Tensor Run(Tensor x, int[]? lengths)
    {
        using ModuleScope scope = ModuleScope.Within(this);
        return ForwardPart(_module, x, lengths);
    }

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "checkpointed", ["module"] = _module.Describe() };

    /// <inheritdoc/>
    private protected override bool HasPositionInOrder => false;
}
