using Thalweg.Kernels;

namespace Thalweg;

/// <content>Threshold.</content>
public sealed partial class Tensor
{
    /// <summary>x above a limit, a fixed value elsewhere; derivative 0 at the limit.</summary>
    /// <param name="limit">Limit, in the unit of x.</param>
    /// <param name="value">Result at and below the limit; default 0.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>No paper is known to define it; the form is that of PyTorch.</remarks>
    public Tensor Threshold(double limit, double value = 0) =>
        ThresholdOp.Instance.Apply(new OpArguments { Real = limit, OtherReal = value }, this);
}

/// <summary>x above a limit, a fixed value elsewhere; derivative 0 at the limit.</summary>
internal sealed unsafe class ThresholdOp : UnaryOp
{
    public static readonly ThresholdOp Instance = new();

    public override string Name => "threshold";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description)
    {
        base.Describe(arguments, inputs, description);
        description.Attribute("limit", arguments.Real).Attribute("value", arguments.OtherReal);
    }

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new Threshold<T>(T.CreateTruncating(arguments.Real), T.CreateTruncating(arguments.OtherReal)), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new ThresholdGradient<T>(T.CreateTruncating(arguments.Real)), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        gx.Add(0, call[0].Subtract(call.Arguments.Real).Step().MultiplyMasked(gy));
    }
}
