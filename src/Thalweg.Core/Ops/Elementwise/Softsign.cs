using Thalweg.Kernels;

namespace Thalweg;

/// <content>Softsign.</content>
public sealed partial class Tensor
{
    /// <summary>x / (1 + |x|) of each element. Source: Glorot, Bengio, AISTATS 2010, section 2.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Softsign() => SoftsignOp.Instance.Apply(default, this);
}

/// <summary>x / (1 + |x|) of each element. Source: Glorot, Bengio, AISTATS 2010, section 2.</summary>
internal sealed unsafe class SoftsignOp : UnaryOp
{
    public static readonly SoftsignOp Instance = new();

    public override string Name => "softsign";

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) => Kernels.Map.Run(new Softsign<T>(), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new SoftsignGradient<T>(), e.Gy, e.X, gx, n);

    // Two divisions: the square of a large element would overflow, and with it the next derivative.
    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor size = call[0].Abs().Add(1);
        gx.Add(0, gy.Divide(size).Divide(size));
    }
}
