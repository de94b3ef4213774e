using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Matrix product.</content>
public sealed partial class Tensor
{
    /// <summary>Matrix product <c>[m, k] x [k, n] -> [m, n]</c>, or of each pair of matrices of a batch: <c>[..., m, k] x [..., k, n] ->
    /// [..., m, n]</c>.</summary>
    /// <param name="other">Right factor <c>[..., k, n]</c>; leading axes broadcast. Transposed views cost no copy.</param>
    /// <returns><c>[..., m, n]</c> with y[i, j] = sum over k of a[i, k] b[k, j].</returns>
    /// <exception cref="ThalwegException">A factor has fewer than two axes, the inner sizes differ, or the leading axes
    /// do not broadcast.</exception>
    public Tensor MatMul(Tensor other)
    {
        if (Rank <= 2 && other.Rank <= 2)
            return MatMulOp.Instance.Apply(default, this, other);

        if (Rank < 2 || other.Rank < 2)
            Throw.WrongShape("matmul", "matrices", Rank < 2 ? Shape : other.Shape);

        (int m, int k, int n) = (Shape[-2], Shape[-1], other.Shape[-1]);
        if (k != other.Shape[-2])
            Throw.InnerSizes(Shape, other.Shape);

        Shape left = Shape.Part(0, Rank - 2), right = other.Shape.Part(0, other.Rank - 2);
        if (right.Rank == 0)
            return Reshape([(int)left.Length * m, k]).MatMul(other).Reshape(Shape.Part(0, Rank - 2, m, n));

        Shape batch = Shape.Broadcast("matmul", left, right);
        Tensor a = BroadcastTo(batch.Part(0, batch.Rank, m, k)), b = other.BroadcastTo(batch.Part(0, batch.Rank, k, n));
        if (batch.Rank == 1)
            return BatchMatMulOp.Instance.Apply(default, a, b);

        int count = (int)batch.Length;
        return BatchMatMulOp.Instance.Apply(default, a.Reshape([count, m, k]), b.Reshape([count, k, n])).Reshape(batch.Part(0, batch.Rank, m, n));
    }
}

/// <summary>Matrix product.</summary>
internal sealed unsafe class MatMulOp : FloatOp
{
    public static readonly MatMulOp Instance = new();

    public override string Name => "matmul";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Product).Inputs("left", "right");

    /// <summary>A tensor of rank 2 that kernels can address as a matrix: itself where one stride is 1, else a copy.</summary>
    public static Tensor Ready(Tensor x) => x.IsContiguous || x.Strides[0] == 1 || x.Strides[1] == 1 ? x : x.AsContiguous();

    /// <summary>The matrix of a tensor that is <see cref="Ready"/>.</summary>
    public static Matrix<T> View<T>(Tensor x)
        where T : unmanaged => x.IsContiguous
        ? new Matrix<T>(x.Pointer<T>(), x.Shape[0], x.Shape[1], x.Shape[1], 1)
        : new Matrix<T>(x.Pointer<T>(), x.Shape[0], x.Shape[1], x.Strides[0], x.Strides[1]);

    /// <summary>c = [c +] a b.</summary>
    public static void Multiply<T>(in Matrix<T> a, in Matrix<T> b, Tensor c, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Kernels.MatMul.Multiply(a, b, c.Pointer<T>(), b.Columns, new Epilogue<T> { Accumulate = accumulate });

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor a = call[0], b = call[1];
        if (a.Rank != 2 || b.Rank != 2)
            Throw.WrongShape(Name, "two matrices", a.Rank != 2 ? a.Shape : b.Shape);

        if (a.Shape[1] != b.Shape[0])
            Throw.InnerSizes(a.Shape, b.Shape);

        a = Ready(a);
        b = Ready(b);
        Tensor y = Tensor.Allocate([a.Shape[0], b.Shape[1]], a.DType, Name);
        Multiply(View<T>(a), View<T>(b), y, accumulate: false);
        Lifetime.KeepAlive(a, b);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        Differentiate(call, gy, ref gx);

    /// <summary>The rule of products of matrices, single or in batches.</summary>
    internal static void Differentiate(in OpCall call, Tensor gy, ref Cotangents gx)
    {
        if (gx.Wants(0))
            gx.Add(0, gy.MatMul(call[1].Transpose()));

        if (gx.Wants(1))
            gx.Add(1, call[0].Transpose().MatMul(gy));
    }

    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor a = Ready(call[0]), b = Ready(call[1]), g = Ready(gy);
        if (gx.Wants(0))
        {
            Tensor target = gx.Target(0, out bool accumulate);
            Multiply(View<T>(g), View<T>(b).Transposed, target, accumulate);
        }

        if (gx.Wants(1))
        {
            Tensor target = gx.Target(1, out bool accumulate);
            Multiply(View<T>(a).Transposed, View<T>(g), target, accumulate);
        }

        Lifetime.KeepAlive(a, b, g);
        return true;
    }
}
