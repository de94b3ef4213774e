namespace Thalweg;

/// <content>Broadcast, and its opposite.</content>
public sealed partial class Tensor
{
    /// <summary>The elements repeated to a larger shape, as a view without copies.</summary>
    /// <param name="shape">Shape that this one broadcasts to.</param>
    /// <returns>The shape asked for.</returns>
    /// <exception cref="ThalwegException">This shape does not broadcast to it.</exception>
    public Tensor BroadcastTo(Shape shape) => Shape == shape ? this : BroadcastToOp.Instance.Apply(new OpArguments { Shape = shape }, this);

    /// <summary>The sum over whatever broadcasting repeated: the opposite of <see cref="BroadcastTo"/>.</summary>
    /// <param name="shape">Shape that broadcasts to this one.</param>
    /// <returns>The shape asked for.</returns>
    public Tensor SumTo(Shape shape)
    {
        if (Shape == shape)
            return this;

        int lead = Rank - shape.Rank;
        Span<int> axes = stackalloc int[Rank];
        int count = 0;
        for (int axis = 0; axis < Rank; axis++)
        {
            if (axis < lead || (shape[axis - lead] == 1 && Shape[axis] != 1))
                axes[count++] = axis;
        }

        return count == 0 ? Reshape(shape) : Sum(axes[..count]).Reshape(shape);
    }

    /// <summary>The repeated view; not recorded.</summary>
    internal Tensor BroadcastView(Shape shape)
    {
        if (Shape.Broadcast("broadcast", Shape, shape) != shape)
            Throw.WrongShape("broadcast", $"a shape that {Shape} broadcasts to", shape);

        Strides strides = default;
        int lead = shape.Rank - Rank;
        for (int axis = lead; axis < shape.Rank; axis++)
            strides[axis] = Shape[axis - lead] == 1 ? 0 : _strides[axis - lead];

        return View(this, shape, strides, 0, "broadcast");
    }
}

/// <summary>The elements repeated to a larger shape.</summary>
internal sealed class BroadcastToOp : Op
{
    public static readonly BroadcastToOp Instance = new();

    public override string Name => "broadcast";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Arrangement).Inputs("input").Attribute("shape", arguments.Shape);

    protected internal override Tensor Forward(ref OpCall call) => call[0].BroadcastView(call.Arguments.Shape);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) => gx.Add(0, gy.SumTo(call[0].Shape));
}
