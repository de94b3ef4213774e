using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <summary>An operation on pairs of elements, with broadcasting.</summary>
internal abstract unsafe class BinaryOp : FloatOp
{
    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Pairwise).Inputs("left", "right");

    /// <summary>y = f(a, b) for n elements.</summary>
    protected abstract void Zip<T>(T* a, T* b, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The same where one side is repeated along rows or columns.</summary>
    protected abstract void ZipRows<T>(T* a, T* b, T* y, in Rows rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    protected sealed override Tensor Forward<T>(ref OpCall call)
    {
        Tensor a = call[0], b = call[1];
        Shape shape = Shape.Broadcast(Name, a.Shape, b.Shape);
        Tensor y = Tensor.Allocate(shape, a.DType, Name);
        if (y.Length == 0)
            return y;

        if (a.Shape != shape && b.Shape != shape)
            a = a.BroadcastView(shape);

        a = a.AsContiguous();
        b = b.AsContiguous();
        if (a.Shape == b.Shape)
        {
            Zip(a.Pointer<T>(), b.Pointer<T>(), y.Pointer<T>(), (nint)y.Length);
        }
        else if (a.Shape == shape && Rows.TryFind(shape, b.Shape, left: false, out Rows rows))
        {
            ZipRows(a.Pointer<T>(), b.Pointer<T>(), y.Pointer<T>(), rows);
        }
        else if (b.Shape == shape && Rows.TryFind(shape, a.Shape, left: true, out rows))
        {
            ZipRows(a.Pointer<T>(), b.Pointer<T>(), y.Pointer<T>(), rows);
        }
        else
        {
            a = a.BroadcastView(shape).AsContiguous();
            b = b.BroadcastView(shape).AsContiguous();
            Zip(a.Pointer<T>(), b.Pointer<T>(), y.Pointer<T>(), (nint)y.Length);
        }

        Lifetime.KeepAlive(a, b);
        return y;
    }
}

/// <summary>How one operand repeats: the result seen as rows and columns.</summary>
internal readonly record struct Rows(nint Count, nint Columns, Broadcast Kind)
{
    /// <summary>Finds rows and columns such that <paramref name="small"/> is a row vector, a column vector or a
    /// scalar against <paramref name="full"/>.</summary>
    public static bool TryFind(Shape full, Shape small, bool left, out Rows rows)
    {
        int rank = full.Rank, lead = rank - small.Rank;
        if (small.Length == 1)
        {
            rows = new Rows(1, (nint)full.Length, left ? Broadcast.LeftScalar : Broadcast.Scalar);
            return true;
        }

        int first = 0;
        while (first < rank && (first < lead || small[first - lead] == 1))
            first++;

        bool suffix = true, prefix = lead == 0;
        for (int axis = first; axis < rank; axis++)
            suffix &= small[axis - lead] == full[axis];

        int end = rank;
        while (prefix && end > 0 && small[end - 1] == 1)
            end--;

        for (int axis = 0; prefix && axis < end; axis++)
            prefix &= small[axis] == full[axis];

        rows = suffix
            ? new Rows(
                (nint)full.LengthOf(0, first), (nint)full.LengthOf(first, rank), left ? Broadcast.LeftRowVector : Broadcast.RowVector)
            : new Rows(
                (nint)full.LengthOf(0, end), (nint)full.LengthOf(end, rank), left ? Broadcast.LeftColumnVector : Broadcast.ColumnVector);
        return suffix || prefix;
    }
}
