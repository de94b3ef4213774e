using Thalweg.Kernels;

namespace Thalweg;

/// <content>Erf.</content>
public sealed partial class Tensor
{
    /// <summary>Error function 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>Source: NIST Digital Library of Mathematical Functions, equation 7.2.1.</remarks>
    public Tensor Erf() => ErfOp.Instance.Apply(default, this);
}

/// <summary>Error function 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x.</summary>
internal sealed unsafe class ErfOp : UnaryOp
{
    public static readonly ErfOp Instance = new();

    public override string Name => "erf";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Erf<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new ErfGradient<T>(), e.Gy, e.X, gx, n);

    // e^(-x^2) is 0 beyond 30 in both types; the limit keeps the square, and with it the next derivative, finite.
    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, gy.Multiply(call[0].Hardtanh(-30, 30).Square().Negate().Exp()).Multiply(2 / Math.Sqrt(Math.PI)));
}
