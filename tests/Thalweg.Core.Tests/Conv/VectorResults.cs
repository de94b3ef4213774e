using Thalweg.Kernels;
using Convolution = Thalweg.Kernels.Convolution;

namespace Thalweg.Core.Tests.Conv;

/// <summary>The three maps of a convolution by the direct kernels at a given vector width, each added to ones.</summary>
internal static unsafe class VectorResults
{
    public static float[] Compute(VectorWidth vectors, in ConvolutionShape shape, Tensor x, Tensor w, Tensor g)
    {
        Tensor y = Tensor.Ones(g.Shape), gx = Tensor.Ones(x.Shape), gw = Tensor.Ones(w.Shape);
        if (Pointwise.Serves(shape))
        {
            Run(vectors, Pointwise.Correlation(shape, x.Pointer<float>(), w.Pointer<float>(), y.Pointer<float>()));
            Run(vectors, Pointwise.Transposition(shape, g.Pointer<float>(), w.Pointer<float>(), gx.Pointer<float>()));
        }

        // Products by image are added a second time, by the other kernels.
        int planLength = Math.Max(TapPlanner.PlanLength<float>(shape, false), TapPlanner.PlanLength<float>(shape, true));
        int[] plan = GC.AllocateArray<int>(planLength, pinned: true);
        float[] factors = GC.AllocateArray<float>((int)w.Length, pinned: true);
        fixed (int* memory = plan)
        fixed (float* copies = factors)
        {
            Run(vectors, TapPlanner.Correlation(shape, x.Pointer<float>(), w.Pointer<float>(), y.Pointer<float>(), memory));
            TapMemory<float> taps = new(memory, copies);
            Run(vectors, TapPlanner.Transposition(shape, g.Pointer<float>(), w.Pointer<float>(), gx.Pointer<float>(), taps));
        }

        WeightGradientWork<float> work = Convolution.PlanWeightGradient(shape, x.Pointer<float>(), g.Pointer<float>());
        Tensor partials = Tensor.Zeros([checked((int)(work.Splits * work.Size))]);
        work.Partials = partials.Pointer<float>();
        Convolution.RunWeightGradient(vectors, work, gw.Pointer<float>(), accumulate: true);
        GC.KeepAlive(partials);
        return [.. y.ToArray<float>(), .. gx.ToArray<float>(), .. gw.ToArray<float>()];
    }

    private static void Run(VectorWidth vectors, PointwiseWork<float> work)
    {
        work.Accumulate = true;
        Pointwise.Run(vectors, work);
    }

    private static void Run(VectorWidth vectors, TapWork<float> work)
    {
        work.Accumulate = true;
        Convolution.Run(vectors, work);
    }
}
