using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Convolutions by tiles of minimal filtering: 4 times fewer products for windows of 3 x 3, 2.8 times fewer for 5 x 5.</summary>
/// <remarks>
/// For single precision alone: the root mean square error is three times that of direct sums (1e-6 relative over 64 channels), the
/// largest 1e-5. Results
/// do not depend on the vector width or the number of threads.
/// </remarks>
internal static unsafe class Winograd
{
    /// <summary>Elements of factors above which fewer partial sums of the weight gradient are kept.</summary>
    private const int ManyFactors = 1 << 14, VeryManyFactors = 1 << 18;

    /// <summary>Weights to points.</summary>
    public static void Transform<T>(VectorWidth width, in WinogradFactorsWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int chunks = work.Shape.Channels;
        switch (width)
        {
            case VectorWidth.Bits512:
                Run<WinogradFactorsJob<SimdVector512<T>, T>>(new(work), chunks);
                break;
            case VectorWidth.Bits256:
                Run<WinogradFactorsJob<SimdVector256<T>, T>>(new(work), chunks);
                break;
            case VectorWidth.Bits128:
                Run<WinogradFactorsJob<SimdVector128<T>, T>>(new(work), chunks);
                break;
            default:
                Run<WinogradFactorsJob<SimdVector1<T>, T>>(new(work), chunks);
                break;
        }
    }

    /// <summary>The convolution, with weights at points.</summary>
    public static void Convolve<T>(VectorWidth width, in WinogradWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int chunks = work.Shape.Chunks;
        switch (width)
        {
            case VectorWidth.Bits512:
                Run<WinogradJob<SimdVector512<T>, T>>(new(work), chunks);
                break;
            case VectorWidth.Bits256:
                Run<WinogradJob<SimdVector256<T>, T>>(new(work), chunks);
                break;
            case VectorWidth.Bits128:
                Run<WinogradJob<SimdVector128<T>, T>>(new(work), chunks);
                break;
            default:
                Run<WinogradJob<SimdVector1<T>, T>>(new(work), chunks);
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
    public static void RunWeightGradient<T>(VectorWidth width, in WinogradGradientWork<T> work, T* target, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (width)
        {
            case VectorWidth.Bits512:
                RunWeightGradient<SimdVector512<T>, T>(work, target, accumulate);
                break;
            case VectorWidth.Bits256:
                RunWeightGradient<SimdVector256<T>, T>(work, target, accumulate);
                break;
            case VectorWidth.Bits128:
                RunWeightGradient<SimdVector128<T>, T>(work, target, accumulate);
                break;
            default:
                RunWeightGradient<SimdVector1<T>, T>(work, target, accumulate);
                break;
        }
    }

    private static void RunWeightGradient<TVector, T>(in WinogradGradientWork<T> work, T* target, bool accumulate)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Run<WinogradGradientJob<TVector, T>>(new(work), work.Splits);
        Run<WinogradGradientSum<TVector, T>>(new(work, target, accumulate), work.Shape.Channels);
    }

    private static void Run<TJob>(TJob job, int chunks)
        where TJob : unmanaged, IParallelJob => WorkerTeam.Run(ref job, chunks);
}
