using Thalweg.Kernels;

namespace Thalweg;

/// <content>Relu.</content>
public sealed partial class Tensor
{
    /// <summary>max(x, 0) of each element; derivative 0 at 0; NaN stays NaN. Source: Nair, Hinton, ICML 2010.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Relu() => ReluOp.Instance.Apply(default, this);
}

/// <summary>max(x, 0) of each element; derivative 0 at 0; NaN stays NaN. Source: Nair, Hinton, ICML 2010.</summary>
internal sealed unsafe class ReluOp : UnaryOp
{
    public static readonly ReluOp Instance = new();

    public override string Name => "relu";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Relu<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new ReluGradient<T>(), e.Gy, e.Y, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) => gx.Add(0, y.Step().MultiplyMasked(gy));
}
