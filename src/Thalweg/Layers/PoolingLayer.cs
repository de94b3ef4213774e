using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>What the pooling layers with a sliding window share.</summary>
public abstract class PoolingLayer : Module
{
    private readonly string _type;

    private protected PoolingLayer(string type, PoolingOptions options, bool signal)
    {
        options.Check(type, signal);
        (_type, Options) = (type, options);
    }

    /// <summary>Window, stride, padding and the rest.</summary>
    public PoolingOptions Options { get; }

    /// <inheritdoc/>
    public sealed override JsonObject Describe()
    {
        JsonObject description = new()
        {
            ["type"] = _type,
            ["kernel_size"] = PairText.Write(Options.KernelSize),
            ["stride"] = PairText.Write(Options.Stride ?? Options.KernelSize),
            ["padding"] = PairText.Write(Options.Padding),
            ["dilation"] = PairText.Write(Options.Dilation),
            ["ceil_mode"] = Options.CeilMode,
            ["count_include_pad"] = Options.CountIncludePad,
        };
        if (Options.DivisorOverride is { } divisor)
            description["divisor"] = divisor;

        return description;
    }

    /// <summary>The options of a description.</summary>
    internal static PoolingOptions Read(JsonObject description) => new()
    {
        KernelSize = PairText.Read(description, "kernel_size"),
        Stride = PairText.Read(description, "stride"),
        Padding = PairText.Read(description, "padding"),
        Dilation = PairText.Read(description, "dilation"),
        CeilMode = LayerRegistry.Read<bool>(description, "ceil_mode"),
        CountIncludePad = LayerRegistry.Read<bool>(description, "count_include_pad"),
        DivisorOverride = description.ContainsKey("divisor") ? LayerRegistry.Read<int>(description, "divisor") : null,
    };
}

/// <summary>Maximum pooling of images; see <see cref="Tensor.MaxPool2d"/>.</summary>
/// <remarks>Input <c>[batch, channels, height, width]</c>, output <c>[batch, channels, height', width']</c>, sizes as
/// <see cref="PoolingOptions"/> says; no parameters. Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 9.3.</remarks>
/// <param name="options">Window, stride, padding, dilation and ceiling mode; default windows of 2 x 2.</param>
public sealed class MaxPool2d(PoolingOptions? options = null) : PoolingLayer("max_pool2d", options ?? new PoolingOptions(), signal: false)
{
    /// <summary>Windows side by side.</summary>
    /// <param name="size">Size of the windows and step between them, 1 or more.</param>
    [OverloadResolutionPriority(-1)]
    public MaxPool2d(Size2d size)
        : this(new PoolingOptions { KernelSize = size })
    {
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.MaxPool2d(Options);
}

/// <summary>Maximum pooling of signals; see <see cref="Tensor.MaxPool1d"/>.</summary>
/// <remarks>Input <c>[batch, channels, length]</c>, output <c>[batch, channels, length']</c>, size as <see cref="PoolingOptions"/> says; no
/// parameters. Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 9.3.</remarks>
/// <param name="options">Window, stride, padding, dilation and ceiling mode; default windows of 2. Of pairs the width counts.</param>
public sealed class MaxPool1d(PoolingOptions? options = null) : PoolingLayer("max_pool1d", options ?? new PoolingOptions(), signal: true)
{
    /// <summary>Windows side by side.</summary>
    /// <param name="size">Length of the windows and step between them, 1 or more.</param>
    [OverloadResolutionPriority(-1)]
    public MaxPool1d(int size)
        : this(new PoolingOptions { KernelSize = size })
    {
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.MaxPool1d(Options);
}

/// <summary>Average pooling of images; see <see cref="Tensor.AvgPool2d"/>.</summary>
/// <remarks>Input <c>[batch, channels, height, width]</c>, output <c>[batch, channels, height', width']</c>, sizes as
/// <see cref="PoolingOptions"/> says; no parameters. Source: LeCun, Bottou, Bengio, Haffner, Proceedings of the IEEE 86, 1998, section
/// II.B, without its coefficients.</remarks>
/// <param name="options">Window, stride, padding, ceiling mode and divisor; default windows of 2 x 2.</param>
public sealed class AvgPool2d(PoolingOptions? options = null) : PoolingLayer("avg_pool2d", options ?? new PoolingOptions(), signal: false)
{
    /// <summary>Windows side by side.</summary>
    /// <param name="size">Size of the windows and step between them, 1 or more.</param>
    [OverloadResolutionPriority(-1)]
    public AvgPool2d(Size2d size)
        : this(new PoolingOptions { KernelSize = size })
    {
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.AvgPool2d(Options);
}

/// <summary>Average pooling of signals; see <see cref="Tensor.AvgPool1d"/>.</summary>
/// <remarks>Input <c>[batch, channels, length]</c>, output <c>[batch, channels, length']</c>, size as <see cref="PoolingOptions"/> says; no
/// parameters. Source: LeCun, Bottou, Bengio, Haffner, Proceedings of the IEEE 86, 1998, section II.B, without its coefficients.</remarks>
/// <param name="options">Window, stride, padding, ceiling mode and divisor; default windows of 2. Of pairs the width counts.</param>
public sealed class AvgPool1d(PoolingOptions? options = null) : PoolingLayer("avg_pool1d", options ?? new PoolingOptions(), signal: true)
{
    /// <summary>Windows side by side.</summary>
    /// <param name="size">Length of the windows and step between them, 1 or more.</param>
    [OverloadResolutionPriority(-1)]
    public AvgPool1d(int size)
        : this(new PoolingOptions { KernelSize = size })
    {
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.AvgPool1d(Options);
}
