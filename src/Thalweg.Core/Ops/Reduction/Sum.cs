using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Sums and means.</content>
public sealed partial class Tensor
{
    /// <summary>Sum over the given axes, which are removed; over all axes where none is given.</summary>
    /// <param name="axes">Axes, each from -Rank to Rank - 1.</param>
    /// <returns>A scalar <c>[]</c>, or the shape of this tensor without the given axes.</returns>
    public Tensor Sum(params ReadOnlySpan<int> axes)
    {
        int mask = axes.IsEmpty ? (1 << Rank) - 1 : 0;
        foreach (int axis in axes)
            mask |= 1 << Shape.Normalize(axis);

        return mask == 0 ? this : SumOp.Instance.Apply(new OpArguments { First = mask }, this);
    }

    /// <summary>Mean over the given axes, which are removed; over all axes where none is given.</summary>
    /// <param name="axes">Axes, each from -Rank to Rank - 1.</param>
    /// <returns>A scalar <c>[]</c>, or the shape of this tensor without the given axes.</returns>
    public Tensor Mean(params ReadOnlySpan<int> axes)
    {
        Tensor sum = Sum(axes), mean = sum.Multiply((double)sum.Length / Length);
        // Where the sum alone leaves the range of the type, the mean of shares does not.
        return mean.IsAllFinite() ? mean : Multiply((double)sum.Length / Length).Sum(axes);
    }

    /// <summary>Whether no element is NaN or infinite.</summary>
    internal unsafe bool IsAllFinite()
    {
        if (Length == 1 && DType == DType.Float32)
            return float.IsFinite(*Pointer<float>());
        Tensor x = AsContiguous();
        bool finite = DType == DType.Float32
            ? Reduce.AllFinite(x.Pointer<float>(), (nint)x.Length)
            : Reduce.AllFinite(x.Pointer<double>(), (nint)x.Length);
        GC.KeepAlive(x);
        return finite;
    }
}

/// <summary>Sum over a set of axes, given as bits.</summary>
internal sealed unsafe class SumOp : FloatOp
{
    public static readonly SumOp Instance = new();

    public override string Name => "sum";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Reduction).Inputs("input").Attribute("axes", AxesOf(arguments.First));

    private static int[] AxesOf(int mask) => [.. Enumerable.Range(0, 32).Where(axis => (mask >> axis & 1) == 1)];

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0];
        int mask = call.Arguments.First, rank = x.Rank;
        Tensor y = Tensor.Allocate(Reduced(x.Shape, mask), x.DType, Name);
        int trailing = 0, leading = 0;
        while (trailing < rank && (mask >> (rank - 1 - trailing) & 1) == 1)
            trailing++;

        while (leading < rank && (mask >> leading & 1) == 1)
            leading++;

        int count = BitOperations.PopCount((uint)mask);
        if (count == leading && count < rank)
        {
            x = x.AsContiguous();
            nint rows = (nint)x.Shape.LengthOf(0, leading), columns = (nint)x.Shape.LengthOf(leading, rank);
            Reduce.SumColumns(x.Pointer<T>(), rows, columns, y.Pointer<T>(), accumulate: false);
        }
        else
        {
            x = (count == trailing ? x : SummedLast(x, mask)).AsContiguous();
            nint columns = y.Length == 0 ? 0 : (nint)(x.Length / y.Length);
            Reduce.SumRows(x.Pointer<T>(), (nint)y.Length, columns, y.Pointer<T>(), accumulate: false);
        }

        GC.KeepAlive(x);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, gy.Reshape(Kept(call[0].Shape, call.Arguments.First)).BroadcastTo(call[0].Shape));

    /// <summary>The shape without the summed axes.</summary>
    private static Shape Reduced(Shape shape, int mask)
    {
        Span<int> sizes = stackalloc int[shape.Rank];
        int count = 0;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if ((mask >> axis & 1) == 0)
                sizes[count++] = shape[axis];
        }

        return new Shape(sizes[..count]);
    }

    /// <summary>The shape with size 1 for the summed axes.</summary>
    private static Shape Kept(Shape shape, int mask)
    {
        for (int axis = 0; axis < shape.Rank; axis++)
            shape = (mask >> axis & 1) == 0 ? shape : shape.With(axis, 1);

        return shape;
    }

    /// <summary>A view with the summed axes last, both groups in order.</summary>
    private static Tensor SummedLast(Tensor x, int mask)
    {
        Span<int> sizes = stackalloc int[x.Rank];
        Strides strides = default;
        int position = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int axis = 0; axis < x.Rank; axis++)
            {
                if ((mask >> axis & 1) == pass)
                {
                    sizes[position] = x.Shape[axis];
                    strides[position++] = x.Strides[axis];
                }
            }
        }

        return Tensor.View(x, new Shape(sizes), strides, 0, "permute");
    }
}
