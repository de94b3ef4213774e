using Thalweg.Kernels;

namespace Thalweg;

/// <content>TanhShrink.</content>
public sealed partial class Tensor
{
    /// <summary>x - tanh x of each element.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>No paper is known to define it; the form is that of PyTorch.</remarks>
    public Tensor TanhShrink() => TanhShrinkOp.Instance.Apply(default, this);
}

/// <summary>x - tanh x of each element.</summary>
internal sealed unsafe class TanhShrinkOp : UnaryOp
{
    public static readonly TanhShrinkOp Instance = new();

    public override string Name => "tanh_shrink";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new TanhShrink<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new TanhShrinkGradient<T>(), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        gx.Add(0, gy.Multiply(call[0].Tanh().Square()));
    }
}
