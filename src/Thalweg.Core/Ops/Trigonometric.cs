using System.Numerics;

namespace Thalweg;

/// <content>Sine and cosine.</content>
public sealed partial class Tensor
{
    /// <summary>Sine of each element, in radians.</summary>
    public Tensor Sin() => SinOp.Instance.Apply(default, this);

    /// <summary>Cosine of each element, in radians.</summary>
    public Tensor Cos() => SinOp.Instance.Apply(new OpArguments { First = 1 }, this);
}

/// <summary>Sine, or cosine where the first argument is 1. One element at a time: no layer has them on its hot path.</summary>
internal sealed unsafe class SinOp : FloatOp
{
    public static readonly SinOp Instance = new();

    public override string Name => "sine";

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].Packed(), y = Tensor.Allocate(x.Shape, x.DType, Name);
        Fill(x.AsSpan<T>(), y.AsSpan<T>(), call.Arguments.First == 1);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, call.Arguments.First == 1 ? gy.Multiply(call[0].Sin()).Negate() : gy.Multiply(call[0].Cos()));

    private static void Fill<T>(ReadOnlySpan<T> x, Span<T> y, bool cosine)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = cosine ? T.Cos(x[i]) : T.Sin(x[i]);
        }
    }
}
