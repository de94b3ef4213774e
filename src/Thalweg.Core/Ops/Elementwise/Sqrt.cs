using Thalweg.Kernels;

namespace Thalweg;

/// <content>Sqrt.</content>
public sealed partial class Tensor
{
    /// <summary>Square root of each element; NaN below 0.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Sqrt() => SqrtOp.Instance.Apply(default, this);
}

/// <summary>Square root of each element; NaN below 0.</summary>
internal sealed unsafe class SqrtOp : UnaryOp
{
    public static readonly SqrtOp Instance = new();

    public override string Name => "sqrt";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Sqrt<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new SqrtGradient<T>(), e.Gy, e.Y, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) => gx.Add(0, gy.Divide(y).Multiply(0.5));
}
