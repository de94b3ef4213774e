using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Softmax family.</content>
public sealed partial class Tensor
{
    /// <summary>e^x / sum e^x over an axis, the maximum subtracted first, so that nothing overflows.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1; default the last.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>Infinite elements have the limits of finite ones: elements of ∞ share everything, one of -∞ (masked) has 0, and where
    /// all are -∞ all have 0. Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 6.2.2.3, equation 6.29; the
    /// maximum: section 4.1.</remarks>
    public Tensor Softmax(int axis = -1) =>
        Shape.Normalize(axis) == Rank - 1 ? SoftmaxOp.Instance.Apply(default, this) : Transpose(axis).Softmax().Transpose(axis);

    /// <summary>e^-x / sum e^-x over an axis.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1; default the last.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>Source: as <see cref="Softmax"/>, of -x.</remarks>
    public Tensor Softmin(int axis = -1) => Negate().Softmax(axis);

    /// <summary>x - log sum e^x over an axis: the logarithm of <see cref="Softmax"/>, without its loss of digits.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1; default the last.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>Infinite elements: the logarithms of what <see cref="Softmax"/> gives, -∞ for 0. Source: Goodfellow, Bengio, Courville,
    /// "Deep learning", 2016, section 6.2.2.3, equation 6.30.</remarks>
    public Tensor LogSoftmax(int axis = -1) =>
        Shape.Normalize(axis) == Rank - 1 ? LogSoftmaxOp.Instance.Apply(default, this) : Transpose(axis).LogSoftmax().Transpose(axis);

    /// <summary>log sum e^x over the last axis, which is kept with size 1, the maximum subtracted first.</summary>
    /// <returns><c>[..., 1]</c> for this tensor of shape <c>[..., n]</c>.</returns>
    /// <remarks>∞ where an element is, -∞ where all are. Source: Blanchard, Higham, Higham, "Accurately computing the log-sum-exp and
    /// softmax functions", IMA J. Numer. Anal. 41, 2021.</remarks>
    public Tensor LogSumExp() => LogSumExpOp.Instance.Apply(default, this);

    /// <summary>The first half of an axis times the sigmoid of the second half. Source: Dauphin and others, ICML 2017, eq. (1).</summary>
    /// <param name="axis">Axis of even size, from -Rank to Rank - 1; default the last.</param>
    /// <returns>This shape with half the size along the axis.</returns>
    /// <exception cref="ThalwegException">The size is odd.</exception>
    public Tensor Glu(int axis = -1)
    {
        int half = Shape[axis] / 2;
        if (Shape[axis] % 2 != 0)
            Throw.WrongShape("glu", $"an even size along axis {axis}", Shape);

        return Slice(axis, 0, half).Multiply(Slice(axis, half, half).Sigmoid());
    }
}

/// <summary>What softmax and its logarithms share: rows along the last axis, largest first.</summary>
internal abstract unsafe class SoftmaxFamilyOp : FloatOp
{
    /// <summary>Runs the kernel over the rows.</summary>
    /// <param name="x">The elements, contiguous.</param>
    /// <param name="shifted">Takes x less the largest of its row.</param>
    /// <param name="exponentials">Takes e^shifted, or the softmax; may be the same memory.</param>
    /// <param name="divide">Whether to divide by the totals.</param>
    /// <param name="largest">Takes the largest of each row; null where nothing needs it.</param>
    /// <returns>The sum of e^shifted of each row, as <c>[..., 1]</c>.</returns>
    protected Tensor Run<T>(Tensor x, Tensor shifted, Tensor exponentials, bool divide, Tensor? largest = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Rank == 0 || x.Shape[-1] == 0)
            Throw.WrongShape(Name, "at least one element along the last axis", x.Shape);

        Tensor totals = Tensor.Allocate(x.Shape.With(-1, 1), x.DType, Name);
        SoftmaxRows<T> rows = new()
        {
            X = x.Pointer<T>(),
            Count = (nint)totals.Length,
            Columns = x.Shape[-1],
            Shifted = shifted.Pointer<T>(),
            Probabilities = exponentials.Pointer<T>(),
            Totals = totals.Pointer<T>(),
        };
        LongRows.Softmax(rows, divide, largest is null ? null : largest.Pointer<T>());
        Lifetime.KeepAlive(x, shifted, exponentials);
        GC.KeepAlive(largest);
        return totals;
    }

    /// <summary>Sums over the last axis, kept with size 1.</summary>
    protected static Tensor SumLast(Tensor x) => x.Sum(-1).Reshape(x.Shape.With(-1, 1));
}

/// <summary>e^x / sum e^x over the last axis.</summary>
internal sealed class SoftmaxOp : SoftmaxFamilyOp
{
    public static readonly SoftmaxOp Instance = new();

    public override string Name => "softmax";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Other).Inputs("input").Attribute("axis", -1);

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), y = Tensor.Allocate(x.Shape, x.DType, Name);
        _ = Run<T>(x, y, y, divide: true);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, y.Multiply(gy.Subtract(SumLast(gy.Multiply(y)))));
}

/// <summary>log softmax over the last axis.</summary>
internal sealed unsafe class LogSoftmaxOp : SoftmaxFamilyOp
{
    public static readonly LogSoftmaxOp Instance = new();

    public override string Name => "log softmax";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Other).Inputs("input").Attribute("axis", -1);

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), shifted = Tensor.Allocate(x.Shape, x.DType, Name), y = Tensor.Allocate(x.Shape, x.DType, Name);
        Tensor totals = Run<T>(x, shifted, y, divide: false);
        T* logarithms = totals.Pointer<T>();
        Map.Run(new Log<T>(), logarithms, logarithms, (nint)totals.Length);
        // Less the largest first, the logarithm then: their sum would lose the digits of the logarithm where elements are large.
        Zip.RunRows(
            new Subtract<T>(), shifted.Pointer<T>(), logarithms, y.Pointer<T>(), (nint)totals.Length, x.Shape[-1], Broadcast.ColumnVector);
        Lifetime.KeepAlive(shifted, totals, y);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, gy.Subtract(y.Exp().Multiply(SumLast(gy))));
}

/// <summary>log sum e^x over the last axis, which is kept with size 1.</summary>
internal sealed unsafe class LogSumExpOp : SoftmaxFamilyOp
{
    public static readonly LogSumExpOp Instance = new();

    public override string Name => "log sum exp";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Reduction).Inputs("input").Attribute("axis", -1);

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), work = Tensor.Allocate(x.Shape, x.DType, Name);
        Tensor largest = Tensor.Allocate(x.Shape.With(-1, 1), x.DType, Name), totals = Run<T>(x, work, work, divide: false, largest);
        T* y = totals.Pointer<T>();
        Map.Run(new Log<T>(), y, y, (nint)totals.Length);
        Zip.Run(new Add<T>(), y, largest.Pointer<T>(), y, (nint)totals.Length);
        Lifetime.KeepAlive(work, largest);
        return totals;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, call[0].Softmax().Multiply(gy));
}
