using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Transformer blocks one after the other; those that normalize first are followed by one more normalization.</summary>
/// <remarks>Input and output <c>[batch, length, width]</c>. With <see cref="TransformerOptions.Causal"/> it is the body of a language
/// model.
/// Source: Vaswani and others, NeurIPS 2017, section 3.1.</remarks>
public sealed class TransformerEncoder : Module
{
    private readonly TransformerBlock[] _blocks;
    private readonly LayerNorm? _norm;

    /// <summary>Makes the stack.</summary>
    /// <param name="blocks">Number of blocks, 1 or more.</param>
    /// <param name="width">Length of a vector, 1 or more.</param>
    /// <param name="heads">Number of heads; divides the width.</param>
    /// <param name="options">Settings of every block; default pre-norm with GELU.</param>
    /// <exception cref="ThalwegException">An argument is out of range.</exception>
    public TransformerEncoder(int blocks, int width, int heads, TransformerOptions? options = null)
    {
        if (blocks < 1)
            throw new ThalwegException($"[transformer encoder] expected 1 or more blocks, got {blocks}");

        (Width, Heads, Options) = (width, heads, options ?? new());
        _blocks = [.. Enumerable.Range(0, blocks).Select(i => AddModule($"blocks.{i}", new TransformerBlock(width, heads, Options)))];
        _norm = Options.NormFirst ? AddModule("norm", new LayerNorm([width])) : null;
    }

    /// <summary>Number of blocks.</summary>
    public int Blocks => _blocks.Length;

    /// <summary>Length of a vector.</summary>
    public int Width { get; }

    /// <summary>Number of heads.</summary>
    public int Heads { get; }

    /// <summary>Settings of every block.</summary>
    public TransformerOptions Options { get; }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => Forward(x, null, null);

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x, int[]? lengths) => Forward(x, lengths, null);

    /// <summary>The stack for padded sequences or with a mask.</summary>
    /// <param name="x">Input <c>[batch, length, width]</c>.</param>
    /// <param name="lengths">Length of each sequence; null: all are full.</param>
    /// <param name="mask">Who sees whom, see <see cref="AttentionOptions.Mask"/>; null: everybody.</param>
    /// <returns><c>[batch, length, width]</c>; rows past the end of a sequence are of no account.</returns>
    /// <exception cref="ThalwegException">Shapes or lengths do not fit.</exception>
    public Tensor Forward(Tensor x, int[]? lengths, Tensor? mask)
    {
        using ModuleScope scope = EnterScope();
        for (int i = 0; i < _blocks.Length; i++)
        {
            try
            {
                x = _blocks[i].Forward(x, lengths, mask);
            }
            catch (ThalwegException error)
            {
                throw InPart($"blocks.{i}", _blocks[i], error);
            }
        }

        return _norm is null ? x : _norm.Forward(x);
    }

    /// <inheritdoc/>
    public override JsonObject Describe()
    {
        JsonObject description = new() { ["type"] = "transformer_encoder", ["blocks"] = Blocks, ["width"] = Width, ["heads"] = Heads };
        Options.Write(description);
        return description;
    }

    /// <summary>The stack of a description.</summary>
    internal static TransformerEncoder Build(JsonObject description) => new(
        LayerRegistry.Read<int>(description, "blocks"),
        LayerRegistry.Read<int>(description, "width"),
        LayerRegistry.Read<int>(description, "heads"),
        TransformerOptions.Read(description));
}
