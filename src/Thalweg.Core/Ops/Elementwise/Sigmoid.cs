using Thalweg.Kernels;

namespace Thalweg;

/// <content>Sigmoid.</content>
public sealed partial class Tensor
{
    /// <summary>Logistic function 1 / (1 + e^-x) of each element.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 3.10.</remarks>
    public Tensor Sigmoid() => SigmoidOp.Instance.Apply(default, this);
}

/// <summary>Logistic function 1 / (1 + e^-x) of each element.</summary>
internal sealed unsafe class SigmoidOp : UnaryOp
{
    public static readonly SigmoidOp Instance = new();

    public override string Name => "sigmoid";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Sigmoid<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new SigmoidGradient<T>(), e.Gy, e.Y, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, gy.Multiply(y.Subtract(y.Square())));
}
