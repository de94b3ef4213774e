using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Products in which 0 silences infinity.</content>
public sealed partial class Tensor
{
    /// <summary>weight * value of each pair of elements, 0 where the weight is 0 and the value infinite: 0 log 0 = 0. This tensor holds
    /// the weights; the derivative by them is 0 there, too. NaN passes.</summary>
    /// <param name="values">The values, of a shape that broadcasts with the weights.</param>
    internal Tensor MultiplyMasked(Tensor values) => MultiplyMaskedOp.Instance.Apply(default, this, values);
}

/// <summary>Product of weights and values, 0 for 0 times infinity.</summary>
internal sealed unsafe class MultiplyMaskedOp : BinaryOp
{
    public static readonly MultiplyMaskedOp Instance = new();

    public override string Name => "masked multiply";

    protected override void Zip<T>(T* a, T* b, T* y, nint n) => Kernels.Zip.Run(new MaskedProduct<T>(), a, b, y, n);

    protected override void ZipRows<T>(T* a, T* b, T* y, in Rows rows) =>
        Kernels.Zip.RunRows(new MaskedProduct<T>(), a, b, y, rows.Count, rows.Columns, rows.Kind);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        (Tensor weights, Tensor values) = (call[0], call[1]);
        if (gx.Wants(0))
        {
            Tensor zero = weights.Detach().IsEqual(Tensor.Scalar(0, weights.DType));
            Tensor infinite = values.Detach().Abs().IsEqual(Tensor.Scalar(double.PositiveInfinity, values.DType));
            Tensor seen = Tensor.Where(zero.Multiply(infinite), Tensor.Scalar(0, values.DType), values);
            gx.Add(0, gy.Multiply(seen).SumTo(weights.Shape));
        }

        if (gx.Wants(1))
            gx.Add(1, weights.MultiplyMasked(gy).SumTo(values.Shape));
    }
}

/// <summary>a b, 0 where a is 0 and b infinite.</summary>
internal readonly struct MaskedProduct<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b)
        where V : unmanaged, ISimdVector<V, T>
    {
        V zero = V.Splat(T.Zero), infinite = V.Equal(SimdMath.Abs<V, T>(b), V.Splat(T.PositiveInfinity));
        return V.Select(V.And(V.Equal(a, zero), infinite), zero, a * b);
    }
}
