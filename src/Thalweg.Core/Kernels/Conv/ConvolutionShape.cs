namespace Thalweg.Kernels;

/// <summary>All sizes of a convolution y <c>[N, O, OH, OW]</c> of x <c>[N, C, H, W]</c> with w <c>[O, C / G, KH, KW]</c>.</summary>
internal readonly struct ConvolutionShape
{
    public ConvolutionShape(Shape x, Shape w, Shape y, ConvolutionOptions options, bool signal)
    {
        (Batch, Channels, Height, Width) = (x[0], x[1], x[2], x[3]);
        (Outputs, Groups, KernelHeight, KernelWidth) = (w[0], options.Groups, w[2], w[3]);
        (OutHeight, OutWidth) = (y[2], y[3]);
        (StrideHeight, StrideWidth) = (signal ? 1 : options.Stride.Height, options.Stride.Width);
        (DilationHeight, DilationWidth) = (signal ? 1 : options.Dilation.Height, options.Dilation.Width);
        PaddingTop = options.SamePadding ? Same(Height, KernelHeight, StrideHeight, DilationHeight) / 2
            : signal ? 0 : options.Padding.Height;
        PaddingLeft = options.SamePadding ? Same(Width, KernelWidth, StrideWidth, DilationWidth) / 2 : options.Padding.Width;
    }

    public int Batch { get; }

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public int Outputs { get; }

    public int Groups { get; }

    public int KernelHeight { get; }

    public int KernelWidth { get; }

    public int OutHeight { get; }

    public int OutWidth { get; }

    public int StrideHeight { get; }

    public int StrideWidth { get; }

    public int DilationHeight { get; }

    public int DilationWidth { get; }

    public int PaddingTop { get; }

    public int PaddingLeft { get; }

    /// <summary>Input channels of one group.</summary>
    public int GroupChannels => Channels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int GroupOutputs => Outputs / Groups;

    /// <summary>Taps of the window.</summary>
    public int Taps => KernelHeight * KernelWidth;

    /// <summary>Length of an axis of the output.</summary>
    /// <param name="size">Length of the input.</param>
    /// <param name="kernel">Taps.</param>
    /// <param name="stride">Step.</param>
    /// <param name="padding">Zeros at each end, or -1 for `same`.</param>
    /// <param name="dilation">Distance of taps.</param>
    public static int OutputLength(int size, int kernel, int stride, int padding, int dilation) => padding < 0
        ? (size + stride - 1) / stride
        : Math.Max(0, ((size + (2 * padding) - (dilation * (kernel - 1)) - 1 + stride) / stride));

    /// <summary>Zeros to add in all, so that the output has ceil(size / stride) elements.</summary>
    private static int Same(int size, int kernel, int stride, int dilation) =>
        Math.Max(0, ((((size + stride - 1) / stride) - 1) * stride) + (dilation * (kernel - 1)) + 1 - size);
}
