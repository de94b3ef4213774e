using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Sigmoid cross-entropy.</content>
public sealed partial class Tensor
{
    /// <summary>-t log s(z) - (1 - t) log(1 - s(z)) of each logit z and target t, with the sigmoid s; exact for logits
    /// of any size.</summary>
    /// <param name="targets">Targets t in [0, 1], of a shape that broadcasts with the logits.</param>
    /// <returns>One loss per element, in nats; this tensor holds the logits.</returns>
    /// <exception cref="ThalwegException">The shapes do not broadcast, or the element types differ.</exception>
    /// <remarks>Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 6.2.2.2.</remarks>
    public Tensor SigmoidCrossEntropy(Tensor targets) => SigmoidCrossEntropyOp.Instance.Apply(default, this, targets);
}

/// <summary>Sigmoid cross-entropy of logits and targets.</summary>
internal sealed unsafe class SigmoidCrossEntropyOp : BinaryOp
{
    public static readonly SigmoidCrossEntropyOp Instance = new();

    public override string Name => "sigmoid cross-entropy";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Loss).Inputs("logits", "targets");

    protected override void Zip<T>(T* a, T* b, T* y, nint n) => Kernels.Zip.Run(new Kernel<T>(), a, b, y, n);

    protected override void ZipRows<T>(T* a, T* b, T* y, in Rows rows) =>
        Kernels.Zip.RunRows(new Kernel<T>(), a, b, y, rows.Count, rows.Columns, rows.Kind);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (gx.Wants(0))
            gx.Add(0, gy.Multiply(call[0].Sigmoid().Subtract(call[1])).SumTo(call[0].Shape));

        if (gx.Wants(1))
            gx.Add(1, gy.Multiply(call[0]).Negate().SumTo(call[1].Shape));
    }

    /// <summary>max(a, 0) - a b + log(1 + e^-|a|): the first two cancel exactly for b = 0 and 1, so small losses keep their digits. An
    /// infinite logit costs 0 where it is right for certain, else infinity.</summary>
    private readonly struct Kernel<T> : IBinaryFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V a, V b)
            where V : unmanaged, ISimdVector<V, T>
        {
            V zero = V.Splat(T.Zero), infinity = V.Splat(T.PositiveInfinity), highest = V.Splat(-SimdMath.Lowest<T>());
            V bounded = SimdMath.AtMost<V, T>(SimdMath.AtLeast<V, T>(a, V.Splat(SimdMath.Lowest<T>())), highest);
            V linear = V.Fma(SimdMath.Negate<V, T>(bounded), b, SimdMath.AtLeast<V, T>(bounded, zero));
            V wrong = V.And(V.Equal(SimdMath.Abs<V, T>(a), infinity), V.Less(zero, linear));
            linear = V.Select(wrong, infinity, linear);
            return linear + Logarithm.LogOnePlus<V, T>(Exponential.Exp<V, T>(SimdMath.Negate<V, T>(SimdMath.Abs<V, T>(a))));
        }
    }
}
