using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Maximum pooling.</content>
public sealed partial class Tensor
{
    /// <summary>Largest element of each window, NaN where there is one; of equals the first gets the derivative.</summary>
    /// <param name="options">Window, stride, padding, dilation and ceiling mode.</param>
    /// <returns><c>[batch, channels, height', width']</c> for this tensor of shape <c>[batch, channels, height, width]</c>, or both
    /// without the batch.</returns>
    /// <remarks>y[n, c, i, j] = max over u, v of x[n, c, i stride + u dilation - padding, j stride + v dilation - padding]; height' and
    /// width' as <see cref="PoolingOptions"/> says. Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 9.3.</remarks>
    /// <exception cref="ThalwegException">The shape does not fit, or the window is larger than the input.</exception>
    public Tensor MaxPool2d(PoolingOptions options) => Rank == 3
        ? Unsqueeze(0).MaxPool2d(options).Squeeze(0)
        : MaxPoolOp.Instance.Apply(PoolingFamilyOp.Sliding("max pool 2d", this, options, signal: false), this);

    /// <summary>Largest element of each window of signals <c>[batch, channels, length]</c>; of pairs in the options
    /// the width counts.</summary>
    /// <param name="options">Window, stride, padding, dilation and ceiling mode.</param>
    /// <returns><c>[batch, channels, length']</c>, length' as <see cref="PoolingOptions"/> says; for one signal <c>[channels, length]</c>
    /// without the batch.</returns>
    /// <remarks>Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 9.3.</remarks>
    /// <exception cref="ThalwegException">The shape does not fit, or the window is longer than the input.</exception>
    public Tensor MaxPool1d(PoolingOptions options)
    {
        if (Rank == 2)
            return Unsqueeze(0).MaxPool1d(options).Squeeze(0);

        OpArguments arguments = PoolingFamilyOp.Sliding("max pool 1d", this, options, signal: true);
        return Flat(MaxPoolOp.Instance.Apply(arguments, Image(this)));
    }

    /// <summary>Largest element of windows that share images out evenly.</summary>
    /// <param name="size">Height and width of the output, each 1 or more; 1 takes the maximum of each channel.</param>
    /// <returns><c>[batch, channels, size height, size width]</c> for this tensor of shape
    /// <c>[batch, channels, height, width]</c>, or both without the batch.</returns>
    /// <remarks>Window i goes from floor(i input / output) to ceil((i + 1) input / output), the end not included. Source: He and others,
    /// "Spatial pyramid pooling in deep convolutional networks", ECCV 2014; the windows are those of PyTorch.</remarks>
    /// <exception cref="ThalwegException">The shape or size does not fit.</exception>
    public Tensor AdaptiveMaxPool2d(Size2d size) => Rank == 3
        ? Unsqueeze(0).AdaptiveMaxPool2d(size).Squeeze(0)
        : MaxPoolOp.Instance.Apply(PoolingFamilyOp.ToSize("adaptive max pool 2d", this, size, signal: false), this);

    /// <summary>Largest element of windows that share signals out evenly.</summary>
    /// <param name="size">Length of the output, 1 or more.</param>
    /// <returns><c>[batch, channels, size]</c> for this tensor of shape <c>[batch, channels, length]</c>, or both
    /// without the batch.</returns>
    /// <remarks>Window i goes from floor(i input / output) to ceil((i + 1) input / output), the end not included. Source: He and others,
    /// "Spatial pyramid pooling in deep convolutional networks", ECCV 2014; the windows are those of PyTorch.</remarks>
    /// <exception cref="ThalwegException">The shape or size does not fit.</exception>
    public Tensor AdaptiveMaxPool1d(int size)
    {
        if (Rank == 2)
            return Unsqueeze(0).AdaptiveMaxPool1d(size).Squeeze(0);

        OpArguments arguments = PoolingFamilyOp.ToSize("adaptive max pool 1d", this, size, signal: true);
        return Flat(MaxPoolOp.Instance.Apply(arguments, Image(this)));
    }
}

/// <summary>Largest element of each window; saves where it was.</summary>
internal sealed unsafe class MaxPoolOp : PoolingFamilyOp
{
    public static readonly MaxPoolOp Instance = new();

    public override string Name => "max pool";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        Describe(arguments, description).Value(new InnerValue("places", IsStored: true), static (call, _) => call.Saved!);

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), y = Tensor.Allocate(call.Arguments.Shape, x.DType, Name), table = Table(y.Shape);
        Tensor indices = Tensor.Allocate(y.Shape, DType.Int32, Name);
        PoolWork<T> work = Plan<T>(call.Arguments, x.Shape, y.Shape, table);
        work.Planes = x.Pointer<T>();
        work.Pooled = y.Pointer<T>();
        work.Indices = indices.Pointer<int>();
        Pooling.Maximum(work);
        call.Saved = indices;
        Lifetime.KeepAlive(x, table);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, PlaneScatterOp.Instance.Apply(new OpArguments { Shape = call[0].Shape }, gy, call.Saved));

    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor target = gx.Target(0, out bool accumulate);
        PlaneScatterOp.Run<T>(gy.AsContiguous(), call.Saved!, target, accumulate);
        return true;
    }
}

/// <summary>Elements of planes by index: <c>[N, C, H, W] x [N, C, OH, OW] -> [N, C, OH, OW]</c>.</summary>
internal sealed unsafe class PlaneGatherOp : FloatOp
{
    public static readonly PlaneGatherOp Instance = new();

    public override string Name => "gather in planes";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Lookup).Inputs("input", "places");

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), indices = call[1], y = Tensor.Allocate(indices.Shape, x.DType, Name);
        PoolWork<T> work = PlaneScatterOp.Plan<T>(x.Shape, indices);
        work.Planes = x.Pointer<T>();
        work.Pooled = y.Pointer<T>();
        Pooling.Gather(work);
        GC.KeepAlive(x);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, PlaneScatterOp.Instance.Apply(new OpArguments { Shape = call[0].Shape }, gy, call[1]));
}

/// <summary>The transpose of <see cref="PlaneGatherOp"/>: elements added to planes of zeros by index.</summary>
internal sealed unsafe class PlaneScatterOp : FloatOp
{
    public static readonly PlaneScatterOp Instance = new();

    public override string Name => "scatter in planes";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Lookup).Inputs("input", "places").Attribute("shape", arguments.Shape);

    /// <summary>The kernel's view of planes of a shape and indices into them.</summary>
    public static PoolWork<T> Plan<T>(Shape planes, Tensor indices)
        where T : unmanaged => new()
        {
            Rows = PoolAxis.Adaptive(planes[2], indices.Shape[2]),
            Columns = PoolAxis.Adaptive(planes[3], indices.Shape[3]),
            Count = checked(planes[0] * planes[1]),
            Indices = indices.Pointer<int>(),
        };

    /// <summary>planes = [planes +] scattered g.</summary>
    public static void Run<T>(Tensor g, Tensor indices, Tensor planes, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PoolWork<T> work = Plan<T>(planes.Shape, indices);
        work.Planes = planes.Pointer<T>();
        work.Pooled = g.Pointer<T>();
        work.Accumulate = accumulate;
        Pooling.Scatter(work);
        Lifetime.KeepAlive(g, indices);
    }

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor planes = Tensor.Allocate(call.Arguments.Shape, call[0].DType, Name);
        Run<T>(call[0].AsContiguous(), call[1], planes, accumulate: false);
        return planes;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, PlaneGatherOp.Instance.Apply(default, gy, call[1]));
}
