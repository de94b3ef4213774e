using Thalweg.Kernels;

namespace Thalweg;

/// <content>Step and sign.</content>
public sealed partial class Tensor
{
    /// <summary>1 above 0, else 0; its derivative is taken as 0.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Step() => StepOp.Instance.Apply(default, this);

    /// <summary>-1, 0 or 1 by the sign; its derivative is taken as 0.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Sign() => Step().Subtract(Negate().Step());
}

/// <summary>1 above 0, else 0.</summary>
internal sealed unsafe class StepOp : FloatOp
{
    public static readonly StepOp Instance = new();

    public override string Name => "step";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Other).Inputs("input");

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), y = Tensor.Allocate(x.Shape, x.DType, Name);
        Map.Run(new GreaterThanZero<T>(), x.Pointer<T>(), y.Pointer<T>(), (nint)x.Length);
        GC.KeepAlive(x);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        // Flat almost everywhere: nothing to add.
    }
}
