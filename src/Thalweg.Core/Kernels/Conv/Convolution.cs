using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Convolutions and their derivatives; results do not depend on the vector width or the number of threads.</summary>
internal static unsafe class Convolution
{
    /// <summary>Weights above which the batch is summed in fewer parts: each part is a copy of the weights.</summary>
    private const int ManyWeights = 1 << 16, VeryManyWeights = 1 << 19;

    /// <summary>Fewest products of a chunk for each element that it copies: the copy takes a tenth of its time at most.</summary>
    private const int LeastProducts = 192;

    /// <summary>Elements of a channels-last image copy, and of the windows made of it.</summary>
    private const int MaximumCopy = 1 << 16;

    /// <summary>Runs what <see cref="TapPlanner"/> planned.</summary>
    public static void Run<T>(VectorWidth width, in TapWork<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (width)
        {
            case VectorWidth.Bits512:
                Run<TapJob<SimdVector512<T>, T>>(new(work), work.Batch * work.Blocks);
                break;
            case VectorWidth.Bits256:
                Run<TapJob<SimdVector256<T>, T>>(new(work), work.Batch * work.Blocks);
                break;
            case VectorWidth.Bits128:
                Run<TapJob<SimdVector128<T>, T>>(new(work), work.Batch * work.Blocks);
                break;
            default:
                Run<TapJob<SimdVector1<T>, T>>(new(work), work.Batch * work.Blocks);
                break;
        }
    }

    /// <summary>How the weight gradient of a shape is cut; <see cref="WeightGradientWork{T}.Partials"/> is to be set.</summary>
    public static WeightGradientWork<T> PlanWeightGradient<T>(in ConvolutionShape shape, T* x, T* g)
        where T : unmanaged
    {
        WeightGradientWork<T> work = new() { Shape = shape, X = x, G = g };
        int splits = work.Size <= ManyWeights ? 16 : work.Size <= VeryManyWeights ? 4 : 1;
        work.Splits = Math.Clamp(shape.Batch, 1, splits);
        int blocks = Math.Min(shape.GroupOutputs / 24, shape.GroupOutputs * shape.Taps / LeastProducts);
        work.OutputBlocks = Math.Clamp(Math.Min(16 / work.Splits, blocks), 1, 16);
        int rowSize = Math.Max(1, shape.StrideHeight * ((shape.OutWidth * shape.StrideWidth) + shape.KernelWidth) * shape.GroupChannels);
        work.WholeWindows = WindowRows.Serves(shape);
        if (work.WholeWindows)
            rowSize = Math.Max(rowSize, shape.OutWidth * WindowRows.Pitch(shape));
        work.BlockRows = Math.Clamp(MaximumCopy / rowSize, 1, Math.Max(1, shape.OutHeight));
        return work;
    }

    /// <summary>target = [target +] weight gradient.</summary>
    public static void RunWeightGradient<T>(VectorWidth width, in WeightGradientWork<T> work, T* target, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int chunks = work.Splits * work.OutputBlocks;
        switch (width)
        {
            case VectorWidth.Bits512:
                Run<WeightGradientJob<SimdVector512<T>, T>>(new(work), chunks);
                break;
            case VectorWidth.Bits256:
                Run<WeightGradientJob<SimdVector256<T>, T>>(new(work), chunks);
                break;
            case VectorWidth.Bits128:
                Run<WeightGradientJob<SimdVector128<T>, T>>(new(work), chunks);
                break;
            default:
                Run<WeightGradientJob<SimdVector1<T>, T>>(new(work), chunks);
                break;
        }

        Run<WeightGradientSum<T>>(new(work, target, accumulate), work.Shape.Outputs);
    }

    /// <summary>target[c] = [target[c] +] sum over images and places of g <c>[batch, channels, places]</c>, images in order.</summary>
    public static void ChannelSums<T>(T* g, int batch, int channels, nint places, T* target, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Run<ChannelSumJob<T>>(
            new() { G = g, Batch = batch, Channels = channels, Places = places, Target = target, Accumulate = accumulate }, channels);

    private static void Run<TJob>(TJob job, int chunks)
        where TJob : unmanaged, IParallelJob => WorkerTeam.Run(ref job, chunks);

    private struct ChannelSumJob<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* G, Target;
        public int Batch, Channels;
        public nint Places;
        public bool Accumulate;

        public readonly void Run(int chunk)
        {
            T sum = T.Zero;
            for (int image = 0; image < Batch; image++)
            {
                T* start = G + ((((nint)image * Channels) + chunk) * Places);
                sum += BlockReduction.RunChunk(VectorWidths.Best, default(Summing<T>), start, start, Places);
            }

            Target[chunk] = Accumulate ? Target[chunk] + sum : sum;
        }
    }
}
