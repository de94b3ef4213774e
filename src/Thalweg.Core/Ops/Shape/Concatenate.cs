namespace Thalweg;

/// <content>Tensors side by side.</content>
public sealed partial class Tensor
{
    /// <summary>Tensors one after the other along an axis.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1.</param>
    /// <param name="tensors">One or more tensors of one element type, of equal sizes along all other axes.</param>
    /// <returns>The common shape, the sizes along the axis added: <c>[2, 3]</c> and <c>[2, 5]</c> along axis 1
    /// give <c>[2, 8]</c>.</returns>
    /// <exception cref="ThalwegException">There is none, or ranks, sizes or types differ.</exception>
    public static Tensor Concatenate(int axis, params ReadOnlySpan<Tensor> tensors)
    {
        if (tensors.IsEmpty)
            throw new ThalwegException("[concatenate] expected one or more tensors, got none");

        int at = tensors[0].Shape.Normalize(axis);
        foreach (Tensor tensor in tensors)
        {
            Throw.IfTypesDiffer("concatenate", tensors[0], tensor);
            if (tensor.Rank != tensors[0].Rank || tensor.Shape.With(at, 0) != tensors[0].Shape.With(at, 0))
            {
                throw new ThalwegException(
                    $"[concatenate] expected shapes that differ along axis {axis} alone, got {tensors[0].Shape} and {tensor.Shape}; " +
                    "reshape or slice one");
            }
        }

        // Up to four tensors need no array, which would cost memory on the heap in each step.
        OpArguments arguments = new() { First = at };
        return tensors.Length switch
        {
            1 => tensors[0],
            2 => ConcatenateOp.Instance.Apply(arguments, tensors[0], tensors[1]),
            3 => ConcatenateOp.Instance.Apply(arguments, tensors[0], tensors[1], tensors[2]),
            4 => ConcatenateOp.Instance.Apply(arguments, tensors[0], tensors[1], tensors[2], tensors[3]),
            _ => ConcatenateOp.Instance.Apply(arguments, tensors.ToArray()),
        };
    }

    /// <summary>Tensors of one shape along a new axis.</summary>
    /// <param name="axis">The place of the new axis in the result, from -Rank - 1 to Rank.</param>
    /// <param name="tensors">One or more tensors of one shape and element type.</param>
    /// <returns>Their shape with one axis more: two of <c>[3, 5]</c> along axis 0 give <c>[2, 3, 5]</c>.</returns>
    /// <exception cref="ThalwegException">There is none, or shapes or types differ.</exception>
    public static Tensor Stack(int axis, params ReadOnlySpan<Tensor> tensors)
    {
        using PooledTensors parts = new(tensors.Length);
        foreach (Tensor tensor in tensors)
        {
            parts.Add(tensor.Shape == tensors[0].Shape
                ? tensor.Unsqueeze(axis)
                : throw new ThalwegException($"[stack] expected tensors of one shape, got {tensors[0].Shape} and {tensor.Shape}"));
        }

        return Concatenate(axis, parts.Span);
    }
}

/// <summary>Tensors one after the other along an axis.</summary>
internal sealed unsafe class ConcatenateOp : Op
{
    public static readonly ConcatenateOp Instance = new();

    public override string Name => "concatenate";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Arrangement).Attribute("axis", arguments.First);

    protected internal override Tensor Forward(ref OpCall call)
    {
        int axis = call.Arguments.First, size = 0;
        for (int i = 0; i < call.Count; i++)
            size = checked(size + call[i].Shape[axis]);

        Tensor y = Tensor.Allocate(call[0].Shape.With(axis, size), call[0].DType, Name);
        long outer = y.Shape.LengthOf(0, axis), inner = y.Shape.LengthOf(axis + 1, y.Rank) * y.DType.SizeOf(), row = size * inner,
            offset = 0;
        byte* to = y.Bytes;
        for (int i = 0; i < call.Count; i++)
        {
            Tensor x = call[i].AsContiguous();
            long run = x.Shape[axis] * inner;
            byte* from = x.Bytes;
            for (long o = 0; o < outer; o++)
                Buffer.MemoryCopy(from + (o * run), to + (o * row) + offset, run, run);

            offset += run;
            Lifetime.KeepAlive(x);
        }

        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        int axis = call.Arguments.First, start = 0;
        for (int i = 0; i < call.Count; i++)
        {
            int count = call[i].Shape[axis];
            if (gx.Wants(i))
                gx.Add(i, gy.Slice(axis, start, count));

            start += count;
        }
    }
}
