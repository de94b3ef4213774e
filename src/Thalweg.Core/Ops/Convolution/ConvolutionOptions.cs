namespace Thalweg;

/// <summary>How a convolution moves over its input; the names are those of PyTorch. Immutable; make it once and use it
/// for every step.</summary>
/// <remarks>Source: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, 2016,
/// relationships 1 to 6 (stride, padding), 8 to 14 (transposed) and 15 (dilation); groups: Krizhevsky, Sutskever, Hinton, NIPS 2012,
/// section 3.5; depthwise: Chollet, "Xception", CVPR 2017.</remarks>
public sealed record ConvolutionOptions
{
    /// <summary>Stride 1, no padding, no dilation, one group.</summary>
    internal static readonly ConvolutionOptions Default = new();

    /// <summary>Steps of the window, each 1 or more; default 1.</summary>
    public Size2d Stride { get; init; } = 1;

    /// <summary>Zeros before the first and after the last row and column, each 0 or more; default 0.</summary>
    public Size2d Padding { get; init; }

    /// <summary>
    /// Whether the padding is chosen so that the output has ceil(input / stride) rows and columns; an odd zero goes to the end. Default
    /// false; <see cref="Padding"/> is then not used.
    /// </summary>
    public bool SamePadding { get; init; }

    /// <summary>Distance between neighboring taps of the window, each 1 or more; default 1.</summary>
    public Size2d Dilation { get; init; } = 1;

    /// <summary>Groups of channels that do not see each other; divides inputs and outputs; default 1. Depthwise: the
    /// number of channels.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Transposed convolution only: rows and columns added at the end of the output, each below the stride or the
    /// dilation; default 0.</summary>
    public Size2d OutputPadding { get; init; }

    /// <summary>Applied to each output as it is written; default none.</summary>
    public Activation Activation { get; init; }

    /// <summary>Refuses numbers that are out of range.</summary>
    internal void Check(string operation)
    {
        if (Stride.Height < 1 || Stride.Width < 1 || Dilation.Height < 1 || Dilation.Width < 1 || Groups < 1)
        {
            throw new ThalwegException(
                $"[{operation}] expected stride, dilation and groups of 1 or more, got {Stride}, {Dilation} and {Groups}");
        }

        if (Padding.Height < 0 || Padding.Width < 0 || OutputPadding.Height < 0 || OutputPadding.Width < 0)
            throw new ThalwegException($"[{operation}] expected padding of 0 or more, got {Padding} and output padding {OutputPadding}");
    }
}
