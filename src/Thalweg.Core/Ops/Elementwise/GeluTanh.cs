using Thalweg.Kernels;

namespace Thalweg;

/// <content>GeluTanh.</content>
public sealed partial class Tensor
{
    /// <summary>GELU by its tanh approximation, x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2. Source: Hendrycks, Gimpel, arXiv
    /// 1606.08415, section 2.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor GeluTanh() => GeluTanhOp.Instance.Apply(default, this);
}

/// <summary>GELU by its tanh approximation, x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2. Source: Hendrycks, Gimpel, arXiv
/// 1606.08415, section 2.</summary>
internal sealed unsafe class GeluTanhOp : UnaryOp
{
    public static readonly GeluTanhOp Instance = new();

    public override string Name => "gelu_tanh";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new GeluTanh<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new GeluTanhGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        // With v = 2 sqrt(2 / pi) (x + 0.044715 x^3) and s its sigmoid, y = x s and dy/dx = s + x s (1 - s) dv/dx.
        double scale = 2 * Math.Sqrt(2 / Math.PI);
        // Beyond 32 s is 0 or 1 in both types; the limit keeps cubes finite in derivatives of any order.
        Tensor x = call[0].Hardtanh(-32, 32), square = x.Square();
        Tensor s = x.Multiply(square.Multiply(0.044715 * scale).Add(scale)).Sigmoid();
        Tensor slope = square.Multiply(3 * 0.044715 * scale).Add(scale);
        gx.Add(0, gy.Multiply(s.Add(x.Multiply(s.Subtract(s.Square())).Multiply(slope))));
    }
}
