using Thalweg.Kernels;

namespace Thalweg;

/// <content>Subtract.</content>
public sealed partial class Tensor
{
    /// <summary>Difference of two tensors, with broadcasting.</summary>
    /// <param name="other">The other operand, of a shape that broadcasts with this one.</param>
    /// <returns>The shape that the two broadcast to.</returns>
    /// <exception cref="ThalwegException">The shapes do not broadcast, or the element types differ.</exception>
    public Tensor Subtract(Tensor other) => SubtractOp.Instance.Apply(default, this, other);

    /// <summary>Each element less a number.</summary>
    /// <param name="number">A number.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Subtract(double number) => Subtract(Scalar(number, DType));

    /// <summary>Difference, with broadcasting.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => left.Subtract(right);

    /// <summary>Difference.</summary>
    public static Tensor operator -(Tensor left, double right) => left.Subtract(right);

    /// <summary>Difference.</summary>
    public static Tensor operator -(double left, Tensor right) => Scalar(left, right.DType).Subtract(right);
}

/// <summary>Difference of two tensors.</summary>
internal sealed unsafe class SubtractOp : BinaryOp
{
    public static readonly SubtractOp Instance = new();

    public override string Name => "subtract";

    protected override void Zip<T>(T* a, T* b, T* y, nint n) => Kernels.Zip.Run(new Subtract<T>(), a, b, y, n);

    protected override void ZipRows<T>(T* a, T* b, T* y, in Rows rows) =>
        Kernels.Zip.RunRows(new Subtract<T>(), a, b, y, rows.Count, rows.Columns, rows.Kind);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (gx.Wants(0))
            gx.Add(0, gy.SumTo(call[0].Shape));

        if (gx.Wants(1))
            gx.Add(1, gy.Negate().SumTo(call[1].Shape));
    }
}
