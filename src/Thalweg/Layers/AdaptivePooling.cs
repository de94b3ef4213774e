using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Average pooling of images to a given size; see <see cref="Tensor.AdaptiveAvgPool2d"/>.</summary>
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
    public override Tensor Forward(Tensor x) => x.AdaptiveAvgPool2d(Size);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "adaptive_avg_pool2d", ["size"] = PairText.Write(Size) };
}

/// <summary>Maximum pooling of images to a given size; see <see cref="Tensor.AdaptiveMaxPool2d"/>.</summary>
/// <param name="size">Height and width of the output, each 1 or more; default 1: the largest of each channel, global maximum pooling.</param>
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
    public override Tensor Forward(Tensor x) => x.AdaptiveMaxPool2d(Size);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "adaptive_max_pool2d", ["size"] = PairText.Write(Size) };
}

/// <summary>Average pooling of signals to a given length; see <see cref="Tensor.AdaptiveAvgPool1d"/>.</summary>
/// <param name="size">Length of the output, 1 or more.</param>
public sealed class AdaptiveAvgPool1d(int size) : Module
{
    /// <summary>Length of the output.</summary>
    public int Size { get; } = size;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.AdaptiveAvgPool1d(Size);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "adaptive_avg_pool1d", ["size"] = Size };
}

/// <summary>Maximum pooling of signals to a given length; see <see cref="Tensor.AdaptiveMaxPool1d"/>.</summary>
/// <param name="size">Length of the output, 1 or more.</param>
public sealed class AdaptiveMaxPool1d(int size) : Module
{
    /// <summary>Length of the output.</summary>
    public int Size { get; } = size;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.AdaptiveMaxPool1d(Size);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "adaptive_max_pool1d", ["size"] = Size };
}
