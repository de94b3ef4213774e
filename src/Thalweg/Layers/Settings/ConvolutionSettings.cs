using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>What convolutions have in common: images <c>[channels, height, width]</c> get windows of two axes, signals
/// <c>[channels, length]</c> of one.</summary>
public abstract record ConvolutionLayerSettings : LayerSettings
{
    private protected ConvolutionLayerSettings(int channels, Size2d kernel) => (Channels, Kernel) = (channels, kernel);

    /// <summary>Number of output channels, 1 or more.</summary>
    public int Channels { get; init => field = AtLeast(1, value); }

    /// <summary>Size of the window, <c>3</c> or <c>3x5</c>; default 3.</summary>
    public Size2d Kernel { get; init; }

    /// <summary>Steps of the window; default 1.</summary>
    public Size2d Stride { get; init; } = 1;

    /// <summary>Zeros before the first and after the last row and column; default 0.</summary>
    public Size2d Padding { get; init; }

    /// <summary>Distance between neighboring taps of the window; default 1.</summary>
    public Size2d Dilation { get; init; } = 1;

    /// <summary>Groups of channels that do not see each other; default 1.</summary>
    public int Groups { get; init => field = AtLeast(1, value); } = 1;

    /// <summary>Applied to each output; default none.</summary>
    public Activation Activation { get; init; }

    /// <summary>How the weights start; default null: by activation, see <see cref="Initializers.Initializer.ForActivation"/>.</summary>
    public Initializer? Initializer { get; init; }

    /// <summary>Whether there is a bias; default true. Leave it out before a normalization that shifts.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>How the bias starts; default null: at 0.</summary>
    public Initializer? BiasInitializer { get; init; }

    private protected virtual ConvolutionOptions Options => new()
    {
        Stride = Stride,
        Padding = Padding,
        Dilation = Dilation,
        Groups = Groups,
        Activation = Activation,
    };

    private protected BuiltLayer Started(ConvolutionLayer layer, Tensor one)
    {
        Start(layer.Weight, Initializer);
        Start(layer.Bias, BiasInitializer);
        return new(layer, new Shape([Channels, .. one.Shape.ToArray()[2..]]));
    }

    private protected ThalwegException Unfit(Shape shape) => Unfit(
        "images [channels, height, width] or signals [channels, length]", shape, "take dense, or give samples of that shape");
}

/// <summary><see cref="Conv2d"/> or <see cref="Conv1d"/>: <c>conv(32, 3, padding=same, activation=relu)</c>.</summary>
public sealed record ConvSettings : ConvolutionLayerSettings
{
    /// <summary>Makes the settings with a window of 3.</summary>
    /// <param name="channels">Number of output channels, 1 or more.</param>
    public ConvSettings(int channels)
        : this(channels, 3)
    {
    }

    /// <summary>Makes the settings.</summary>
    /// <param name="channels">Number of output channels, 1 or more.</param>
    /// <param name="kernel">Size of the window.</param>
    public ConvSettings(int channels, Size2d kernel)
        : base(channels, kernel)
    {
    }

    /// <summary>Whether the padding is chosen so that the output has ceil(size / stride) places; default false.
    /// In texts <c>same_padding=true</c>.</summary>
    public bool SamePadding { get; init; }

    private protected override ConvolutionOptions Options => base.Options with { SamePadding = SamePadding };

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input)
    {
        // One channel and a window of zeros give the size of the output.
        Shape shape = input.Shape;
        ConvolutionOptions one = Options with { Groups = 1, Activation = Activation.None };
        return shape.Rank switch
        {
            3 => Started(new Conv2d(shape[0], Channels, Kernel, Options, Bias),
                Tensor.Zeros([1, 1, shape[1], shape[2]]).Conv2d(Tensor.Zeros([1, 1, Kernel.Height, Kernel.Width]), null, one)),
            2 => Started(new Conv1d(shape[0], Channels, Kernel.Width, Options, Bias),
                Tensor.Zeros([1, 1, shape[1]]).Conv1d(Tensor.Zeros([1, 1, Kernel.Width]), null, one)),
            _ => throw Unfit(shape),
        };
    }
}

/// <summary><see cref="ConvTranspose2d"/> or <see cref="ConvTranspose1d"/>: <c>conv_transpose(16, 4, stride=2)</c>.</summary>
public sealed record ConvTransposeSettings : ConvolutionLayerSettings
{
    /// <summary>Makes the settings with a window of 3.</summary>
    /// <param name="channels">Number of output channels, 1 or more.</param>
    public ConvTransposeSettings(int channels)
        : this(channels, 3)
    {
    }

    /// <summary>Makes the settings.</summary>
    /// <param name="channels">Number of output channels, 1 or more.</param>
    /// <param name="kernel">Size of the window.</param>
    public ConvTransposeSettings(int channels, Size2d kernel)
        : base(channels, kernel)
    {
    }

    /// <summary>Rows and columns added at the end of the output; default 0.</summary>
    public Size2d OutputPadding { get; init; }

    private protected override ConvolutionOptions Options => base.Options with { OutputPadding = OutputPadding };

    /// <inheritdoc/>
    public override BuiltLayer Build(LayerInput input)
    {
        Shape shape = input.Shape;
        ConvolutionOptions one = Options with { Groups = 1, Activation = Activation.None };
        return shape.Rank switch
        {
            3 => Started(new ConvTranspose2d(shape[0], Channels, Kernel, Options, Bias),
                Tensor.Zeros([1, 1, shape[1], shape[2]]).ConvTranspose2d(Tensor.Zeros([1, 1, Kernel.Height, Kernel.Width]), null, one)),
            2 => Started(new ConvTranspose1d(shape[0], Channels, Kernel.Width, Options, Bias),
                Tensor.Zeros([1, 1, shape[1]]).ConvTranspose1d(Tensor.Zeros([1, 1, Kernel.Width]), null, one)),
            _ => throw Unfit(shape),
        };
    }
}
