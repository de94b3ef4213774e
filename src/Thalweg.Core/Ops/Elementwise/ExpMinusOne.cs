using Thalweg.Kernels;

namespace Thalweg;

/// <content>ExpMinusOne.</content>
public sealed partial class Tensor
{
    /// <summary>e^x - 1 of each element, exact near 0.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor ExpMinusOne() => ExpMinusOneOp.Instance.Apply(default, this);
}

/// <summary>e^x - 1 of each element, exact near 0.</summary>
internal sealed unsafe class ExpMinusOneOp : UnaryOp
{
    public static readonly ExpMinusOneOp Instance = new();

    public override string Name => "expm1";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new ExpMinusOne<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new ExpMinusOneGradient<T>(), e.Gy, e.Y, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        gx.Add(0, gy.Multiply(y.Add(1)));
    }
}
