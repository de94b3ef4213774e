using Thalweg.Kernels;

namespace Thalweg;

/// <content>SoftShrink.</content>
public sealed partial class Tensor
{
    /// <summary>x moved towards 0 by a width, 0 within it; derivative 0 at the ends. Source: Donoho, IEEE Transactions on Information
    /// Theory 41, 1995, eq. (3).</summary>
    /// <param name="width">Half width of the dead zone, in the unit of x, 0 or more; default 0.5.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <exception cref="ThalwegException">The width is below 0.</exception>
    public Tensor SoftShrink(double width = 0.5) =>
        SoftShrinkOp.Instance.Apply(new OpArguments { Real = Throw.IfNegative("soft_shrink", "width", width) }, this);
}

/// <summary>x moved towards 0 by a width, 0 within it; derivative 0 at the ends. Source: Donoho, IEEE Transactions on Information Theory
/// 41, 1995, eq. (3).</summary>
internal sealed unsafe class SoftShrinkOp : UnaryOp
{
    public static readonly SoftShrinkOp Instance = new();

    public override string Name => "soft_shrink";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description)
    {
        base.Describe(arguments, inputs, description);
        description.Attribute("width", arguments.Real);
    }

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new SoftShrink<T>(T.CreateTruncating(arguments.Real)), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new ShrinkGradient<T>(T.CreateTruncating(arguments.Real)), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        gx.Add(0, call[0].Abs().Subtract(call.Arguments.Real).Step().MultiplyMasked(gy));
    }
}
