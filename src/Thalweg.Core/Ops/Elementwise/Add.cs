using Thalweg.Kernels;

namespace Thalweg;

/// <content>Add.</content>
public sealed partial class Tensor
{
    /// <summary>Sum of two tensors, with broadcasting.</summary>
    /// <param name="other">The other operand, of a shape that broadcasts with this one.</param>
    /// <returns>The shape that the two broadcast to.</returns>
    /// <exception cref="ThalwegException">The shapes do not broadcast, or the element types differ.</exception>
    public Tensor Add(Tensor other) => AddOp.Instance.Apply(default, this, other);

    /// <summary>activation(sum) of two tensors, as at the end of a residual block; the rectifier of equal shapes in one visit.</summary>
    /// <param name="other">The other operand, of a shape that broadcasts with this one.</param>
    /// <param name="activation">Applied to each element of the sum.</param>
    /// <returns>The shape that the two broadcast to.</returns>
    /// <exception cref="ThalwegException">The shapes do not broadcast, or the element types differ.</exception>
    public Tensor Add(Tensor other, Activation activation) =>
        activation == Activation.Relu && Shape == other.Shape && DType == other.DType && DType.IsFloat()
        ? AddReluOp.Instance.Apply(default, this, other)
        : Add(other).Activate(activation);

    /// <summary>Each element plus a number.</summary>
    /// <param name="number">A number.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Add(double number) => Add(Scalar(number, DType));

    /// <summary>Sum, with broadcasting.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => left.Add(right);

    /// <summary>Sum.</summary>
    public static Tensor operator +(Tensor left, double right) => left.Add(right);

    /// <summary>Sum.</summary>
    public static Tensor operator +(double left, Tensor right) => Scalar(left, right.DType).Add(right);
}

/// <summary>Sum of two tensors.</summary>
internal sealed unsafe class AddOp : BinaryOp
{
    public static readonly AddOp Instance = new();

    public override string Name => "add";

    protected override void Zip<T>(T* a, T* b, T* y, nint n) => Kernels.Zip.Run(new Add<T>(), a, b, y, n);

    protected override void ZipRows<T>(T* a, T* b, T* y, in Rows rows) =>
        Kernels.Zip.RunRows(new Add<T>(), a, b, y, rows.Count, rows.Columns, rows.Kind);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (gx.Wants(0))
            gx.Add(0, gy.SumTo(call[0].Shape));

        if (gx.Wants(1))
            gx.Add(1, gy.SumTo(call[1].Shape));
    }
}
