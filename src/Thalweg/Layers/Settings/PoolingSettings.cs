namespace Thalweg.Layers;

/// <summary>What pooling layers with a window have in common: images <c>[channels, height, width]</c> get windows of two axes, signals
/// <c>[channels, length]</c> of one.</summary>
public abstract record WindowPoolingSettings : LayerSettings
{
    private protected WindowPoolingSettings(Size2d size) => Size = size;

    /// <summary>Size of the window, <c>2</c> or <c>2x3</c>; default 2.</summary>
    public Size2d Size { get; init; }

    /// <summary>Steps of the window; default null: its size.</summary>
    public Size2d? Stride { get; init; }

    /// <summary>Rows and columns added around; default 0.</summary>
    public Size2d Padding { get; init; }

    /// <summary>Whether a window that fits in part is used too; default false.</summary>
    public bool CeilMode { get; init; }

    private protected virtual PoolingOptions Options => new()
    {
        KernelSize = Size,
        Stride = Stride,
        Padding = Padding,
        CeilMode = CeilMode,
    };

    /// <inheritdoc/>
    public sealed override BuiltLayer Build(LayerInput input)
    {
        Shape shape = input.Shape;
        if (shape.Rank is not (2 or 3))
            throw Unfit("images [channels, height, width] or signals [channels, length]", shape, "leave it out");
        Module layer = Layer(isSignal: shape.Rank == 2);
        int[] sizes = shape.ToArray();
        Tensor one = layer.Forward(Tensor.Zeros([1, 1, .. sizes[1..]]));
        return new(layer, new Shape([sizes[0], .. one.Shape.ToArray()[2..]]));
    }

    private protected abstract Module Layer(bool isSignal);
}

/// <summary><see cref="MaxPool2d"/> or <see cref="MaxPool1d"/>: <c>max_pool(2)</c>.</summary>
public sealed record MaxPoolSettings : WindowPoolingSettings
{
    /// <summary>Makes the settings with a window of 2.</summary>
    public MaxPoolSettings()
        : this(2)
    {
    }

    /// <summary>Makes the settings.</summary>
    /// <param name="size">Size of the window.</param>
    public MaxPoolSettings(Size2d size)
        : base(size)
    {
    }

    /// <summary>Distance between neighboring places of the window; default 1.</summary>
    public Size2d Dilation { get; init; } = 1;

    private protected override PoolingOptions Options => base.Options with { Dilation = Dilation };

    private protected override Module Layer(bool isSignal) => isSignal ? new MaxPool1d(Options) : new MaxPool2d(Options);
}

/// <summary><see cref="AvgPool2d"/> or <see cref="AvgPool1d"/>: <c>avg_pool(2)</c>.</summary>
public sealed record AvgPoolSettings : WindowPoolingSettings
{
    /// <summary>Makes the settings with a window of 2.</summary>
    public AvgPoolSettings()
        : this(2)
    {
    }

    /// <summary>Makes the settings.</summary>
    /// <param name="size">Size of the window.</param>
    public AvgPoolSettings(Size2d size)
        : base(size)
    {
    }

    /// <summary>Whether the padding counts in the mean; default true.</summary>
    public bool CountIncludePad { get; init; } = true;

    /// <summary>What the sum is divided by in place of the number of places, 1 or more; default null.</summary>
    public int? Divisor { get; init; }

    private protected override PoolingOptions Options =>
        base.Options with { CountIncludePad = CountIncludePad, DivisorOverride = Divisor };

    private protected override Module Layer(bool isSignal) => isSignal ? new AvgPool1d(Options) : new AvgPool2d(Options);
}

/// <summary>What pooling to a size has in common.</summary>
public abstract record AdaptivePoolingSettings : LayerSettings
{
    private protected AdaptivePoolingSettings(Size2d size) => Size = size;

    /// <summary>Size of the output; default 1.</summary>
    public Size2d Size { get; init; }

    /// <inheritdoc/>
    public sealed override BuiltLayer Build(LayerInput input) => input.Shape.Rank switch
    {
        3 => new(Layer(isSignal: false), [input.Shape[0], Size.Height, Size.Width]),
        2 => new(Layer(isSignal: true), [input.Shape[0], Size.Width]),
        _ => throw Unfit("images [channels, height, width] or signals [channels, length]", input.Shape, "leave it out"),
    };

    private protected abstract Module Layer(bool isSignal);
}

/// <summary><see cref="AdaptiveAvgPool2d"/> or <see cref="AdaptiveAvgPool1d"/>: <c>adaptive_avg_pool</c>.</summary>
public sealed record AdaptiveAvgPoolSettings : AdaptivePoolingSettings
{
    /// <summary>Makes the settings with one place for each channel.</summary>
    public AdaptiveAvgPoolSettings()
        : this(1)
    {
    }

    /// <summary>Makes the settings.</summary>
    /// <param name="size">Size of the output.</param>
    public AdaptiveAvgPoolSettings(Size2d size)
        : base(size)
    {
    }

    private protected override Module Layer(bool isSignal) =>
        isSignal ? new AdaptiveAvgPool1d(Size.Width) : new AdaptiveAvgPool2d(Size);
}

/// <summary><see cref="AdaptiveMaxPool2d"/> or <see cref="AdaptiveMaxPool1d"/>: <c>adaptive_max_pool</c>.</summary>
public sealed record AdaptiveMaxPoolSettings : AdaptivePoolingSettings
{
    /// <summary>Makes the settings with one place for each channel.</summary>
    public AdaptiveMaxPoolSettings()
        : this(1)
    {
    }

    /// <summary>Makes the settings.</summary>
    /// <param name="size">Size of the output.</param>
    public AdaptiveMaxPoolSettings(Size2d size)
        : base(size)
    {
    }

    private protected override Module Layer(bool isSignal) =>
        isSignal ? new AdaptiveMaxPool1d(Size.Width) : new AdaptiveMaxPool2d(Size);
}
