using Thalweg.Kernels;

namespace Thalweg;

/// <content>Sine and cosine.</content>
public sealed partial class Tensor
{
    /// <summary>Sine of each element, in radians; within 2 ulp.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Sin() => SinOp.Instance.Apply(default, this);

    /// <summary>Cosine of each element, in radians; within 2 ulp.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Cos() => SinOp.Instance.Apply(new OpArguments { First = 1 }, this);
}

/// <summary>Sine, or cosine where the first argument is 1.</summary>
internal sealed unsafe class SinOp : FloatOp
{
    public static readonly SinOp Instance = new();

    public override string Name => "sine";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Elementwise).Inputs("input").Attribute("function", arguments.First == 1 ? "cosine" : "sine");

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), y = Tensor.Allocate(x.Shape, x.DType, Name);
        SinCos.Run(x.Pointer<T>(), y.Pointer<T>(), (nint)x.Length, call.Arguments.First == 1);
        GC.KeepAlive(x);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, call.Arguments.First == 1 ? gy.Multiply(call[0].Sin()).Negate() : gy.Multiply(call[0].Cos()));
}
