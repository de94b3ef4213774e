namespace Thalweg.Layers;

/// <summary><see cref="MultiHeadAttention"/> to itself: <c>attention(4, causal=true)</c>.</summary>
public sealed record AttentionSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="heads">Heads, a divisor of the width of the samples, 1 or more.</param>
    public AttentionSettings(int heads) => Heads = heads;

    /// <summary>Heads, a divisor of the width of the samples, 1 or more.</summary>
    public int Heads { get; init => field = AtLeast(1, value); }

    /// <summary>Whether a place sees itself and earlier ones alone; default false.</summary>
    public bool Causal { get; init; }

    /// <summary>Probability of a zero among the shares of attention in training, in [0, 1); default 0.</summary>
    public double Dropout { get; init => field = Within(value, 0, 1, isHighIncluded: false); }

    /// <summary>Whether there are biases; default true.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Base of rotary positions, above 1; default null: none.</summary>
    public double? RotaryBase { get; init; }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => input.Shape.Rank == 2
        ? new(
            new MultiHeadAttention(
                input.Shape[1], Heads, new() { Causal = Causal, Dropout = Dropout, Bias = Bias, RotaryBase = RotaryBase }),
            input.Shape)
        : throw Unfit("sequences [length, width]", input.Shape, "give samples of that shape");
}

/// <summary>What blocks of Transformers have in common: samples are sequences <c>[length, width]</c>.</summary>
public abstract record TransformerLayerSettings : LayerSettings
{
    private protected TransformerLayerSettings(int heads) => Heads = heads;

    /// <summary>Heads, a divisor of the width of the samples, 1 or more.</summary>
    public int Heads { get; init => field = AtLeast(1, value); }

    /// <summary>Units between the two dense layers; default 0: four times the width.</summary>
    public int FeedForward { get; init => field = AtLeast(0, value); }

    /// <summary>Between the two dense layers; default GELU.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Probability of a zero in training, in [0, 1); default 0.</summary>
    public double Dropout { get; init => field = Within(value, 0, 1, isHighIncluded: false); }

    /// <summary>Whether normalization comes first (default) or last.</summary>
    public bool NormFirst { get; init; } = true;

    /// <summary>Whether a place sees itself and earlier ones alone; default false.</summary>
    public bool Causal { get; init; }

    /// <summary>Base of rotary positions, above 1; default null: none.</summary>
    public double? RotaryBase { get; init; }

    /// <summary>Probability with which a sample skips a path in training, in [0, 1); default 0.</summary>
    public double DropPath { get; init => field = Within(value, 0, 1, isHighIncluded: false); }

    /// <inheritdoc/>
    public sealed override BuiltLayer Build(LayerInput input)
    {
        if (input.Shape.Rank != 2)
            throw Unfit("sequences [length, width]", input.Shape, "give samples of that shape");
        TransformerOptions options = new()
        {
            FeedForward = FeedForward,
            Activation = Activation,
            Dropout = Dropout,
            NormFirst = NormFirst,
            Causal = Causal,
            RotaryBase = RotaryBase,
            DropPath = DropPath,
        };
        return new(Layer(input.Shape[1], options), input.Shape);
    }

    private protected abstract Module Layer(int width, TransformerOptions options);
}

/// <summary><see cref="TransformerBlock"/>: <c>transformer_block(4)</c>.</summary>
public sealed record TransformerBlockSettings : TransformerLayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="heads">Heads, a divisor of the width of the samples, 1 or more.</param>
    public TransformerBlockSettings(int heads)
        : base(heads)
    {
    }

    private protected override Module Layer(int width, TransformerOptions options) => new TransformerBlock(width, Heads, options);
}

/// <summary><see cref="TransformerEncoder"/>: <c>transformer(6, heads=4)</c>.</summary>
public sealed record TransformerSettings : TransformerLayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="blocks">Number of blocks, 1 or more.</param>
    /// <param name="heads">Heads, a divisor of the width of the samples, 1 or more.</param>
    public TransformerSettings(int blocks, int heads)
        : base(heads) => Blocks = blocks;

    /// <summary>Number of blocks, 1 or more.</summary>
    public int Blocks { get; init => field = AtLeast(1, value); }

    private protected override Module Layer(int width, TransformerOptions options) =>
        new TransformerEncoder(Blocks, width, Heads, options);
}

/// <summary><see cref="SinusoidalPositions"/>: <c>sinusoidal_positions</c>.</summary>
public sealed record SinusoidalPositionsSettings : LayerSettings
{
    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => new(new SinusoidalPositions(input.Shape[-1]), input.Shape);
}

/// <summary><see cref="LearnedPositions"/>: <c>learned_positions</c>.</summary>
public sealed record LearnedPositionsSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="maximumLength">Longest sequence, 1 or more; default null: that of the samples.</param>
    public LearnedPositionsSettings(int? maximumLength = null) => MaximumLength = maximumLength;

    /// <summary>Longest sequence, 1 or more; null: that of the samples.</summary>
    public int? MaximumLength { get; init => field = value is { } number ? AtLeast(1, number) : null; }

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) =>
        new(new LearnedPositions(MaximumLength ?? input.Shape[-2], input.Shape[-1]), input.Shape);
}

/// <summary><see cref="RotaryPositions"/>: <c>rotary_positions(32)</c>.</summary>
public sealed record RotaryPositionsSettings : LayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="headWidth">Width of a head, even.</param>
    public RotaryPositionsSettings(int headWidth) => HeadWidth = headWidth;

    /// <summary>Width of a head, even.</summary>
    public int HeadWidth { get; init => field = AtLeast(2, value); }

    /// <summary>Base of the angles, above 1; default 10,000.</summary>
    public double RotaryBase { get; init => field = AboveZero(value); } = 10_000;

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input) => new(new RotaryPositions(HeadWidth, RotaryBase), input.Shape);
}
