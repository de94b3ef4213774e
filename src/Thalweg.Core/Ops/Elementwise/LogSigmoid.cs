using Thalweg.Kernels;

namespace Thalweg;

/// <content>LogSigmoid.</content>
public sealed partial class Tensor
{
    /// <summary>log(1 / (1 + e^-x)) of each element, exact for any x.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 3.10.</remarks>
    public Tensor LogSigmoid() => LogSigmoidOp.Instance.Apply(default, this);
}

/// <summary>log(1 / (1 + e^-x)) of each element, exact for any x.</summary>
internal sealed unsafe class LogSigmoidOp : UnaryOp
{
    public static readonly LogSigmoidOp Instance = new();

    public override string Name => "log_sigmoid";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new LogSigmoid<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new LogSigmoidGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        gx.Add(0, gy.Multiply(call[0].Negate().Sigmoid()));
    }
}
