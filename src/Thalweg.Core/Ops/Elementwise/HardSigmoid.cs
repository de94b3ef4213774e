using Thalweg.Kernels;

namespace Thalweg;

/// <content>HardSigmoid.</content>
public sealed partial class Tensor
{
    /// <summary>x / 6 + 1/2 cut to [0, 1]; derivative 0 at -3 and 3 and beyond. Source: Howard and others, ICCV
    /// 2019, section 5.2.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor HardSigmoid() => HardSigmoidOp.Instance.Apply(default, this);
}

/// <summary>x / 6 + 1/2 cut to [0, 1]; derivative 0 at -3 and 3 and beyond. Source: Howard and others, ICCV 2019, section 5.2.</summary>
internal sealed unsafe class HardSigmoidOp : UnaryOp
{
    public static readonly HardSigmoidOp Instance = new();

    public override string Name => "hard_sigmoid";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new HardSigmoid<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new HardSigmoidGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor inside = call[0].Abs().Negate().Add(3).Step();
        gx.Add(0, inside.MultiplyMasked(gy).Multiply(1.0 / 6));
    }
}
