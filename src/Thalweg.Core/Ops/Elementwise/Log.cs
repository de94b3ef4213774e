using Thalweg.Kernels;

namespace Thalweg;

/// <content>Log.</content>
public sealed partial class Tensor
{
    /// <summary>Natural logarithm of each element; NaN below 0.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Log() => LogOp.Instance.Apply(default, this);
}

/// <summary>Natural logarithm of each element; NaN below 0.</summary>
internal sealed unsafe class LogOp : UnaryOp
{
    public static readonly LogOp Instance = new();

    public override string Name => "log";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Log<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new LogGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) => gx.Add(0, gy.Divide(call[0]));
}
