using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <summary>
/// The three bilinear maps of a convolution, y of (x, w), x of (y, w) and w of (x, y): the derivative of each is made of the other two, so
/// any order of derivative follows.
/// </summary>
internal abstract unsafe class ConvolutionFamilyOp : FloatOp
{
    protected static bool IsRelu(in OpCall call) => (Activation)call.Arguments.First == Activation.Relu;

    /// <summary>Arguments of another member of the family for a result of the given shape.</summary>
    protected static OpArguments Plain(in OpCall call, Shape shape) =>
        new() { Shape = shape, Settings = call.Arguments.Settings, Second = call.Arguments.Second };

    /// <summary>Cotangent before the activation.</summary>
    public static Tensor Masked(in OpCall call, Tensor y, Tensor gy) => IsRelu(call) ? gy.Multiply(y.Step()) : gy;

    /// <summary>The same by a kernel.</summary>
    protected Tensor FusedMasked<T>(in OpCall call, Tensor y, Tensor gy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor g = gy.AsContiguous();
        if (!IsRelu(call))
            return g;

        Tensor gz = Tensor.Allocate(y.Shape, y.DType, Name);
        Zip.Run(new ReluGradient<T>(), g.Pointer<T>(), y.Pointer<T>(), gz.Pointer<T>(), (nint)y.Length);
        GC.KeepAlive(g);
        return gz;
    }

    protected static void AddBias(in OpCall call, Tensor gz, ref Cotangents gx)
    {
        if (call.Count > 2 && gx.Wants(2))
            gx.Add(2, gz.Sum(0, 2, 3));
    }

    protected static void AddFusedBias<T>(in OpCall call, Tensor gz, ref Cotangents gx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (call.Count > 2 && gx.Wants(2))
        {
            Tensor target = gx.Target(2, out bool accumulate);
            nint places = (nint)gz.Shape[2] * gz.Shape[3];
            Kernels.Convolution.ChannelSums(gz.Pointer<T>(), gz.Shape[0], gz.Shape[1], places, target.Pointer<T>(), accumulate);
        }
    }

    /// <summary>y = [y +] activation(x * w + bias).</summary>
    protected void Correlate<T>(Tensor x, Tensor w, Tensor y, in OpArguments arguments, (Tensor? Bias, bool Relu, bool Accumulate) finish)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ConvolutionShape shape = new(x.Shape, w.Shape, y.Shape, (ConvolutionOptions)arguments.Settings!, arguments.Second != 0);
        if (WinogradShape.Serves<T>(shape))
        {
            WinogradWork<T> tiles = new() { Shape = WinogradShape.Correlation(shape), Source = x.Pointer<T>(), Target = y.Pointer<T>() };
            RunTiles(ref tiles, w, transposed: false, finish);
            return;
        }

        if (Pointwise.Serves(shape))
        {
            RunPointwise(Pointwise.Correlation(shape, x.Pointer<T>(), w.Pointer<T>(), y.Pointer<T>()), finish);
            return;
        }

