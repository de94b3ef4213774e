using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>The inputs of whole windows side by side, one window a row: the right factor of weight gradients of few channels.</summary>
/// <remarks>
/// Where a row of taps fills a small part of a vector, the taps of the whole window fill most of one or two. Measured on Zen 5, one
/// thread: the weight gradient of 64 x 1 x 28 x 28 to 32, 5x5, takes 43 % of the time, that of 32 x 3 x 32 x 32 to 16, 3x3, 80 %.
/// </remarks>
internal static unsafe class WindowRows
{
    /// <summary>Elements that rows are filled up to, the same at every vector width.</summary>
    private const int Granule = 16;

    /// <summary>Fewer outputs of a group use a copy too little.</summary>
    private const int FewestOutputs = 8;

    /// <summary>Whether vectors hold clearly more of whole windows than of rows of taps.</summary>
    public static bool Serves(in ConvolutionShape shape)
    {
        int apart = shape.KernelHeight * RoundUp(shape.KernelWidth * shape.GroupChannels);
        return shape.DilationWidth == 1 && shape.GroupOutputs >= FewestOutputs && apart * 4 > Pitch(shape) * 5;
    }

    /// <summary>Elements from one window to the next.</summary>
    public static int Pitch(in ConvolutionShape shape) => RoundUp(shape.Taps * shape.GroupChannels);

    /// <summary>Copies the windows of some rows of results.</summary>
    /// <param name="copy">Image copy, channels last; whole vectors are read.</param>
    /// <param name="copyRow">Elements from one row of the copy to the next.</param>
    /// <param name="shape">The convolution.</param>
    /// <param name="rows">Rows of results.</param>
    /// <param name="target">Windows [rows, columns, pitch]; whole vectors are written, so what a run of taps writes too much the
    /// next one overwrites.</param>
    [MethodImpl(Drive.Loop)]
    public static void Pack<TVector, T>(T* copy, nint copyRow, in ConvolutionShape shape, int rows, T* target)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int run = shape.KernelWidth * shape.GroupChannels, pitch = Pitch(shape), height = shape.KernelHeight, columns = shape.OutWidth;
        if (sizeof(TVector) == 64 && run <= SimdVector256<T>.Count)
        {
            // Short stores meet the border of a cache line less often: a tenth of the time of the weight gradient of one channel, 5x5.
            Pack<SimdVector256<T>, T>(copy, copyRow, shape, rows, target);
            return;
        }

        nint tapRow = shape.DilationHeight * copyRow, step = (nint)shape.StrideWidth * shape.GroupChannels;
        for (int row = 0; row < rows; row++, copy += shape.StrideHeight * copyRow)
        {
            T* window = copy;
            for (int column = 0; column < columns; column++, window += step, target += pitch)
            {
                T* from = window, to = target;
                if (run <= TVector.Count)
                {
                    for (int i = height; i > 0; i--, from += tapRow, to += run)
                        TVector.Store(TVector.Load(from), to);
                    continue;
                }

                for (int i = height; i > 0; i--, from += tapRow, to += run)
                {
                    for (int j = 0; j < run; j += TVector.Count)
                        TVector.Store(TVector.Load(from + j), to + j);
                }
            }
        }
    }

    private static int RoundUp(int count) => (count + Granule - 1) / Granule * Granule;
}
