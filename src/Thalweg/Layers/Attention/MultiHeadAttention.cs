using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>Multi-head attention: heads of softmax(Q K' / sqrt(width / heads)) V over projections of the input, projected again.</summary>
/// <remarks>
/// Input and output <c>[batch, length, width]</c>; parameters <c>in_weight [width, 3 width]</c> (queries, keys and values side by side),
/// <c>in_bias</c>,
/// <c>out_weight [width, width]</c> and <c>out_bias</c>. The projections of self-attention are one product, whose result the heads read
/// where it lies.
/// Source: Vaswani and others, NeurIPS 2017, section 3.2.2.
/// </remarks>
public sealed class MultiHeadAttention : Module
{
    private readonly Parameter _inWeight, _outWeight;
    private readonly Parameter? _inBias, _outBias;
    private readonly PositionTable? _angles;

    /// <summary>Makes the layer.</summary>
    /// <param name="width">Length of a vector, 1 or more.</param>
    /// <param name="heads">Number of heads; divides the width.</param>
    /// <param name="options">Causal order, dropout, biases and rotary positions; default none but biases.</param>
    /// <exception cref="ThalwegException">An argument is out of range.</exception>
    public MultiHeadAttention(int width, int heads, MultiHeadAttentionOptions? options = null)
    {
        Options = options ?? new();
        if (width < 1 || heads < 1 || width % heads != 0 || !(Options.Dropout >= 0 && Options.Dropout < 1))
        {
            throw new ThalwegException(
                $"[multi-head attention] expected a width of 1 or more that the heads divide and dropout in [0, 1), got {width}, {heads} " +
                $"and {Options.Dropout}");
        }

        (Width, Heads) = (width, heads);
        _angles = Options.RotaryBase is { } rotaryBase ? PositionTable.Rotary(width / heads, rotaryBase) : null;
        _inWeight = AddParameter("in_weight", [width, 3 * width], ParameterRole.Weight, Initializer.XavierUniform());
        _inBias = Options.Bias ? AddParameter("in_bias", [3 * width], ParameterRole.Bias, Initializer.Zeros) : null;
        _outWeight = AddParameter("out_weight", [width, width], ParameterRole.Weight, Initializer.XavierUniform());
        _outBias = Options.Bias ? AddParameter("out_bias", [width], ParameterRole.Bias, Initializer.Zeros) : null;
    }

    /// <summary>Length of a vector.</summary>
    public int Width { get; }

    /// <summary>Number of heads.</summary>
    public int Heads { get; }

    /// <summary>Causal order, dropout, biases and rotary positions.</summary>
    public MultiHeadAttentionOptions Options { get; }

    /// <summary>Self-attention.</summary>
    /// <param name="x">Input <c>[batch, length, width]</c>.</param>
    /// <returns><c>[batch, length, width]</c>.</returns>
    protected override Tensor ForwardCore(Tensor x) => Attend(x, null, null);

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x, int[]? lengths) => Attend(x, null, lengths);

    /// <summary>Attention to the input itself, or to another sequence.</summary>
    /// <param name="x">Input <c>[batch, length, width]</c>, which gives the queries.</param>
    /// <param name="memory">What is attended to, <c>[batch, keys, width]</c>; null: the input.</param>
    /// <param name="keyLengths">Number of keys of each sample that take part; null: all.</param>
    /// <param name="mask">Who sees whom, see <see cref="AttentionOptions.Mask"/>; null (default): everybody.</param>
    /// <returns><c>[batch, length, width]</c>.</returns>
    /// <exception cref="ThalwegException">Shapes or lengths do not fit.</exception>
    public Tensor Attend(Tensor x, Tensor? memory, int[]? keyLengths, Tensor? mask = null)
    {
        using ModuleScope scope = EnterScope();
        Check(x);
        double dropout = IsTraining ? Options.Dropout : 0;
        AttentionOptions options = new()
        {
            Causal = Options.Causal,
            KeyLengths = keyLengths,
            Mask = mask,
            Dropout = dropout,
            Stream = dropout > 0 ? StreamOfStep(RandomPurpose.Dropout) : default,
        };
        Tensor mixed;
        if (memory is null)
        {
            Tensor projection = x.Linear(_inWeight.Value, _inBias?.Value);
            mixed = Turned(projection, 2 * Width).SelfAttention(Heads, options);
        }
        else
        {
            Check(memory);
            Tensor query = Turned(Project(x, 0), Width), key = Turned(Project(memory, 1), Width);
            mixed = query.MultiHeadAttention(key, Project(memory, 2), Heads, options);
        }

        return mixed.Linear(_outWeight.Value, _outBias?.Value);
    }

    /// <inheritdoc/>
    public override JsonObject Describe()
    {
        JsonObject description = new() { ["type"] = "multi_head_attention", ["width"] = Width, ["heads"] = Heads };
        Options.Write(description);
        return description;
    }

    /// <summary>The layer of a description.</summary>
    internal static MultiHeadAttention Build(JsonObject description) => new(
        LayerRegistry.Read<int>(description, "width"), LayerRegistry.Read<int>(description, "heads"),
        MultiHeadAttentionOptions.Read(description));

    private void Check(Tensor x)
    {
        if (x.Rank != 3 || x.Shape[2] != Width || x.Shape[1] == 0)
        {
            throw new ThalwegException(
                $"[multi-head attention] expected inputs [batch, length, {Width}] of 1 or more places, got {x.Shape}");
        }
    }

    private Tensor Turned(Tensor x, int columns) => _angles is null ? x : x.RotatePositions(_angles.First(x.Shape[1], x.DType), columns);

    /// <summary>Queries (0), keys (1) or values (2) alone.</summary>
    private Tensor Project(Tensor x, int part) =>
        x.Linear(_inWeight.Value.Slice(1, part * Width, Width), _inBias?.Value.Slice(0, part * Width, Width));
}
