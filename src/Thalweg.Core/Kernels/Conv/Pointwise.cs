using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>What a <see cref="PointwiseJob{TVector,T}"/> works on: one matrix product for each image and group.</summary>
internal unsafe struct PointwiseWork<T>
    where T : unmanaged
{
    /// <summary>Images <c>[batch, groups, depth, places]</c> and results <c>[batch, groups, results, places]</c>.</summary>
    public T* Source, Target;

    /// <summary>Factors of the first group.</summary>
    public T* Factors;

    /// <summary>Elements from the factors of one result to those of the next, from one k to the next, from one group to the next.</summary>
    public nint ResultStride, DepthStride, GroupStride;

    public int Batch, Groups, Depth, Results, Places;

    /// <summary>One number per result that is added, or null; then negative results may become 0.</summary>
    public T* Bias;

    /// <summary>Whether negative results become 0, and whether results are added to the target.</summary>
    public bool Relu, Accumulate;

    /// <summary>Places of a chunk, but for the last of an image: whole panels.</summary>
    public int BlockPositions;

    /// <summary>Chunks of an image and group.</summary>
    public readonly int Blocks => (Places + BlockPositions - 1) / BlockPositions;
}

/// <summary>Convolutions whose window is one place, without stride or padding: products of the weights by each image as it lies.</summary>
/// <remarks>
/// No padded copy and no factors of their own are made; sums are those of <see cref="TapJob{TVector,T}"/> to the bit. Measured on Zen 5,
/// one thread, 64 x 56 x 56 to 256: one image takes 450 microseconds (85 % of the peak), its data gradient 470; at a batch of 8, which the
/// caches do not hold, reading and writing images take a fifth of the time.
/// </remarks>
internal static unsafe class Pointwise
{
    /// <summary>Elements of panels that a chunk makes: half of the second cache holds them beside the results.</summary>
    private const int PanelElements = 1 << 15;

    /// <summary>Bounds of the places of a chunk.</summary>
    private const int FewestPositions = 4 * TapPanel.MaximumWidth, MostPositions = 16 * TapPanel.MaximumWidth;

    /// <summary>Whether a convolution is a matrix product for each image, large enough for whole tiles.</summary>
    public static bool Serves(in ConvolutionShape shape) =>
        shape.Taps == 1 && shape.StrideHeight == 1 && shape.StrideWidth == 1 && shape.PaddingTop == 0 && shape.PaddingLeft == 0
        && shape.OutHeight == shape.Height && shape.OutWidth == shape.Width && shape.Height * shape.Width >= TapPanel.MaximumWidth
        && Math.Min(shape.GroupChannels, shape.GroupOutputs) >= TapPanel.FewResults;

    /// <summary>y from x.</summary>
    public static PointwiseWork<T> Correlation<T>(in ConvolutionShape shape, T* x, T* w, T* y)
        where T : unmanaged => Plan(new PointwiseWork<T>
        {
            Source = x,
            Target = y,
            Factors = w,
            ResultStride = shape.GroupChannels,
            DepthStride = 1,
            Depth = shape.GroupChannels,
            Results = shape.GroupOutputs,
        }, shape);

    /// <summary>x from y.</summary>
    public static PointwiseWork<T> Transposition<T>(in ConvolutionShape shape, T* y, T* w, T* x)
        where T : unmanaged => Plan(new PointwiseWork<T>
        {
            Source = y,
            Target = x,
            Factors = w,
            ResultStride = 1,
            DepthStride = shape.GroupChannels,
            Depth = shape.GroupOutputs,
            Results = shape.GroupChannels,
        }, shape);

    /// <summary>Runs what was planned.</summary>
    public static void Run<T>(VectorWidth width, in PointwiseWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (width)
        {
            case VectorWidth.Bits512:
                Run<PointwiseJob<SimdVector512<T>, T>, T>(new(work), work);
                break;
            case VectorWidth.Bits256:
                Run<PointwiseJob<SimdVector256<T>, T>, T>(new(work), work);
                break;
            case VectorWidth.Bits128:
                Run<PointwiseJob<SimdVector128<T>, T>, T>(new(work), work);
                break;
            default:
                Run<PointwiseJob<SimdVector1<T>, T>, T>(new(work), work);
                break;
        }
    }

    private static void Run<TJob, T>(TJob job, in PointwiseWork<T> work)
        where TJob : unmanaged, IParallelJob
        where T : unmanaged => WorkerTeam.Run(ref job, work.Batch * work.Groups * work.Blocks);

    private static PointwiseWork<T> Plan<T>(PointwiseWork<T> work, in ConvolutionShape shape)
        where T : unmanaged
    {
        (work.Batch, work.Groups, work.Places) = (shape.Batch, shape.Groups, shape.Height * shape.Width);
        work.GroupStride = (nint)shape.GroupOutputs * shape.GroupChannels;
        int places = PanelElements / Math.Clamp(work.Depth, 1, TapPanel.MaximumDepth);
        work.BlockPositions = Math.Clamp(places / TapPanel.MaximumWidth * TapPanel.MaximumWidth, FewestPositions, MostPositions);
        return work;
    }
}
