using Thalweg.Kernels;

namespace Thalweg;

/// <content>Negate.</content>
public sealed partial class Tensor
{
    /// <summary>-x of each element.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Negate() => NegateOp.Instance.Apply(default, this);

    /// <summary>-x of each element.</summary>
    public static Tensor operator -(Tensor x) => x.Negate();
}

/// <summary>-x of each element.</summary>
internal sealed unsafe class NegateOp : UnaryOp
{
    public static readonly NegateOp Instance = new();

    public override string Name => "negate";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Negate<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Kernels.Map.Run(new Negate<T>(), e.Gy, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) => gx.Add(0, gy.Negate());
}
