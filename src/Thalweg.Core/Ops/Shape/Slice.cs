namespace Thalweg;

/// <content>Parts of a tensor, and a tensor as part of a larger one.</content>
public sealed partial class Tensor
{
    /// <summary>Part of the elements along one axis, as a view: <c>start</c>, <c>start + step</c>, ...</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1.</param>
    /// <param name="start">First place, from 0.</param>
    /// <param name="count">Number of places, 0 or more.</param>
    /// <param name="step">Distance between places, 1 or more; default 1.</param>
    /// <returns>The shape of this tensor with <c>count</c> places along the axis.</returns>
    /// <exception cref="ThalwegException">The places are not all in the tensor.</exception>
    public Tensor Slice(int axis, int start, int count, int step = 1)
    {
        int size = Shape[axis];
        if (start < 0 || count < 0 || step < 1 || (count > 0 && start + ((count - 1L) * step) >= size) || start > size)
        {
            throw new ThalwegException(
                $"[slice] expected places within axis {axis} of {Shape}, got {count} from {start} in steps of {step}");
        }

        return count == size ? this : SliceOp.Instance.Apply(
            new OpArguments { First = Shape.Normalize(axis), Shape = [start, count, step] }, this);
    }

    /// <summary>One place along an axis, which is removed, as a view.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1.</param>
    /// <param name="index">Place, from 0.</param>
    /// <returns>The shape of this tensor without the axis.</returns>
    /// <exception cref="ThalwegException">The place is not in the tensor.</exception>
    public Tensor Select(int axis, int index) => Slice(axis, index, 1).Squeeze(axis);

    /// <summary>The elements with others of one value before and after them along an axis.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1.</param>
    /// <param name="before">Number of places before, 0 or more.</param>
    /// <param name="after">Number of places after, 0 or more.</param>
    /// <param name="value">What is there; default 0.</param>
    /// <returns>The shape of this tensor with before + after places more along the axis.</returns>
    /// <exception cref="ThalwegException">A number of places below 0.</exception>
    public Tensor Pad(int axis, int before, int after, double value = 0)
    {
        if (before < 0 || after < 0)
        {
            throw new ThalwegException(
                $"[pad] expected 0 or more places before and after, got {before} and {after}; slice to remove places");
        }

        return before + after == 0 ? this : Place(axis, before, 1, checked(Shape[axis] + before + after), value);
    }

    /// <summary>This shape with an axis of size 1 more.</summary>
    /// <param name="axis">Its place in the result, from -Rank - 1 to Rank.</param>
    /// <returns><c>[a, 1, b]</c> for this tensor of shape <c>[a, b]</c> and axis 1.</returns>
    public Tensor Unsqueeze(int axis)
    {
        int at = axis < 0 ? axis + Rank + 1 : axis;
        if (at < 0 || at > Rank)
            throw new ThalwegException($"[unsqueeze] expected an axis from {-Rank - 1} to {Rank} for {Shape}, got {axis}");

        return Reshape(Shape.Insert(at, 1));
    }

    /// <summary>This shape without an axis of size 1.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1.</param>
    /// <returns><c>[a, b]</c> for this tensor of shape <c>[a, 1, b]</c> and axis 1.</returns>
    /// <exception cref="ThalwegException">Its size is not 1.</exception>
    public Tensor Squeeze(int axis)
    {
        int at = Shape.Normalize(axis);
        if (Shape[at] != 1)
            Throw.WrongShape("squeeze", $"size 1 along axis {axis}", Shape);

        return Reshape(Shape.Without(at));
    }

    /// <summary>A tensor of one value with this one at places <c>start</c>, <c>start + step</c>, ...: the
    /// opposite of <see cref="Slice"/>.</summary>
    internal Tensor Place(int axis, int start, int step, int size, double value) =>
        PlaceOp.Instance.Apply(new OpArguments { First = Shape.Normalize(axis), Shape = [start, step, size], Real = value }, this);
}

/// <summary>Places along an axis, as a view; the arguments' shape holds start, count and step.</summary>
internal sealed class SliceOp : Op
{
    public static readonly SliceOp Instance = new();

    public override string Name => "slice";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Arrangement).Inputs("input")
            .Attribute("axis", arguments.First)
            .Attribute("start", arguments.Shape[0])
            .Attribute("count", arguments.Shape[1])
            .Attribute("step", arguments.Shape[2]);

    protected internal override Tensor Forward(ref OpCall call)
    {
        Tensor x = call[0];
        (int axis, Shape places) = (call.Arguments.First, call.Arguments.Shape);
        Strides strides = x.Strides;
        nint offset = places[0] * strides[axis];
        strides[axis] *= places[2];
        return Tensor.View(x, x.Shape.With(axis, places[1]), strides, places[1] == 0 ? 0 : offset, Name);
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        (int axis, Shape places) = (call.Arguments.First, call.Arguments.Shape);
        gx.Add(0, gy.Place(axis, places[0], places[2], call[0].Shape[axis], 0));
    }
}

/// <summary>A tensor of one value with another at places along an axis; the arguments' shape holds start, step and size.</summary>
internal sealed unsafe class PlaceOp : Op
{
    public static readonly PlaceOp Instance = new();

    public override string Name => "pad";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Arrangement).Inputs("input")
            .Attribute("axis", arguments.First)
            .Attribute("start", arguments.Shape[0])
            .Attribute("step", arguments.Shape[1])
            .Attribute("size", arguments.Shape[2])
            .Attribute("value", arguments.Real);

    protected internal override Tensor Forward(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous();
        (int axis, Shape places) = (call.Arguments.First, call.Arguments.Shape);
        Tensor y = Tensor.Full(x.Shape.With(axis, places[2]), call.Arguments.Real, x.DType);
        int count = x.Shape[axis], element = x.DType.SizeOf();
        long outer = x.Shape.LengthOf(0, axis), inner = x.Shape.LengthOf(axis + 1, x.Rank) * element;
        long run = places[1] == 1 ? count * inner : inner;
        int runs = places[1] == 1 ? Math.Min(count, 1) : count;
        byte* from = x.Bytes, to = y.Bytes;
        for (long o = 0; o < outer; o++)
        {
            for (int i = 0; i < runs; i++)
            {
                Buffer.MemoryCopy(from, to + (((o * places[2]) + places[0] + ((long)i * places[1])) * inner), run, run);
                from += run;
            }
        }

        Lifetime.KeepAlive(x);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        (int axis, Shape places) = (call.Arguments.First, call.Arguments.Shape);
        gx.Add(0, gy.Slice(axis, places[0], call[0].Shape[axis], places[1]));
    }
}
