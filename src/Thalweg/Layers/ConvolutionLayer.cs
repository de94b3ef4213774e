using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>What the convolution layers share: parameters <c>weight</c> and <c>bias</c>, options, and their description.</summary>
public abstract class ConvolutionLayer : Module, IFusesActivation, IWeighted
{
    private readonly string _type;
    private ConvolutionOptions? _rectified;

    /// <summary>Makes a convolution layer.</summary>
    /// <param name="type">Type in descriptions.</param>
    /// <param name="setting">Channels, window, options and how the weights start.</param>
    /// <param name="weightShape">Shape of the weight: two axes of channels, then the window.</param>
    /// <exception cref="ThalwegException">A size below 1, or groups that do not divide the channels.</exception>
    private protected ConvolutionLayer(string type, in ConvolutionSetting setting, Shape weightShape)
    {
        (Inputs, Outputs, KernelSize, Options) = (setting.Inputs, setting.Outputs, setting.KernelSize, setting.Options);
        _type = type;
        Initializer initializer = setting.Initializer ?? Initializer.ForActivation(Options.Activation);
        bool isTransposed = type.Contains("transpose", StringComparison.Ordinal);
        Weight = AddParameter("weight", weightShape, ParameterRole.Weight, initializer, FansOf(setting, isTransposed));
        Weight.Layout = isTransposed ? WeightLayout.InputsFirstWindowLast : WeightLayout.OutputsFirst;
        (Weight.OutputAxis, Weight.OutputGroups) = isTransposed ? (1, Options.Groups) : (0, 1);
        Bias = setting.Bias ? AddParameter("bias", [Outputs], ParameterRole.Bias, Initializer.Zeros) : null;
    }

    /// <summary>Number of input channels.</summary>
    public int Inputs { get; }

    /// <summary>Number of output channels.</summary>
    public int Outputs { get; }

    /// <summary>Size of the window; signals have a width alone.</summary>
    public Size2d KernelSize { get; }

    /// <summary>Stride, padding, dilation, groups and activation.</summary>
    public ConvolutionOptions Options { get; }

    /// <summary>The windows.</summary>
    public Parameter Weight { get; }

    /// <summary>b <c>[out]</c>, or null.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    /// <exception cref="ThalwegException">A transposed convolution in groups, whose outputs are no axis.</exception>
    int IWeighted.OutputAxis => !_type.StartsWith("conv_transpose", StringComparison.Ordinal) ? 0
        : Options.Groups == 1 ? 1
        : throw new ThalwegException($"[{_type}] expected one group where a wrapper normalizes the weight, got {Options.Groups}");

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(Tensor x) => Convolve(x, Weight.Value, Options);

    /// <inheritdoc/>
    Tensor IWeighted.Forward(Tensor x, Tensor weight) => Convolve(x, weight, Options);

    /// <inheritdoc/>
    bool IFusesActivation.Fuses(Activation activation) => activation == Activation.Relu && Options.Activation == Activation.None;

    /// <inheritdoc/>
    Tensor IFusesActivation.Forward(Tensor x, Activation activation) =>
        Convolve(x, Weight.Value, _rectified ??= Options with { Activation = activation });

    /// <summary>What a unit sees and what an input feeds, within its group; with a stride, windows start at each second place or fewer, so
    /// that an input of a convolution feeds, and a unit of a transposed one sees, as much less.</summary>
    private static Fans FansOf(in ConvolutionSetting setting, bool isTransposed)
    {
        (Size2d kernel, Size2d stride, int groups) = (setting.KernelSize, setting.Options.Stride, setting.Options.Groups);
        double taps = (double)kernel.Height * kernel.Width;
        double met = Math.Max(1, (double)kernel.Height / stride.Height) * Math.Max(1, (double)kernel.Width / stride.Width);
        (double inputs, double outputs) = ((double)setting.Inputs / groups, (double)setting.Outputs / groups);
        return isTransposed ? new(inputs * met, outputs * taps) : new(inputs * taps, outputs * met);
    }

