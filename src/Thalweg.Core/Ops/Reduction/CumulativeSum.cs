using Thalweg.Kernels;

namespace Thalweg;

/// <content>Running sums.</content>
public sealed partial class Tensor
{
    /// <summary>Sum of all elements up to and including each one along an axis, added in ascending order.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1.</param>
    /// <param name="reverse">Whether to sum from the end instead; default false.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor CumulativeSum(int axis, bool reverse = false) =>
        CumulativeSumOp.Instance.Apply(new OpArguments { First = Shape.Normalize(axis), Second = reverse ? 1 : 0 }, this);
}

/// <summary>Running sums along an axis, from the start or from the end.</summary>
internal sealed unsafe class CumulativeSumOp : FloatOp
{
    public static readonly CumulativeSumOp Instance = new();

    public override string Name => "cumulative sum";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Reduction).Inputs("input")
            .Attribute("axis", arguments.First)
            .Attribute("reverse", arguments.Second == 1);

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), y = Tensor.Allocate(x.Shape, x.DType, Name);
        int axis = call.Arguments.First, size = x.Shape[axis];
        bool reverse = call.Arguments.Second == 1;
        nint outer = (nint)x.Shape.LengthOf(0, axis), inner = (nint)x.Shape.LengthOf(axis + 1, x.Rank), next = reverse ? -inner : inner;
        for (nint o = 0; o < outer; o++)
        {
            nint first = ((o * size) + (reverse ? size - 1 : 0)) * inner;
            T* from = x.Pointer<T>() + first, to = y.Pointer<T>() + first;
            for (int i = 0; i < size; i++, from += next, to += next)
            {
                if (i == 0)
                    new ReadOnlySpan<T>(from, (int)inner).CopyTo(new Span<T>(to, (int)inner));
                else
                    Zip.Run(new Add<T>(), to - next, from, to, inner);
            }
        }

        Lifetime.KeepAlive(x);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, gy.CumulativeSum(call.Arguments.First, reverse: call.Arguments.Second == 0));
}
