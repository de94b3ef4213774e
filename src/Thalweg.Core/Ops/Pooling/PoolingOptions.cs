namespace Thalweg;

/// <summary>How a pooling window moves over its input; the names are those of PyTorch. Immutable; make it once and use it
/// for every step.</summary>
/// <remarks>Along each axis the output has floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1 places, with the ceiling in
/// place of the floor in <see cref="CeilMode"/>. Source: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning",
/// arXiv:1603.07285, 2016, relationship 7, which has no padding and no dilation; those are PyTorch's.</remarks>
public sealed record PoolingOptions
{
    internal static readonly PoolingOptions Adaptive = new();

    /// <summary>Size of the window, each 1 or more; default 2.</summary>
    public Size2d KernelSize { get; init; } = 2;

    /// <summary>Steps of the window, each 1 or more; default null: the size of the window.</summary>
    public Size2d? Stride { get; init; }

    /// <summary>Places added at each end, from 0 to half the window; default 0. A maximum never takes them; an average counts
    /// them as zeros.</summary>
    public Size2d Padding { get; init; }

    /// <summary>Distance between neighboring places of a window of a maximum, each 1 or more; default 1.</summary>
    public Size2d Dilation { get; init; } = 1;

    /// <summary>Whether a last window that is not complete counts, if it starts inside the input or its first
    /// padding; default false.</summary>
    public bool CeilMode { get; init; }

    /// <summary>Whether an average divides by the padded places too; default true.</summary>
    public bool CountIncludePad { get; init; } = true;

    /// <summary>What an average divides by in place of the size of the window, 1 or more; default null.</summary>
    public int? DivisorOverride { get; init; }

    /// <summary>Refuses numbers that are out of range.</summary>
    internal void Check(string operation, bool signal)
    {
        Size2d stride = Stride ?? KernelSize;
        if (KernelSize.Width < 1 || stride.Width < 1 || Dilation.Width < 1 ||
            (!signal && (KernelSize.Height < 1 || stride.Height < 1 || Dilation.Height < 1)))
        {
            throw new ThalwegException(
                $"[{operation}] expected window, stride and dilation of 1 or more, got {KernelSize}, {stride} and {Dilation}");
        }

        if (!Fits(Padding.Width, KernelSize.Width) || (!signal && !Fits(Padding.Height, KernelSize.Height)) || DivisorOverride < 1)
        {
            throw new ThalwegException(
                $"[{operation}] expected padding from 0 to half the window and a divisor of 1 or more, got padding {Padding} for a " +
                $"window {KernelSize}");
        }
    }

    private static bool Fits(int padding, int kernel) => padding >= 0 && padding <= kernel / 2;
}
