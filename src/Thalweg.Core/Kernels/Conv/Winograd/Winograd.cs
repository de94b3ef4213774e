using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Convolutions by tiles of minimal filtering: 4 times fewer products for windows of 3 x 3, 2.8 times fewer for 5 x 5.</summary>
/// <remarks>
/// For single precision alone: the root mean square error is three times that of direct sums (1e-6 relative over 64 channels), the
/// largest 1e-5. Results
/// do not depend on the lane width or the number of threads.
/// </remarks>
internal static unsafe class Winograd
{
    /// <summary>Elements of factors above which fewer partial sums of the weight gradient are kept.</summary>
    private const int ManyFactors = 1 << 14, VeryManyFactors = 1 << 18;

    /// <summary>Weights to points.</summary>
    public static void Transform<T>(LaneWidth width, in WinogradFactorsWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int pieces = work.Shape.Channels;
        switch (width)
        {
            case LaneWidth.Bits512:
                Run<WinogradFactorsJob<Lane512<T>, T>>(new(work), pieces);
                break;
            case LaneWidth.Bits256:
                Run<WinogradFactorsJob<Lane256<T>, T>>(new(work), pieces);
                break;
            case LaneWidth.Bits128:
                Run<WinogradFactorsJob<Lane128<T>, T>>(new(work), pieces);
                break;
            default:
                Run<WinogradFactorsJob<Lane1<T>, T>>(new(work), pieces);
                break;
        }
    }

    /// <summary>The convolution, with weights at points.</summary>
    public static void Convolve<T>(LaneWidth width, in WinogradWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int pieces = work.Shape.Pieces;
        switch (width)
        {
            case LaneWidth.Bits512:
                Run<WinogradJob<Lane512<T>, T>>(new(work), pieces);
                break;
            case LaneWidth.Bits256:
                Run<WinogradJob<Lane256<T>, T>>(new(work), pieces);
                break;
            case LaneWidth.Bits128:
                Run<WinogradJob<Lane128<T>, T>>(new(work), pieces);
                break;
            default:
                Run<WinogradJob<Lane1<T>, T>>(new(work), pieces);
                break;
        }
    }

    /// <summary>How the weight gradient is cut; <see cref="WinogradGradientWork{T}.Partials"/> is to be set.</summary>
    public static WinogradGradientWork<T> PlanWeightGradient<T>(in WinogradShape shape, T* x, T* g)
        where T : unmanaged
    {
        int splits = shape.FactorLength <= ManyFactors ? 16 : shape.FactorLength <= VeryManyFactors ? 8 : 4;
        return new() { Shape = shape, X = x, G = g, Splits = Math.Clamp(shape.Segments, 1, splits) };
    }

    /// <summary>target = [target +] weight gradient.</summary>
    public static void RunWeightGradient<T>(LaneWidth width, in WinogradGradientWork<T> work, T* target, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (width)
        {
            case LaneWidth.Bits512:
                RunWeightGradient<Lane512<T>, T>(work, target, accumulate);
                break;
            case LaneWidth.Bits256:
                RunWeightGradient<Lane256<T>, T>(work, target, accumulate);
                break;
            case LaneWidth.Bits128:
                RunWeightGradient<Lane128<T>, T>(work, target, accumulate);
                break;
            default:
                RunWeightGradient<Lane1<T>, T>(work, target, accumulate);
                break;
        }
    }

    private static void RunWeightGradient<TLane, T>(in WinogradGradientWork<T> work, T* target, bool accumulate)
        where TLane : unmanaged, ILane<TLane, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Run<WinogradGradientJob<TLane, T>>(new(work), work.Splits);
        Run<WinogradGradientSum<TLane, T>>(new(work, target, accumulate), work.Shape.Channels);
    }

    private static void Run<TJob>(TJob job, int pieces)
        where TJob : unmanaged, IParallelJob => WorkerTeam.Run(ref job, pieces);
}
