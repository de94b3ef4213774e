using Thalweg.Kernels;

namespace Thalweg;

/// <content>Tanh.</content>
public sealed partial class Tensor
{
    /// <summary>Hyperbolic tangent of each element.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>Source: LeCun, Bottou, Orr, Müller, "Efficient BackProp", 1998, section 4.4.</remarks>
    public Tensor Tanh() => TanhOp.Instance.Apply(default, this);
}

/// <summary>Hyperbolic tangent of each element.</summary>
internal sealed unsafe class TanhOp : UnaryOp
{
    public static readonly TanhOp Instance = new();

    public override string Name => "tanh";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Tanh<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new TanhGradient<T>(), e.Gy, e.Y, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, gy.Multiply(y.Square().Negate().Add(1)));
}
