using System.Globalization;

namespace Thalweg.Bench;

/// <summary>Which of the three maps of a convolution.</summary>
internal enum ConvolutionDirection
{
    /// <summary>Results from inputs.</summary>
    Forward,

    /// <summary>Gradient of the inputs.</summary>
    Data,

    /// <summary>Gradient of the weights.</summary>
    Weights,
}

/// <summary>A convolution of square images with square windows.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Channels">Input channels.</param>
/// <param name="Size">Height and width of the images.</param>
/// <param name="Outputs">Output channels.</param>
/// <param name="Window">Height and width of the window.</param>
/// <param name="Stride">Steps of the window.</param>
/// <param name="Padding">Zeros on each side.</param>
internal sealed record ConvolutionCase(int Batch, int Channels, int Size, int Outputs, int Window, int Stride, int Padding)
{
    /// <summary>Layers of the networks that are compared, and two of common larger ones.</summary>
    public static ConvolutionCase[] All { get; } =
    [
        new(64, 1, 28, 32, 5, 1, 2), new(64, 32, 14, 64, 5, 1, 2), new(32, 3, 32, 16, 3, 1, 1), new(32, 16, 32, 16, 3, 1, 1),
        new(32, 16, 32, 32, 3, 2, 1),
        new(32, 32, 16, 32, 3, 1, 1), new(32, 64, 8, 64, 3, 1, 1), new(8, 128, 28, 128, 3, 1, 1), new(8, 64, 56, 256, 1, 1, 0),
    ];

    private int OutSize => ((Size + (2 * Padding) - Window) / Stride) + 1;

    /// <summary>Floating-point operations of the definition.</summary>
    public double Operations => 2.0 * Batch * Outputs * OutSize * OutSize * Channels * Window * Window;

    /// <summary>The case in the words of the peer.</summary>
    public string Words(ConvolutionDirection direction) => string.Create(
        CultureInfo.InvariantCulture,
        $"{direction.ToString().ToLowerInvariant()} {Batch} {Channels} {Size} {Outputs} {Window} {Stride} {Padding}");

    /// <summary>Makes the tensors and returns what runs one map a number of times.</summary>
    public Action<int> Prepare(ConvolutionDirection direction)
    {
        RandomStream stream = new(1, RandomPurpose.User);
        Tensor x = Tensor.Normal([Batch, Channels, Size, Size], 0, 1, ref stream);
        Tensor g = Tensor.Normal([Batch, Outputs, OutSize, OutSize], 0, 1, ref stream);
        Tensor w = Tensor.Normal([Outputs, Channels, Window, Window], 0, 1, ref stream);
        ConvolutionOptions options = new() { Stride = Stride, Padding = Padding };
        StepMemory memory = new() { RecycleHandles = true };
        return repetitions =>
        {
            for (int i = 0; i < repetitions; i++)
            {
                using StepScope scope = memory.Begin();
                _ = direction switch
                {
                    ConvolutionDirection.Forward => ConvolutionOp.Instance.Apply(Arguments(g.Shape), x, w),
                    ConvolutionDirection.Data => TransposedConvolutionOp.Instance.Apply(Arguments(x.Shape), g, w),
                    _ => ConvolutionWeightOp.Instance.Apply(Arguments(w.Shape), x, g),
                };
            }
        };

        OpArguments Arguments(Shape shape) => new() { Shape = shape, Settings = options };
    }

    public override string ToString() =>
        $"{Batch} x {Channels} x {Size}^2 -> {Outputs}, {Window}x{Window}{(Stride > 1 ? $" / {Stride}" : "")}";
}
