using Thalweg.Kernels;

namespace Thalweg;

/// <content>Silu.</content>
public sealed partial class Tensor
{
    /// <summary>x sigmoid(x) of each element (also called swish). Source: Elfwing, Uchibe, Doya, Neural Networks 107,
    /// 2018, eq. (2).</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Silu() => SiluOp.Instance.Apply(default, this);
}

/// <summary>x sigmoid(x) of each element (also called swish). Source: Elfwing, Uchibe, Doya, Neural Networks 107, 2018, eq. (2).</summary>
internal sealed unsafe class SiluOp : UnaryOp
{
    public static readonly SiluOp Instance = new();

    public override string Name => "silu";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Silu<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new SiluGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        // Beyond 800 s is 0 or 1 in both types; the limit keeps products with x finite in derivatives of any order.
        Tensor x = call[0].Hardtanh(-800, 800), sigmoid = x.Sigmoid();
        gx.Add(0, gy.Multiply(sigmoid.Add(x.Multiply(sigmoid.Subtract(sigmoid.Square())))));
    }
}
