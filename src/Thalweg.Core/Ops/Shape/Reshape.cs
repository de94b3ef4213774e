using System.Runtime.CompilerServices;

namespace Thalweg;

/// <content>Reshape, transpose, broadcast: the same elements seen otherwise.</content>
public sealed partial class Tensor
{
    /// <summary>The same elements in row-major order under another shape; shares memory where it can.</summary>
    /// <param name="shape">Shape of as many elements.</param>
    /// <returns>The shape asked for.</returns>
    /// <exception cref="ThalwegException">The shape asks for another number of elements.</exception>
    public Tensor Reshape(Shape shape) => ReshapeOp.Instance.Apply(new OpArguments { Shape = shape }, this);

    /// <summary>The same elements in row-major order under another shape of which one size may be left open; shares memory
    /// where it can.</summary>
    /// <param name="sizes">Sizes of as many elements; one of them may be -1, which stands for what the others leave.</param>
    /// <returns>The shape asked for, such as <c>[2, 6]</c> for twelve elements and the sizes 2, -1.</returns>
    /// <exception cref="ThalwegException">The sizes ask for another number of elements, or leave more than one size open.</exception>
    [OverloadResolutionPriority(1)]
    public Tensor Reshape(params ReadOnlySpan<int> sizes)
    {
        int open = sizes.IndexOf(-1);
        if (open < 0)
            return Reshape(new Shape(sizes));

        long known = 1;
        for (int axis = 0; axis < sizes.Length; axis++)
            known *= axis == open ? 1 : sizes[axis];

        if (sizes.Length > Shape.MaxRank || sizes[(open + 1)..].Contains(-1) || known <= 0 || Length % known != 0)
        {
            throw new ThalwegException(
                $"[reshape] expected at most one -1, and other sizes that divide the {Length} elements of {Shape}, got [{Written(sizes)}]");
        }

        Span<int> filled = stackalloc int[sizes.Length];
        sizes.CopyTo(filled);
        filled[open] = checked((int)(Length / known));
        return Reshape(new Shape(filled));
    }

    /// <summary>All axes from <paramref name="axis"/> on merged into one: <c>[batch, h, w]</c> becomes <c>[batch, h w]</c>.</summary>
    /// <param name="axis">First axis to merge; default 1.</param>
    /// <returns><c>[first axes, product of the rest]</c>.</returns>
    public Tensor Flatten(int axis = 1)
    {
        int first = axis == Rank ? axis : Shape.Normalize(axis);
        Span<int> sizes = stackalloc int[first + 1];
        for (int i = 0; i < first; i++)
            sizes[i] = Shape[i];

        sizes[first] = checked((int)Shape.LengthOf(first, Rank));
        return Reshape(new Shape(sizes));
    }

    private static string Written(ReadOnlySpan<int> sizes) => string.Join(", ", sizes.ToArray());
}

/// <summary>The same elements under another shape.</summary>
internal sealed class ReshapeOp : Op
{
    public static readonly ReshapeOp Instance = new();

    public override string Name => "reshape";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Arrangement).Inputs("input").Attribute("shape", arguments.Shape);

    protected internal override Tensor Forward(ref OpCall call)
    {
        Shape shape = call.Arguments.Shape;
        if (shape.Length != call[0].Length)
            Throw.WrongShape(Name, $"a shape of {call[0].Length} elements like {call[0].Shape}", shape);

        return Tensor.View(call[0].AsContiguous(), shape, shape.RowMajor(), 0, Name);
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) => gx.Add(0, gy.Reshape(call[0].Shape));
}
