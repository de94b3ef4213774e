using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Average pooling, and normalization by neighboring channels, which is made of it.</content>
public sealed partial class Tensor
{
    /// <summary>Mean of each window.</summary>
    /// <param name="options">Window, stride, padding, ceiling mode and what to divide by; a dilation is not possible.</param>
    /// <returns><c>[batch, channels, height', width']</c> for this tensor of shape <c>[batch, channels, height, width]</c>, or both
    /// without the batch.</returns>
    /// <remarks>Sum of the window, divided by its size or what the options say; height' and width' as <see cref="PoolingOptions"/> says.
    /// Source: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition", Proceedings of the IEEE 86, 1998,
    /// section II.B, without its coefficients.</remarks>
    /// <exception cref="ThalwegException">The shape does not fit, or the window is larger than the input.</exception>
    public Tensor AvgPool2d(PoolingOptions options) => Rank == 3
        ? Unsqueeze(0).AvgPool2d(options).Squeeze(0)
        : AveragePoolOp.Instance.Apply(AveragePoolOp.Checked("average pool 2d", this, options, signal: false), this);

    /// <summary>Mean of each window of signals <c>[batch, channels, length]</c>; of pairs in the options the width counts.</summary>
    /// <param name="options">Window, stride, padding, ceiling mode and what to divide by; a dilation is not possible.</param>
    /// <returns><c>[batch, channels, length']</c>, length' as <see cref="PoolingOptions"/> says; for one signal <c>[channels, length]</c>
    /// without the batch.</returns>
    /// <remarks>Source: as <see cref="AvgPool2d"/>, along one axis.</remarks>
    /// <exception cref="ThalwegException">The shape does not fit, or the window is longer than the input.</exception>
    public Tensor AvgPool1d(PoolingOptions options)
    {
        if (Rank == 2)
            return Unsqueeze(0).AvgPool1d(options).Squeeze(0);

        OpArguments arguments = AveragePoolOp.Checked("average pool 1d", this, options, signal: true);
        return Flat(AveragePoolOp.Instance.Apply(arguments, Image(this)));
    }

    /// <summary>Mean of windows that share images out evenly.</summary>
    /// <param name="size">Height and width of the output, each 1 or more; 1 takes the mean of each channel.</param>
    /// <returns><c>[batch, channels, size height, size width]</c> for this tensor of shape
    /// <c>[batch, channels, height, width]</c>, or both without the batch.</returns>
    /// <remarks>Window i goes from floor(i input / output) to ceil((i + 1) input / output), the end not included. Source of size 1, global
    /// average pooling: Lin, Chen, Yan, "Network in network", ICLR 2014, section 3.2; the windows are those of PyTorch.</remarks>
    /// <exception cref="ThalwegException">The shape or size does not fit.</exception>
    public Tensor AdaptiveAvgPool2d(Size2d size) => Rank == 3
        ? Unsqueeze(0).AdaptiveAvgPool2d(size).Squeeze(0)
        : AveragePoolOp.Instance.Apply(PoolingFamilyOp.ToSize("adaptive average pool 2d", this, size, signal: false), this);

    /// <summary>Mean of windows that share signals out evenly.</summary>
    /// <param name="size">Length of the output, 1 or more.</param>
    /// <returns><c>[batch, channels, size]</c> for this tensor of shape <c>[batch, channels, length]</c>, or both
    /// without the batch.</returns>
    /// <remarks>Window i goes from floor(i input / output) to ceil((i + 1) input / output), the end not included.
    /// Source: as <see cref="AdaptiveAvgPool2d"/>, along one axis.</remarks>
    /// <exception cref="ThalwegException">The shape or size does not fit.</exception>
    public Tensor AdaptiveAvgPool1d(int size)
    {
        if (Rank == 2)
            return Unsqueeze(0).AdaptiveAvgPool1d(size).Squeeze(0);

        OpArguments arguments = PoolingFamilyOp.ToSize("adaptive average pool 1d", this, size, signal: true);
        return Flat(AveragePoolOp.Instance.Apply(arguments, Image(this)));
    }

