using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Average pooling of images to a given size; see <see cref="Tensor.AdaptiveAvgPool2d"/>.</summary>
/// <remarks>Input <c>[batch, channels, height, width]</c>, output <c>[batch, channels, size height, size width]</c>; no parameters. Source:
/// Lin, Chen, Yan, "Network in network", ICLR 2014, section 3.2, for size 1; the windows of other sizes are those of PyTorch.</remarks>
/// <param name="size">Height and width of the output, each 1 or more; default 1: the mean of each channel, global average pooling.</param>
public sealed class AdaptiveAvgPool2d(Size2d size) : Module
{
    /// <summary>Global average pooling.</summary>
    public AdaptiveAvgPool2d()
        : this(1)
    {
    }

    /// <summary>Height and width of the output.</summary>
    public Size2d Size { get; } = size;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.AdaptiveAvgPool2d(Size);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "adaptive_avg_pool2d", ["size"] = PairText.Write(Size) };
}

/// <summary>Maximum pooling of images to a given size; see <see cref="Tensor.AdaptiveMaxPool2d"/>.</summary>
/// <remarks>Input <c>[batch, channels, height, width]</c>, output <c>[batch, channels, size height, size width]</c>; no parameters. Source:
/// He and others, "Spatial pyramid pooling in deep convolutional networks", ECCV 2014; the windows are those of PyTorch.</remarks>
/// <param name="size">Height and width of the output, each 1 or more; default 1: the largest of each channel,
/// global maximum pooling.</param>
public sealed class AdaptiveMaxPool2d(Size2d size) : Module
{
    /// <summary>Global maximum pooling.</summary>
    public AdaptiveMaxPool2d()
        : this(1)
    {
    }

    /// <summary>Height and width of the output.</summary>
    public Size2d Size { get; } = size;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.AdaptiveMaxPool2d(Size);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "adaptive_max_pool2d", ["size"] = PairText.Write(Size) };
}

/// <summary>Average pooling of signals to a given length; see <see cref="Tensor.AdaptiveAvgPool1d"/>.</summary>
/// <remarks>Input <c>[batch, channels, length]</c>, output <c>[batch, channels, size]</c>; no parameters. Source: Lin, Chen, Yan, "Network
/// in network", ICLR 2014, section 3.2, for size 1; the windows of other sizes are those of PyTorch.</remarks>
/// <param name="size">Length of the output, 1 or more; default 1: one number for each channel, global pooling.</param>
public sealed class AdaptiveAvgPool1d(int size = 1) : Module
{
    /// <summary>Length of the output.</summary>
    public int Size { get; } = size;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.AdaptiveAvgPool1d(Size);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "adaptive_avg_pool1d", ["size"] = Size };
}

/// <summary>Maximum pooling of signals to a given length; see <see cref="Tensor.AdaptiveMaxPool1d"/>.</summary>
/// <remarks>Input <c>[batch, channels, length]</c>, output <c>[batch, channels, size]</c>; no parameters. Source: He and others, "Spatial
/// pyramid pooling in deep convolutional networks", ECCV 2014; the windows are those of PyTorch.</remarks>
/// <param name="size">Length of the output, 1 or more; default 1: one number for each channel, global pooling.</param>
public sealed class AdaptiveMaxPool1d(int size = 1) : Module
{
    /// <summary>Length of the output.</summary>
    public int Size { get; } = size;

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => x.AdaptiveMaxPool1d(Size);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "adaptive_max_pool1d", ["size"] = Size };
}
