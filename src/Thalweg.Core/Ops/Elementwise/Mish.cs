using Thalweg.Kernels;

namespace Thalweg;

/// <content>Mish.</content>
public sealed partial class Tensor
{
    /// <summary>x tanh(log(1 + e^x)) of each element. Source: Misra, BMVC 2020, eq. (1).</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Mish() => MishOp.Instance.Apply(default, this);
}

/// <summary>x tanh(log(1 + e^x)) of each element. Source: Misra, BMVC 2020, eq. (1).</summary>
internal sealed unsafe class MishOp : UnaryOp
{
    public static readonly MishOp Instance = new();

    public override string Name => "mish";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new Mish<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new MishGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        // Beyond 800 the slope is 0 or 1 in both types; the limit keeps products with x finite in derivatives of any order.
        Tensor x = call[0].Hardtanh(-800, 800), w = x.Softplus().Tanh();
        gx.Add(0, gy.Multiply(w.Add(x.Multiply(x.Sigmoid()).Multiply(w.Square().Negate().Add(1)))));
    }
}
