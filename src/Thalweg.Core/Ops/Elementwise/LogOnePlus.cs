using Thalweg.Kernels;

namespace Thalweg;

/// <content>LogOnePlus.</content>
public sealed partial class Tensor
{
    /// <summary>log(1 + x) of each element, exact near 0; NaN below -1.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor LogOnePlus() => LogOnePlusOp.Instance.Apply(default, this);
}

/// <summary>log(1 + x) of each element, exact near 0; NaN below -1.</summary>
internal sealed unsafe class LogOnePlusOp : UnaryOp
{
    public static readonly LogOnePlusOp Instance = new();

    public override string Name => "log1p";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new LogOnePlus<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new LogOnePlusGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        gx.Add(0, gy.Divide(call[0].Add(1)));
    }
}
