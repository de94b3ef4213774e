using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>A block of a Transformer: self-attention, then two dense layers, each with a normalization and a skip connection.</summary>
/// <remarks>
/// Input and output <c>[batch, length, width]</c>. Normalizing first: h = x + attention(norm1(x)), y = h + dense(norm2(h)); last: h =
/// norm1(x +
/// attention(x)), y = norm2(h + dense(h)). Source: Vaswani and others, NeurIPS 2017, section 3.1; Xiong and others, ICML 2020.
/// </remarks>
public sealed class TransformerBlock : Module
{
    private readonly LayerNorm _norm1, _norm2;
    private readonly MultiHeadAttention _attention;
    private readonly Dense _expand, _contract;
    private readonly Dropout _dropAttention, _dropHidden, _dropResult;
    private readonly StochasticDepth _path1, _path2;

    /// <summary>Makes the block.</summary>
    /// <param name="width">Length of a vector, 1 or more.</param>
    /// <param name="heads">Number of heads; divides the width.</param>
    /// <param name="options">Everything else; default pre-norm with GELU and four times the width between.</param>
    /// <exception cref="ThalwegException">An argument is out of range.</exception>
    public TransformerBlock(int width, int heads, TransformerOptions? options = null)
    {
        (Width, Heads, Options) = (width, heads, options ?? new());
        if (width < 1 || Options.FeedForward < 0)
        {
            throw new ThalwegException(
                $"[transformer block] expected a width of 1 or more and 0 or more units between, got {width} and {Options.FeedForward}");
        }

        MultiHeadAttentionOptions attention = new() { Causal = Options.Causal, Dropout = Options.Dropout, RotaryBase = Options.RotaryBase };
        int units = Options.FeedForward == 0 ? 4 * width : Options.FeedForward;
        _norm1 = AddModule("norm1", new LayerNorm([width]));
        _attention = AddModule("attention", new MultiHeadAttention(width, heads, attention));
        _dropAttention = AddModule("drop_attention", new Dropout(Options.Dropout));
        _path1 = AddModule("path1", new StochasticDepth(Options.DropPath));
        _norm2 = AddModule("norm2", new LayerNorm([width]));
        _expand = AddModule("expand", new Dense(width, units, Options.Activation));
        _dropHidden = AddModule("drop_hidden", new Dropout(Options.Dropout));
        _contract = AddModule("contract", new Dense(units, width));
        _dropResult = AddModule("drop_result", new Dropout(Options.Dropout));
        _path2 = AddModule("path2", new StochasticDepth(Options.DropPath));
    }

    /// <summary>Length of a vector.</summary>
    public int Width { get; }

    /// <summary>Number of heads.</summary>
    public int Heads { get; }

    /// <summary>Everything else.</summary>
    public TransformerOptions Options { get; }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => Forward(x, null, null);

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x, int[]? lengths) => Forward(x, lengths, null);

    /// <summary>The block for padded sequences or with a mask.</summary>
    /// <param name="x">Input <c>[batch, length, width]</c>.</param>
    /// <param name="lengths">Length of each sequence; null: all are full.</param>
    /// <param name="mask">Who sees whom, see <see cref="AttentionOptions.Mask"/>; null: everybody.</param>
    /// <returns><c>[batch, length, width]</c>; rows past the end of a sequence are of no account.</returns>
    /// <exception cref="ThalwegException">Shapes or lengths do not fit.</exception>
    public Tensor Forward(Tensor x, int[]? lengths, Tensor? mask)
    {
        using ModuleScope scope = EnterScope();
        if (x.Rank != 3 || x.Shape[2] != Width)
            throw new ThalwegException($"[transformer block] expected inputs [batch, length, {Width}], got {x.Shape}");

        if (Options.NormFirst)
        {
            x = x.Add(_path1.Forward(Attended(_norm1.Forward(x), lengths, mask)));
            return x.Add(_path2.Forward(Transformed(_norm2.Forward(x))));
        }

        x = _norm1.Forward(x.Add(_path1.Forward(Attended(x, lengths, mask))));
        return _norm2.Forward(x.Add(_path2.Forward(Transformed(x))));
    }

    /// <inheritdoc/>
    public override JsonObject Describe()
    {
        JsonObject description = new() { ["type"] = "transformer_block", ["width"] = Width, ["heads"] = Heads };
        Options.Write(description);
        return description;
    }

    /// <summary>The block of a description.</summary>
    internal static TransformerBlock Build(JsonObject description) => new(
        LayerRegistry.Read<int>(description, "width"), LayerRegistry.Read<int>(description, "heads"), TransformerOptions.Read(description));

    private Tensor Attended(Tensor x, int[]? lengths, Tensor? mask)
    {
        try
        {
            return _dropAttention.Forward(_attention.Attend(x, null, lengths, mask));
        }
        catch (ThalwegException error)
        {
            throw InPart("attention", _attention, error);
        }
    }

    private Tensor Transformed(Tensor x) => _dropResult.Forward(_contract.Forward(_dropHidden.Forward(_expand.Forward(x))));
}