        Tensor plan = Tensor.Allocate([TapPlanner.PlanLength<T>(shape, transposed: false)], DType.Int32, Name);
        TapWork<T> work = TapPlanner.Correlation(shape, x.Pointer<T>(), w.Pointer<T>(), y.Pointer<T>(), plan.Pointer<int>());
        Run(ref work, finish);
        GC.KeepAlive(plan);
    }

    /// <summary>x = [x +] activation(transpose of y * w + bias).</summary>
    protected void Transpose<T>(Tensor y, Tensor w, Tensor x, in OpArguments arguments, (Tensor? Bias, bool Relu, bool Accumulate) finish)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ConvolutionShape shape = new(x.Shape, w.Shape, y.Shape, (ConvolutionOptions)arguments.Settings!, arguments.Second != 0);
        if (WinogradShape.Serves<T>(shape))
        {
            WinogradWork<T> tiles = new() { Shape = WinogradShape.Transposition(shape), Source = y.Pointer<T>(), Target = x.Pointer<T>() };
            RunTiles(ref tiles, w, transposed: true, finish);
            return;
        }

        if (Pointwise.Serves(shape))
        {
            RunPointwise(Pointwise.Transposition(shape, y.Pointer<T>(), w.Pointer<T>(), x.Pointer<T>()), finish);
            return;
        }

        Tensor plan = Tensor.Allocate([TapPlanner.PlanLength<T>(shape, transposed: true)], DType.Int32, Name);
        Tensor factors = Tensor.Allocate(w.Shape, w.DType, Name);
        TapMemory<T> memory = new(plan.Pointer<int>(), factors.Pointer<T>());
        TapWork<T> work = TapPlanner.Transposition(shape, y.Pointer<T>(), w.Pointer<T>(), x.Pointer<T>(), memory);
        Run(ref work, finish);
        Lifetime.KeepAlive(plan, factors);
    }

    /// <summary>w = [w +] weight gradient of x and the cotangent of y.</summary>
    protected void WeightGradient<T>(Tensor x, Tensor gy, Tensor w, in OpArguments arguments, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ConvolutionShape shape = new(x.Shape, w.Shape, gy.Shape, (ConvolutionOptions)arguments.Settings!, arguments.Second != 0);
        if (WinogradShape.Serves<T>(shape))
        {
            WeightGradientByTiles(WinogradShape.Correlation(shape), x, gy, w.Pointer<T>(), accumulate);
            return;
        }

        WeightGradientWork<T> work = Kernels.Convolution.PlanWeightGradient(shape, x.Pointer<T>(), gy.Pointer<T>());
        Tensor partials = Tensor.Allocate([checked((int)(work.Splits * work.Size))], x.DType, Name);
        work.Partials = partials.Pointer<T>();
        Kernels.Convolution.RunWeightGradient(VectorWidths.Best, work, w.Pointer<T>(), accumulate);
        GC.KeepAlive(partials);
    }

    private void RunTiles<T>(ref WinogradWork<T> work, Tensor w, bool transposed, (Tensor? Bias, bool Relu, bool Accumulate) finish)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor factors = Tensor.Allocate([work.Shape.FactorLength], w.DType, Name);
        work.Factors = factors.Pointer<T>();
        work.Bias = finish.Bias is null ? null : finish.Bias.Pointer<T>();
        (work.Relu, work.Accumulate) = (finish.Relu, finish.Accumulate);
        Winograd.Transform(VectorWidths.Best, new WinogradFactorsWork<T>(work.Shape, w.Pointer<T>(), transposed, work.Factors));
        Winograd.Convolve(VectorWidths.Best, work);
        GC.KeepAlive(factors);
    }

    private void WeightGradientByTiles<T>(in WinogradShape shape, Tensor x, Tensor gy, T* target, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WinogradGradientWork<T> work = Winograd.PlanWeightGradient(shape, x.Pointer<T>(), gy.Pointer<T>());
        Tensor partials = Tensor.Allocate([checked(work.Splits * shape.FactorLength)], x.DType, Name);
        work.Partials = partials.Pointer<T>();
        Winograd.RunWeightGradient(VectorWidths.Best, work, target, accumulate);
        GC.KeepAlive(partials);
    }

    private static void RunPointwise<T>(PointwiseWork<T> work, (Tensor? Bias, bool Relu, bool Accumulate) finish)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        work.Bias = finish.Bias is null ? null : finish.Bias.Pointer<T>();
        (work.Relu, work.Accumulate) = (finish.Relu, finish.Accumulate);
        Pointwise.Run(VectorWidths.Best, work);
    }

    private static void Run<T>(ref TapWork<T> work, (Tensor? Bias, bool Relu, bool Accumulate) finish)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        work.Bias = finish.Bias is null ? null : finish.Bias.Pointer<T>();
        (work.Relu, work.Accumulate) = (finish.Relu, finish.Accumulate);
        Kernels.Convolution.Run(VectorWidths.Best, work);
    }
}