    /// <summary>The operation of the layer with the given weight and options.</summary>
    private protected abstract Tensor Convolve(Tensor x, Tensor weight, ConvolutionOptions options);

    /// <inheritdoc/>
    public sealed override JsonObject Describe() => new()
    {
        ["type"] = _type,
        ["inputs"] = Inputs,
        ["outputs"] = Outputs,
        ["kernel_size"] = PairText.Write(KernelSize),
        ["stride"] = PairText.Write(Options.Stride),
        ["padding"] = Options.SamePadding ? "same" : PairText.Write(Options.Padding),
        ["dilation"] = PairText.Write(Options.Dilation),
        ["groups"] = Options.Groups,
        ["output_padding"] = PairText.Write(Options.OutputPadding),
        ["activation"] = ActivationNames.NameOf(Options.Activation),
        ["initializer"] = Weight.Initializer.Written(),
        ["bias"] = Bias is not null,
    };
}

/// <summary>What a convolution layer is made from.</summary>
internal readonly record struct ConvolutionSetting(
    int Inputs, int Outputs, Size2d KernelSize, ConvolutionOptions Options, Initializer? Initializer, bool Bias)
{
    /// <summary>The setting, when its numbers are in range.</summary>
    public ConvolutionSetting Checked(string name)
    {
        Options.Check(name);
        if (!name.StartsWith("conv_transpose", StringComparison.Ordinal) && Options.OutputPadding != default)
        {
            throw new ThalwegException(
                $"[{name}] expected no output padding, which a transposed convolution alone has, got {Options.OutputPadding}");
        }

        bool isFlat = IsFlat(Options.Stride, 1) && IsFlat(Options.Padding, 0) && IsFlat(Options.Dilation, 1) &&
            IsFlat(Options.OutputPadding, 0);
        if (name.EndsWith("1d", StringComparison.Ordinal) && !isFlat)
        {
            throw new ThalwegException(
                $"[{name}] expected one number each for signals, got stride {Options.Stride}, padding {Options.Padding}, "
                + $"dilation {Options.Dilation} and output padding {Options.OutputPadding}");
        }

        return Inputs >= 1 && Outputs >= 1 && KernelSize.Height >= 1 && KernelSize.Width >= 1 && Inputs % Options.Groups == 0 &&
            Outputs % Options.Groups == 0
            ? this
            : throw new ThalwegException(
                $"[{name}] expected channels and window of 1 or more, and groups that divide the channels, got {Inputs}, {Outputs}, " +
                $"{KernelSize} and {Options.Groups} groups");
    }

    /// <summary>Whether a pair says nothing about a height.</summary>
    private static bool IsFlat(Size2d size, int none) => size.Height == size.Width || size.Height == none;

    /// <summary>Reads the description that <see cref="ConvolutionLayer.Describe"/> gives.</summary>
    public static ConvolutionSetting Read(JsonObject description)
    {
        string padding = LayerRegistry.Read<string>(description, "padding");
        ConvolutionOptions options = new()
        {
            Stride = PairText.Read(description, "stride"),
            SamePadding = padding == "same",
            Padding = padding == "same" ? 0 : PairText.Read(description, "padding"),
            Dilation = PairText.Read(description, "dilation"),
            Groups = LayerRegistry.Read<int>(description, "groups"),
            OutputPadding = PairText.Read(description, "output_padding"),
            Activation = ActivationNames.Parse(LayerRegistry.Read<string>(description, "activation")),
        };
        return new(
            LayerRegistry.Read<int>(description, "inputs"),
            LayerRegistry.Read<int>(description, "outputs"),
            PairText.Read(description, "kernel_size"),
            options,
            Initializer.Parse(LayerRegistry.Read<string>(description, "initializer")),
            LayerRegistry.Read<bool>(description, "bias"));
    }
}
