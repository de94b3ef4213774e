using Thalweg.Kernels;

namespace Thalweg;

/// <content>Abs.</content>
public sealed partial class Tensor
{
    /// <summary>Absolute value of each element; derivative 0 at 0.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Abs() => AbsOp.Instance.Apply(default, this);
}

/// <summary>Absolute value of each element; derivative 0 at 0.</summary>
internal sealed unsafe class AbsOp : UnaryOp
{
    public static readonly AbsOp Instance = new();

    public override string Name => "abs";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Abs<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new AbsGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) => gx.Add(0, gy.Multiply(call[0].Sign()));
}
