using Thalweg.Kernels;

namespace Thalweg;

/// <content>Gelu.</content>
public sealed partial class Tensor
{
    /// <summary>x Phi(x) with the normal distribution function Phi. Source: Hendrycks, Gimpel, arXiv 1606.08415, section 2.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Gelu() => GeluOp.Instance.Apply(default, this);
}

/// <summary>x Phi(x) with the normal distribution function Phi. Source: Hendrycks, Gimpel, arXiv 1606.08415, section 2.</summary>
internal sealed unsafe class GeluOp : UnaryOp
{
    public static readonly GeluOp Instance = new();

    public override string Name => "gelu";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Gelu<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new GeluGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        // d/dx x Phi(x) = Phi(x) + x phi(x); Phi(x) = (1 + erf(x / sqrt 2)) / 2.
        // Beyond 40 phi is 0 and Phi is 0 or 1 in both types; the limit keeps squares and products finite in derivatives of any order.
        Tensor x = call[0].Hardtanh(-40, 40);
        Tensor cumulative = x.Multiply(1 / Math.Sqrt(2)).Erf().Add(1).Multiply(0.5);
        Tensor density = x.Square().Multiply(-0.5).Exp().Multiply(1 / Math.Sqrt(2 * Math.PI));
        gx.Add(0, gy.Multiply(cumulative.Add(x.Multiply(density))));
    }
}
