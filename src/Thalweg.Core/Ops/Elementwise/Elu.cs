using Thalweg.Kernels;

namespace Thalweg;

/// <content>Elu.</content>
public sealed partial class Tensor
{
    /// <summary>x above 0, alpha (e^x - 1) below. Source: Clevert, Unterthiner, Hochreiter, ICLR 2016, eq. (15).</summary>
    /// <param name="alpha">Limit -alpha for x to minus infinity, 0 or more; default 1.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <exception cref="ThalwegException">alpha is negative.</exception>
    public Tensor Elu(double alpha = 1) =>
        EluOp.Instance.Apply(new OpArguments { Real = Throw.IfNegative("elu", "alpha", alpha) }, this);
}

/// <summary>x above 0, alpha (e^x - 1) below. Source: Clevert, Unterthiner, Hochreiter, ICLR 2016, eq. (15).</summary>
internal sealed unsafe class EluOp : UnaryOp
{
    public static readonly EluOp Instance = new();

    public override string Name => "elu";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description)
    {
        base.Describe(arguments, inputs, description);
        description.Attribute("alpha", arguments.Real);
    }

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new Elu<T>(T.CreateTruncating(arguments.Real)), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new EluGradient<T>(T.CreateTruncating(arguments.Real)), e.Gy, e.Y, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        // e^x overflows above 0, where it is not wanted: min(x, 0) keeps it finite.
        Tensor step = call[0].Step();
        Tensor below = call[0].Minimum(Zero(call[0])).Exp().Multiply(call.Arguments.Real);
        gx.Add(0, gy.Multiply(step.Add(step.Negate().Add(1).Multiply(below))));
    }

    private static Tensor Zero(Tensor like) => Tensor.Scalar(0, like.DType);
}
