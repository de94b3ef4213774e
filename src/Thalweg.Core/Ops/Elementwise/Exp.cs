using Thalweg.Kernels;

namespace Thalweg;

/// <content>Exp.</content>
public sealed partial class Tensor
{
    /// <summary>e^x of each element.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Exp() => ExpOp.Instance.Apply(default, this);
}

/// <summary>e^x of each element.</summary>
internal sealed unsafe class ExpOp : UnaryOp
{
    public static readonly ExpOp Instance = new();

    public override string Name => "exp";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Exp<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new ExpGradient<T>(), e.Gy, e.Y, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) => gx.Add(0, gy.Multiply(y));
}
