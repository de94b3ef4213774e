namespace Thalweg;

/// <content>Reshape, transpose, broadcast: the same elements seen otherwise.</content>
public sealed partial class Tensor
{
    /// <summary>The same elements in row-major order under another shape; shares memory where it can.</summary>
    /// <param name="shape">Shape of as many elements.</param>
    /// <returns>The shape asked for.</returns>
    /// <exception cref="ThalwegException">The shape asks for another number of elements.</exception>
    public Tensor Reshape(Shape shape) => ReshapeOp.Instance.Apply(new OpArguments { Shape = shape }, this);

    /// <summary>All axes from <paramref name="axis"/> on merged into one: <c>[batch, h, w]</c> becomes <c>[batch, h w]</c>.</summary>
    /// <param name="axis">First axis to merge; default 1.</param>
    /// <returns><c>[first axes, product of the rest]</c>.</returns>
    public Tensor Flatten(int axis = 1)
    {
        int first = axis == Rank ? axis : Shape.Normalize(axis);
        Span<int> sizes = stackalloc int[first + 1];
        for (int i = 0; i < first; i++)
        {
            sizes[i] = Shape[i];
        }

        sizes[first] = checked((int)Shape.LengthOf(first, Rank));
        return Reshape(new Shape(sizes));
    }
}

/// <summary>The same elements under another shape.</summary>
internal sealed class ReshapeOp : Op
{
    public static readonly ReshapeOp Instance = new();

    public override string Name => "reshape";

    protected internal override Tensor Forward(ref OpCall call)
    {
        Shape shape = call.Arguments.Shape;
        if (shape.Length != call[0].Length)
        {
            Throw.WrongShape(Name, $"a shape of {call[0].Length} elements like {call[0].Shape}", shape);
        }

        return Tensor.View(call[0].Packed(), shape, shape.RowMajor(), 0, Name);
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) => gx.Add(0, gy.Reshape(call[0].Shape));
}
