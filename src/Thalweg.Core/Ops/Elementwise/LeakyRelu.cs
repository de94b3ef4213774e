using Thalweg.Kernels;

namespace Thalweg;

/// <content>LeakyRelu.</content>
public sealed partial class Tensor
{
    /// <summary>x above 0, slope times x below; derivative slope at 0. Source: Maas, Hannun, Ng, ICML 2013.</summary>
    /// <param name="slope">Slope below 0, dimensionless; default 0.01.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor LeakyRelu(double slope = 0.01) => LeakyReluOp.Instance.Apply(new OpArguments { Real = slope }, this);
}

/// <summary>x above 0, slope times x below; derivative slope at 0. Source: Maas, Hannun, Ng, ICML 2013.</summary>
internal sealed unsafe class LeakyReluOp : UnaryOp
{
    public static readonly LeakyReluOp Instance = new();

    public override string Name => "leaky_relu";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description)
    {
        base.Describe(arguments, inputs, description);
        description.Attribute("slope", arguments.Real);
    }

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new LeakyRelu<T>(T.CreateTruncating(arguments.Real)), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new LeakyReluGradient<T>(T.CreateTruncating(arguments.Real)), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor step = call[0].Step();
        gx.Add(0, gy.Multiply(step.Add(step.Negate().Add(1).Multiply(call.Arguments.Real))));
    }
}
