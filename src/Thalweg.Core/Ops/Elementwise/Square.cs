using Thalweg.Kernels;

namespace Thalweg;

/// <content>Square.</content>
public sealed partial class Tensor
{
    /// <summary>x^2 of each element.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Square() => SquareOp.Instance.Apply(default, this);
}

/// <summary>x^2 of each element.</summary>
internal sealed unsafe class SquareOp : UnaryOp
{
    public static readonly SquareOp Instance = new();

    public override string Name => "square";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Square<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new SquareGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, gy.Multiply(call[0]).Multiply(2));
}
