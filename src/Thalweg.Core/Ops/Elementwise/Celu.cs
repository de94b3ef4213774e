using Thalweg.Kernels;

namespace Thalweg;

/// <content>Celu.</content>
public sealed partial class Tensor
{
    /// <summary>x above 0, alpha (e^(x / alpha) - 1) below: slope 1 at 0 whatever alpha. Source: Barron, arXiv
    /// 1704.07483, eq. (2).</summary>
    /// <param name="alpha">Limit -alpha for x to minus infinity, above 0; default 1.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <exception cref="ThalwegException">alpha is not above 0.</exception>
    public Tensor Celu(double alpha = 1) =>
        CeluOp.Instance.Apply(new OpArguments { Real = Throw.IfNotPositive("celu", "alpha", alpha) }, this);
}

/// <summary>x above 0, alpha (e^(x / alpha) - 1) below: slope 1 at 0 whatever alpha. Source: Barron, arXiv 1704.07483, eq. (2).</summary>
internal sealed unsafe class CeluOp : UnaryOp
{
    public static readonly CeluOp Instance = new();

    public override string Name => "celu";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description)
    {
        base.Describe(arguments, inputs, description);
        description.Attribute("alpha", arguments.Real);
    }

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new Celu<T>(T.CreateTruncating(arguments.Real)), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new CeluGradient<T>(T.CreateTruncating(arguments.Real)), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor below = call[0].Minimum(Tensor.Scalar(0, gy.DType)).Multiply(1 / call.Arguments.Real).Exp(), step = call[0].Step();
        gx.Add(0, gy.Multiply(step.Add(step.Negate().Add(1).Multiply(below))));
    }
}
