using Thalweg.Kernels;

namespace Thalweg.Training;

/// <summary>What a convolution's window sees at each place.</summary>
internal static class Patches
{
    /// <summary>One row <c>[channels x window]</c> for each sample and place, with a 1 at the end where there is a bias.</summary>
    /// <param name="output">The result of the convolution.</param>
    /// <param name="convolution">Its options, and whether it is one of signals.</param>
    public static Tensor Of(Tensor output, (ConvolutionOptions Options, bool IsSignal) convolution)
    {
        Tensor x = output.Call[0].AsContiguous();
        bool hasBias = output.Call.Count > 2;
        ConvolutionShape s = new(x.Shape, output.Call[1].Shape, output.Shape, convolution.Options, convolution.IsSignal);
        int width = (s.Channels * s.Taps) + (hasBias ? 1 : 0);
        Tensor patches = Tensor.Zeros([s.Batch * s.OutHeight * s.OutWidth, width], x.DType);
        if (x.DType == DType.Float32)
        {
            Fill<float>(x.AsSpan<float>(), patches.AsSpan<float>(), s, width);
        }
        else
        {
            Fill<double>(x.AsSpan<double>(), patches.AsSpan<double>(), s, width);
        }

        if (hasBias)
        {
            for (long row = 0; row < patches.Shape[0]; row++)
            {
                patches.Write((row * width) + width - 1, 1);
            }
        }

        return patches;
    }

    private static void Fill<T>(ReadOnlySpan<T> x, Span<T> patches, in ConvolutionShape s, int width)
    {
        for (int row = 0; row < s.Batch * s.OutHeight * s.OutWidth; row++)
        {
            int sample = row / (s.OutHeight * s.OutWidth), top = row / s.OutWidth % s.OutHeight * s.StrideHeight,
                left = row % s.OutWidth * s.StrideWidth;
            for (int k = 0; k < s.Channels * s.Taps; k++)
            {
                int i = top - s.PaddingTop + (k % s.Taps / s.KernelWidth * s.DilationHeight),
                    j = left - s.PaddingLeft + (k % s.KernelWidth * s.DilationWidth);
                if (i >= 0 && i < s.Height && j >= 0 && j < s.Width)
                {
                    patches[(row * width) + k] = x[(((((sample * s.Channels) + (k / s.Taps)) * s.Height) + i) * s.Width) + j];
                }
            }
        }
    }
}
