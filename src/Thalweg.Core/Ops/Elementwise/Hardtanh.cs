using Thalweg.Kernels;

namespace Thalweg;

/// <content>Hardtanh.</content>
public sealed partial class Tensor
{
    /// <summary>x cut to [low, high]; derivative 0 outside and at the ends.</summary>
    /// <param name="low">Lower end; default -1.</param>
    /// <param name="high">Upper end; default 1.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 6.3.3, after Collobert, 2004.</remarks>
    public Tensor Hardtanh(double low = -1, double high = 1) =>
        HardtanhOp.Instance.Apply(new OpArguments { Real = low, OtherReal = high }, this);
}

/// <summary>x cut to [low, high]; derivative 0 outside and at the ends.</summary>
internal sealed unsafe class HardtanhOp : UnaryOp
{
    public static readonly HardtanhOp Instance = new();

    public override string Name => "hardtanh";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description)
    {
        base.Describe(arguments, inputs, description);
        description.Attribute("low", arguments.Real).Attribute("high", arguments.OtherReal);
    }

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new Hardtanh<T>(T.CreateTruncating(arguments.Real), T.CreateTruncating(arguments.OtherReal)), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new HardtanhGradient<T>(T.CreateTruncating(arguments.Real), T.CreateTruncating(arguments.OtherReal)), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor inside = call[0].Subtract(call.Arguments.Real).Step().Multiply(call[0].Subtract(call.Arguments.OtherReal).Negate().Step());
        gx.Add(0, inside.MultiplyMasked(gy));
    }
}
