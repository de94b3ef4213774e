using Thalweg.Kernels;

namespace Thalweg;

/// <content>HardSwish.</content>
public sealed partial class Tensor
{
    /// <summary>x times its hard sigmoid; derivative -1/2 at -3 and 1 at 3. Source: Howard and others, ICCV 2019, section 5.2.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor HardSwish() => HardSwishOp.Instance.Apply(default, this);
}

/// <summary>x times its hard sigmoid; derivative -1/2 at -3 and 1 at 3. Source: Howard and others, ICCV 2019, section 5.2.</summary>
internal sealed unsafe class HardSwishOp : UnaryOp
{
    public static readonly HardSwishOp Instance = new();

    public override string Name => "hard_swish";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new HardSwish<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new HardSwishGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor x = call[0], below = x.Negate().Subtract(3).Step(), above = x.Negate().Add(3).Step().Negate().Add(1);
        Tensor inside = below.Add(above).Negate().Add(1);
        // Infinities are outside: they must not meet the 0 of inside.
        Tensor slope = inside.MultiplyMasked(x.Multiply(1.0 / 3).Add(0.5));
        gx.Add(0, slope.Add(above).MultiplyMasked(gy));
    }
}
