using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>What batch normalization works on: x <c>[batch, channels, places]</c> by channel.</summary>
internal unsafe struct BatchNormWork<T>
    where T : unmanaged
{
    /// <summary>Input, and result or derivative of it (null if not wanted).</summary>
    public T* X, Y;

    /// <summary>Cotangent of the result, in the backward pass.</summary>
    public T* G;

    /// <summary>Scale and shift, or null.</summary>
    public T* Gamma, Beta;

    /// <summary>Mean of each channel, what its rounding took from it, and the reciprocal deviation.</summary>
    public T* Mean, Rest, Inverse;

    /// <summary>Biased variance of each channel, written in the forward pass.</summary>
    public T* Variance;

    /// <summary>Sum of the cotangent, and of the cotangent times the normalized input, of each channel.</summary>
    public T* SumG, SumGHat;

    /// <summary>What the forward pass gave, in the backward pass where negative results became 0.</summary>
    public T* Result;

    /// <summary>Whether negative results become 0.</summary>
    public bool Relu;

    /// <summary>Whether the input is a part of the batch whose moments are given: the backward pass then sums over this part.</summary>
    public bool IsPart;

    /// <summary>Whether <see cref="SumG"/> and <see cref="SumGHat"/> hold means over the whole batch, for the backward pass to use.</summary>
    public bool HasMeans;

    public int Batch, Channels;

    public nint Places;

    public double Epsilon;

    public readonly nint Row(int image, int channel) => (((nint)image * Channels) + channel) * Places;

    /// <summary>Where the numbers of a channel lie.</summary>
    public readonly NumberRuns<T> Numbers(int channel) => new(X + Row(0, channel), Batch, Channels * Places, Places);
}

/// <summary>Batch normalization, forward and backward: each channel in one visit, while it is in the cache.</summary>
internal static unsafe class BatchNormalization
{
    /// <summary>y = [relu] gamma (x - mean) / sqrt(variance + epsilon) + beta; the moments are written.</summary>
    public static void Forward<T>(in BatchNormWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, backward: false);

    /// <summary>y = derivative for the cotangent g; the sums are written.</summary>
    public static void Backward<T>(in BatchNormWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(work, backward: true);

    private static void Run<T>(in BatchNormWork<T> work, bool backward)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint each = nint.Max(1, work.Batch * work.Places);
        int perChunk = (int)nint.Clamp(Chunks.Length / each, 1, int.MaxValue);
        if (work.Places == 1)
        {
            // Whole cache lines of channels: they lie side by side.
            bool isLong = each * work.Channels > Chunks.Threshold;
            perChunk = isLong ? (perChunk + 63) / 64 * 64 : BatchNormColumns<T>.ChannelsOfShortChunk;
            BatchNormColumns<T> columns = new(work, backward, perChunk);
            WorkerTeam.Run(ref columns, Chunks.Count(work.Channels, perChunk), isLong);
            return;
        }

        switch (VectorWidths.Best)
        {
            case VectorWidth.Bits512:
                RunPlanes<SimdVector512<T>, T>(work, backward, perChunk);
                break;
            case VectorWidth.Bits256:
                RunPlanes<SimdVector256<T>, T>(work, backward, perChunk);
                break;
            case VectorWidth.Bits128:
                RunPlanes<SimdVector128<T>, T>(work, backward, perChunk);
                break;
            default:
                RunPlanes<SimdVector1<T>, T>(work, backward, perChunk);
                break;
        }
    }

    private static void RunPlanes<TVector, T>(in BatchNormWork<T> work, bool backward, int perChunk)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BatchNormPlanes<TVector, T> planes = new(work, backward, perChunk);
        WorkerTeam.Run(ref planes, Chunks.Count(work.Channels, perChunk));
    }
}
