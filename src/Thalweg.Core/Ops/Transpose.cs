namespace Thalweg;

/// <content>Transpose.</content>
public sealed partial class Tensor
{
    /// <summary>Two axes exchanged, as a view; default the last two.</summary>
    /// <param name="first">One axis.</param>
    /// <param name="second">The other axis.</param>
    public Tensor Transpose(int first = -2, int second = -1) =>
        TransposeOp.Instance.Apply(new OpArguments { First = Shape.Normalize(first), Second = Shape.Normalize(second) }, this);

    /// <summary>A contiguous tensor of the same elements: this one, or a copy.</summary>
    public Tensor Contiguous() => IsContiguous ? this : Reshape(Shape);
}

/// <summary>Two axes exchanged.</summary>
internal sealed class TransposeOp : Op
{
    public static readonly TransposeOp Instance = new();

    public override string Name => "transpose";

    protected internal override Tensor Forward(ref OpCall call)
    {
        (int a, int b) = (call.Arguments.First, call.Arguments.Second);
        Tensor x = call[0];
        Strides strides = x.Strides;
        (strides[a], strides[b]) = (strides[b], strides[a]);
        return Tensor.View(x, x.Shape.With(a, x.Shape[b]).With(b, x.Shape[a]), strides, 0, Name);
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, gy.Transpose(call.Arguments.First, call.Arguments.Second));
}
