using Thalweg.Kernels;

namespace Thalweg;

/// <content>HardShrink.</content>
public sealed partial class Tensor
{
    /// <summary>x outside [-width, width], 0 inside; derivative 0 at the ends.</summary>
    /// <param name="width">Half width of the dead zone, in the unit of x, 0 or more; default 0.5.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>Source: Donoho, Johnstone, "Ideal spatial adaptation by wavelet shrinkage", Biometrika 81, 1994.</remarks>
    /// <exception cref="ThalwegException">The width is below 0.</exception>
    public Tensor HardShrink(double width = 0.5) =>
        HardShrinkOp.Instance.Apply(new OpArguments { Real = Throw.IfNegative("hard_shrink", "width", width) }, this);
}

/// <summary>x outside [-width, width], 0 inside; derivative 0 at the ends.</summary>
internal sealed unsafe class HardShrinkOp : UnaryOp
{
    public static readonly HardShrinkOp Instance = new();

    public override string Name => "hard_shrink";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description)
    {
        base.Describe(arguments, inputs, description);
        description.Attribute("width", arguments.Real);
    }

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new HardShrink<T>(T.CreateTruncating(arguments.Real)), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new ShrinkGradient<T>(T.CreateTruncating(arguments.Real)), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        gx.Add(0, call[0].Abs().Subtract(call.Arguments.Real).Step().MultiplyMasked(gy));
    }
}
