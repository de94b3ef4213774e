using Thalweg.Kernels;

namespace Thalweg;

/// <content>Softplus.</content>
public sealed partial class Tensor
{
    /// <summary>log(1 + e^x) of each element, without overflow. Source: Dugas and others, NIPS 2000, eq. (4).</summary>
    public Tensor Softplus() => SoftplusOp.Instance.Apply(default, this);
}

/// <summary>log(1 + e^x) of each element, without overflow. Source: Dugas and others, NIPS 2000, eq. (4).</summary>
internal sealed unsafe class SoftplusOp : UnaryOp
{
    public static readonly SoftplusOp Instance = new();

    public override string Name => "softplus";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Softplus<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new SoftplusGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) => gx.Add(0, gy.Multiply(call[0].Sigmoid()));
}
