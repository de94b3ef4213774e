using Thalweg.Kernels;

namespace Thalweg;

/// <content>Choice by a condition, and conditions.</content>
public sealed partial class Tensor
{
    /// <summary>Elements of one tensor where a condition is not 0, of another where it is, with broadcasting; the one not chosen
    /// gets no derivative.</summary>
    /// <param name="condition">Which to take; a mask of 0 and 1, as <see cref="IsGreater"/> gives.</param>
    /// <param name="yes">Taken where the condition is not 0.</param>
    /// <param name="no">Taken where it is 0.</param>
    /// <returns>The shape that the three broadcast to.</returns>
    /// <exception cref="ThalwegException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor Where(Tensor condition, Tensor yes, Tensor no)
    {
        Shape shape = Shape.Broadcast("where", Shape.Broadcast("where", condition.Shape, yes.Shape), no.Shape);
        return WhereOp.Instance.Apply(default, condition.BroadcastTo(shape), yes.BroadcastTo(shape), no.BroadcastTo(shape));
    }

    /// <summary>1 where this is above the other, else 0, with broadcasting; no derivative.</summary>
    /// <param name="other">The other operand, of a shape that broadcasts with this one.</param>
    /// <returns>0 and 1 of the element type, in the shape that the two broadcast to.</returns>
    public Tensor IsGreater(Tensor other) => GreaterOp.Instance.Apply(default, Detach(), other.Detach());

    /// <summary>1 where this is below the other, else 0, with broadcasting; no derivative.</summary>
    /// <param name="other">The other operand, of a shape that broadcasts with this one.</param>
    /// <returns>0 and 1 of the element type, in the shape that the two broadcast to.</returns>
    public Tensor IsLess(Tensor other) => LessOp.Instance.Apply(default, Detach(), other.Detach());

    /// <summary>1 where this equals the other, else 0, with broadcasting; no derivative; NaN equals nothing.</summary>
    /// <param name="other">The other operand, of a shape that broadcasts with this one.</param>
    /// <returns>0 and 1 of the element type, in the shape that the two broadcast to.</returns>
    public Tensor IsEqual(Tensor other) => EqualOp.Instance.Apply(default, Detach(), other.Detach());
}

/// <summary>b where a is not 0, else c; all of one shape.</summary>
internal sealed unsafe class WhereOp : FloatOp
{
    public static readonly WhereOp Instance = new();

    public override string Name => "where";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Other).Inputs("condition", "yes", "no");

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor a = call[0].AsContiguous(), b = call[1].AsContiguous(), c = call[2].AsContiguous(),
            y = Tensor.Allocate(a.Shape, b.DType, Name);
        Zip3.Run(new Choose<T>(), a.Pointer<T>(), b.Pointer<T>(), c.Pointer<T>(), y.Pointer<T>(), (nint)y.Length);
        Lifetime.KeepAlive(a, b, c);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor zero = Tensor.Scalar(0, gy.DType);
        if (gx.Wants(1))
            gx.Add(1, Tensor.Where(call[0], gy, zero));

        if (gx.Wants(2))
            gx.Add(2, Tensor.Where(call[0], zero, gy));
    }
}

/// <summary>A comparison of pairs of elements: flat, so it has no derivative.</summary>
internal abstract class ComparisonOp : BinaryOp
{
    protected internal sealed override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        // Flat almost everywhere: nothing to add.
    }
}

/// <summary>1 where a &gt; b, else 0.</summary>
internal sealed unsafe class GreaterOp : ComparisonOp
{
    public static readonly GreaterOp Instance = new();

    public override string Name => "is greater";

    protected override void Zip<T>(T* a, T* b, T* y, nint n) => Kernels.Zip.Run(new Greater<T>(), a, b, y, n);

    protected override void ZipRows<T>(T* a, T* b, T* y, in Rows rows) =>
        Kernels.Zip.RunRows(new Greater<T>(), a, b, y, rows.Count, rows.Columns, rows.Kind);
}

/// <summary>1 where a &lt; b, else 0.</summary>
internal sealed unsafe class LessOp : ComparisonOp
{
    public static readonly LessOp Instance = new();

    public override string Name => "is less";

    protected override void Zip<T>(T* a, T* b, T* y, nint n) => Kernels.Zip.Run(new Less<T>(), a, b, y, n);

    protected override void ZipRows<T>(T* a, T* b, T* y, in Rows rows) =>
        Kernels.Zip.RunRows(new Less<T>(), a, b, y, rows.Count, rows.Columns, rows.Kind);
}

/// <summary>1 where a = b, else 0.</summary>
internal sealed unsafe class EqualOp : ComparisonOp
{
    public static readonly EqualOp Instance = new();

    public override string Name => "is equal";

    protected override void Zip<T>(T* a, T* b, T* y, nint n) => Kernels.Zip.Run(new Equal<T>(), a, b, y, n);

    protected override void ZipRows<T>(T* a, T* b, T* y, in Rows rows) =>
        Kernels.Zip.RunRows(new Equal<T>(), a, b, y, rows.Count, rows.Columns, rows.Kind);
}
