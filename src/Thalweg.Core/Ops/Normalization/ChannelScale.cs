using Thalweg.Kernels;

namespace Thalweg;

/// <content>Scaling of channels around a center.</content>
public sealed partial class Tensor
{
    /// <summary>scale (x - center) + shift per channel of this tensor <c>[batch, channels, ...]</c>: the difference is taken first, so that
    /// numbers far from 0 keep their digits.</summary>
    /// <param name="center">Taken from each number, a constant, <c>[channels]</c>.</param>
    /// <param name="scale">Factor, <c>[channels]</c>.</param>
    /// <param name="shift">Added, <c>[channels]</c>.</param>
    internal Tensor ScaleChannels(Tensor center, Tensor scale, Tensor shift) =>
        ChannelScaleOp.Instance.Apply(new OpArguments { Settings = center }, this, scale, shift);
}

/// <summary>scale (x - center) + shift; the center, a constant, is in the settings.</summary>
internal sealed unsafe class ChannelScaleOp : FloatOp
{
    public static readonly ChannelScaleOp Instance = new();

    public override string Name => "channel scale";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Other).Inputs("input", "scale", "shift").Attribute("center", arguments.Settings!);

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), scale = call[1].AsContiguous(), shift = call[2].AsContiguous(), center = Center(call);
        Tensor y = Tensor.Allocate(x.Shape, x.DType, Name);
        ChannelScaling<T>.Run(new()
        {
            X = x.Pointer<T>(),
            Y = y.Pointer<T>(),
            Center = center.Pointer<T>(),
            Scale = scale.Pointer<T>(),
            Shift = shift.Pointer<T>(),
            Batch = x.Shape[0],
            Channels = x.Shape[1],
            Places = (nint)x.Shape.LengthOf(2, x.Rank),
        });
        Lifetime.KeepAlive(x, scale, shift);
        GC.KeepAlive(center);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        (Tensor x, Shape column) = (call[0], Column(call[0].Shape));
        if (gx.Wants(0))
            gx.Add(0, gy.Multiply(call[1].Reshape(column)));

        if (gx.Wants(1))
            gx.Add(1, gy.Multiply(x.Subtract(Center(call).Reshape(column))).SumTo(column).Reshape(call[1].Shape));

        if (gx.Wants(2))
            gx.Add(2, gy.SumTo(column).Reshape(call[2].Shape));
    }

    private static Tensor Center(in OpCall call) => (Tensor)call.Arguments.Settings!;

    /// <summary>The shape that repeats one number per channel over the places.</summary>
    private static Shape Column(Shape shape)
    {
        Span<int> sizes = stackalloc int[shape.Rank - 1];
        sizes.Fill(1);
        sizes[0] = shape[1];
        return new Shape(sizes);
    }
}