    /// <summary>x / (k + alpha mean x^2)^beta, the mean taken over neighboring channels (zeros beyond the ends). Source: Krizhevsky,
    /// Sutskever, Hinton, NIPS 2012, section 3.3, with alpha divided by the size as in PyTorch.</summary>
    /// <param name="size">Channels of the mean, 1 or more: floor(size / 2) before and floor((size - 1) / 2) after.</param>
    /// <param name="alpha">Weight of the mean; default 1e-4.</param>
    /// <param name="beta">Exponent; default 0.75.</param>
    /// <param name="k">Added to the mean, above 0; default 1.</param>
    /// <returns>The shape of this tensor, <c>[batch, channels, ...]</c>.</returns>
    /// <exception cref="ThalwegException">The tensor has no channels, or an argument is out of range.</exception>
    public Tensor LocalResponseNorm(int size, double alpha = 1e-4, double beta = 0.75, double k = 1)
    {
        if (Rank < 2 || size < 1 || !(k > 0))
        {
            throw new ThalwegException(
                $"[local response norm] expected inputs [batch, channels, ...], size >= 1 and k > 0, got {Shape}, {size} and {k}");
        }

        Tensor mean = MeanSquareOfNeighbors(size), logarithm = mean.Multiply(alpha).Add(k).Log();
        if (!mean.IsAllFinite())
        {
            // log(k + alpha mean x^2) of x = s z, where the squares overflow: k is below the last digit there.
            Tensor infinite = mean.IsEqual(Scalar(double.PositiveInfinity, DType)), one = Scalar(1, DType), scale = PowersOfTwo();
            Tensor wide = Where(infinite, Divide(scale).MeanSquareOfNeighbors(size).Multiply(alpha), one);
            logarithm = Where(infinite, wide.Log().Add(scale.Log().Multiply(2)), logarithm);
        }

        return Multiply(logarithm.Multiply(-beta).Exp());
    }

    private Tensor MeanSquareOfNeighbors(int size)
    {
        Tensor squares = Square().Reshape([Shape[0], 1, Shape[1], checked((int)Shape.LengthOf(2, Rank))]);
        return AveragePoolOp.Instance.Apply(PoolingFamilyOp.OverRows(squares, size), squares).Reshape(Shape);
    }
}

/// <summary>Mean of each window.</summary>
internal sealed unsafe class AveragePoolOp : PoolingFamilyOp
{
    public static readonly AveragePoolOp Instance = new();

    public override string Name => "average pool";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        Describe(arguments, description);

    /// <summary>Arguments of a sliding window, which cannot be dilated.</summary>
    public static OpArguments Checked(string name, Tensor x, PoolingOptions options, bool signal) => options.Dilation == 1
        ? Sliding(name, x, options, signal)
        : throw new ThalwegException($"[{name}] expected windows without dilation, got {options.Dilation}");

    /// <summary>pooled = [pooled +] mean of windows of planes.</summary>
    public void Run<T>(in OpArguments arguments, Tensor planes, Tensor pooled)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor table = Table(pooled.Shape);
        PoolWork<T> work = Plan<T>(arguments, planes.Shape, pooled.Shape, table);
        work.Planes = planes.Pointer<T>();
        work.Pooled = pooled.Pointer<T>();
        Pooling.Average(work);
        Lifetime.KeepAlive(planes, table);
    }

    /// <summary>planes = [planes +] the transpose of the mean applied to pooled.</summary>
    public void Spread<T>(in OpArguments arguments, Tensor planes, Tensor pooled, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor table = Table(pooled.Shape);
        PoolWork<T> work = Plan<T>(arguments, planes.Shape, pooled.Shape, table);
        work.Planes = planes.Pointer<T>();
        work.Pooled = pooled.Pointer<T>();
        work.Accumulate = accumulate;
        Pooling.Spread(work);
        Lifetime.KeepAlive(pooled, table);
    }

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor y = Tensor.Allocate(call.Arguments.Shape, call[0].DType, Name);
        Run<T>(call.Arguments, call[0].AsContiguous(), y);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, AverageSpreadOp.Instance.Apply(call.Arguments with { Shape = call[0].Shape }, gy));

    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor target = gx.Target(0, out bool accumulate);
        Spread<T>(call.Arguments, target, gy.AsContiguous(), accumulate);
        return true;
    }
}

/// <summary>The transpose of <see cref="AveragePoolOp"/>: each element shared out over its window.</summary>
internal sealed class AverageSpreadOp : PoolingFamilyOp
{
    public static readonly AverageSpreadOp Instance = new();

    public override string Name => "average pool gradient";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        Describe(arguments, description);

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor planes = Tensor.Allocate(call.Arguments.Shape, call[0].DType, Name);
        AveragePoolOp.Instance.Spread<T>(call.Arguments, planes, call[0].AsContiguous(), accumulate: false);
        return planes;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, AveragePoolOp.Instance.Apply(call.Arguments with { Shape = call[0].Shape }, gy));
}
