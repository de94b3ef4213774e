using Thalweg.Kernels;

namespace Thalweg;

/// <content>Divide.</content>
public sealed partial class Tensor
{
    /// <summary>Quotient of elements, with broadcasting.</summary>
    /// <param name="other">The other operand, of a shape that broadcasts with this one.</param>
    /// <returns>The shape that the two broadcast to.</returns>
    /// <exception cref="ThalwegException">The shapes do not broadcast, or the element types differ.</exception>
    public Tensor Divide(Tensor other) => DivideOp.Instance.Apply(default, this, other);

    /// <summary>Each element divided by a number.</summary>
    /// <param name="number">A number.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Divide(double number) => Divide(Scalar(number, DType));

    /// <summary>Quotient of elements, with broadcasting.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => left.Divide(right);

    /// <summary>Quotient of elements.</summary>
    public static Tensor operator /(Tensor left, double right) => left.Divide(right);

    /// <summary>Quotient of elements.</summary>
    public static Tensor operator /(double left, Tensor right) => Scalar(left, right.DType).Divide(right);
}

/// <summary>Quotient of elements.</summary>
internal sealed unsafe class DivideOp : BinaryOp
{
    public static readonly DivideOp Instance = new();

    public override string Name => "divide";

    protected override void Zip<T>(T* a, T* b, T* y, nint n) => Kernels.Zip.Run(new Divide<T>(), a, b, y, n);

    protected override void ZipRows<T>(T* a, T* b, T* y, in Rows rows) =>
        Kernels.Zip.RunRows(new Divide<T>(), a, b, y, rows.Count, rows.Columns, rows.Kind);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (gx.Wants(0))
            gx.Add(0, gy.Divide(call[1]).SumTo(call[0].Shape));

        if (gx.Wants(1))
            gx.Add(1, gy.Multiply(y).Divide(call[1]).Negate().SumTo(call[1].Shape));
    }
}
