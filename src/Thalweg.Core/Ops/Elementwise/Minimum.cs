using Thalweg.Kernels;

namespace Thalweg;

/// <content>Minimum.</content>
public sealed partial class Tensor
{
    /// <summary>The smaller of two elements; NaN where either is NaN; a tie gives each side half the
    /// derivative, with broadcasting.</summary>
    /// <param name="other">The other operand, of a shape that broadcasts with this one.</param>
    /// <returns>The shape that the two broadcast to.</returns>
    /// <exception cref="ThalwegException">The shapes do not broadcast, or the element types differ.</exception>
    public Tensor Minimum(Tensor other) => MinimumOp.Instance.Apply(default, this, other);
}

/// <summary>The smaller of two elements; NaN where either is NaN; a tie gives each side half the derivative.</summary>
internal sealed unsafe class MinimumOp : BinaryOp
{
    public static readonly MinimumOp Instance = new();

    public override string Name => "minimum";

    protected override void Zip<T>(T* a, T* b, T* y, nint n) => Kernels.Zip.Run(new Minimum<T>(), a, b, y, n);

    protected override void ZipRows<T>(T* a, T* b, T* y, in Rows rows) =>
        Kernels.Zip.RunRows(new Minimum<T>(), a, b, y, rows.Count, rows.Columns, rows.Kind);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (gx.Wants(0))
            gx.Add(0, MaximumOp.Share(call[1], call[0]).MultiplyMasked(gy).SumTo(call[0].Shape));

        if (gx.Wants(1))
            gx.Add(1, MaximumOp.Share(call[0], call[1]).MultiplyMasked(gy).SumTo(call[1].Shape));
    }
}
