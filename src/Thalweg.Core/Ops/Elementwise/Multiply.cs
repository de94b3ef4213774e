using Thalweg.Kernels;

namespace Thalweg;

/// <content>Multiply.</content>
public sealed partial class Tensor
{
    /// <summary>Product of elements, with broadcasting.</summary>
    /// <param name="other">The other operand, of a shape that broadcasts with this one.</param>
    /// <returns>The shape that the two broadcast to.</returns>
    /// <exception cref="ThalwegException">The shapes do not broadcast, or the element types differ.</exception>
    public Tensor Multiply(Tensor other) => MultiplyOp.Instance.Apply(default, this, other);

    /// <summary>Each element times a number.</summary>
    /// <param name="number">A number.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Multiply(double number) => Multiply(Scalar(number, DType));

    /// <summary>Product of elements, with broadcasting.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => left.Multiply(right);

    /// <summary>Product of elements.</summary>
    public static Tensor operator *(Tensor left, double right) => left.Multiply(right);

    /// <summary>Product of elements.</summary>
    public static Tensor operator *(double left, Tensor right) => Scalar(left, right.DType).Multiply(right);
}

/// <summary>Product of elements.</summary>
internal sealed unsafe class MultiplyOp : BinaryOp
{
    public static readonly MultiplyOp Instance = new();

    public override string Name => "multiply";

    protected override void Zip<T>(T* a, T* b, T* y, nint n) => Kernels.Zip.Run(new Multiply<T>(), a, b, y, n);

    protected override void ZipRows<T>(T* a, T* b, T* y, in Rows rows) =>
        Kernels.Zip.RunRows(new Multiply<T>(), a, b, y, rows.Count, rows.Columns, rows.Kind);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (gx.Wants(0))
            gx.Add(0, gy.Multiply(call[1]).SumTo(call[0].Shape));

        if (gx.Wants(1))
            gx.Add(1, gy.Multiply(call[0]).SumTo(call[1].Shape));
    }
}
