using Thalweg.Kernels;

namespace Thalweg;

/// <content>Softplus.</content>
public sealed partial class Tensor
{
    /// <summary>log(1 + e^x) of each element, without overflow. Source: Dugas and others, NIPS 2000, eq. (4).</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Softplus() => SoftplusOp.Instance.Apply(default, this);

    /// <summary>log(1 + e^(beta x)) / beta of each element; x itself, with slope 1, where beta x is above a threshold.</summary>
    /// <param name="beta">Sharpness, above 0; 1 is the plain softplus.</param>
    /// <param name="threshold">Value of beta x above which the result is x; infinity (default) for nowhere,
    /// since nothing overflows.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>Source: Dugas and others, NIPS 2000, eq. (4), for beta 1; beta and threshold are those of PyTorch.</remarks>
    /// <exception cref="ThalwegException">beta is not above 0.</exception>
    public Tensor Softplus(double beta, double threshold = double.PositiveInfinity)
    {
        Throw.IfNotPositive("softplus", "beta", beta);
        // Beyond 50 the result is x in both types; beta x may be infinite there where x is not.
        threshold = beta > 1 ? Math.Min(threshold, 50) : threshold;
        Tensor scaled = Multiply(beta), smooth = scaled.Softplus().Multiply(1 / beta);
        return double.IsPositiveInfinity(threshold) ? smooth : Where(scaled.Subtract(threshold).Step(), this, smooth);
    }
}

/// <summary>log(1 + e^x) of each element, without overflow. Source: Dugas and others, NIPS 2000, eq. (4).</summary>
internal sealed unsafe class SoftplusOp : UnaryOp
{
    public static readonly SoftplusOp Instance = new();

    public override string Name => "softplus";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Softplus<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new SoftplusGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, gy.Multiply(call[0].Sigmoid()));
}
