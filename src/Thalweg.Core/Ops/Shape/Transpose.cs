namespace Thalweg;

/// <content>Transpose.</content>
public sealed partial class Tensor
{
    /// <summary>Two axes exchanged, as a view; default the last two.</summary>
    /// <param name="first">One axis.</param>
    /// <param name="second">The other axis.</param>
    /// <returns><c>[..., b, a]</c> for this tensor of shape <c>[..., a, b]</c> and the last two axes.</returns>
    public Tensor Transpose(int first = -2, int second = -1) =>
        TransposeOp.Instance.Apply(new OpArguments { First = Shape.Normalize(first), Second = Shape.Normalize(second) }, this);

    /// <summary>The axes in another order, as a view: axis i of the result is axis <c>axes[i]</c> of this tensor.</summary>
    /// <param name="axes">Each axis once, from -Rank to Rank - 1.</param>
    /// <returns><c>[c, a, b]</c> for this tensor of shape <c>[a, b, c]</c> and the axes 2, 0, 1.</returns>
    /// <exception cref="ThalwegException">An axis is missing or named twice.</exception>
    public Tensor Permute(params ReadOnlySpan<int> axes)
    {
        Span<int> order = stackalloc int[Math.Min(axes.Length, Shape.MaxRank)];
        int seen = 0;
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = Shape.Normalize(axes[i]);
            seen |= 1 << order[i];
        }

        return axes.Length == Rank && seen == (1 << Rank) - 1
            ? PermuteOp.Instance.Apply(new OpArguments { Shape = new Shape(order) }, this)
            : throw new ThalwegException(
                $"[permute] expected each of {Rank} axes once for {Shape}, got {string.Join(", ", axes.ToArray())}");
    }

    /// <summary>A contiguous tensor of the same elements: this one, or a copy.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Contiguous() => IsContiguous ? this : Reshape(Shape);
}

/// <summary>Two axes exchanged.</summary>
internal sealed class TransposeOp : Op
{
    public static readonly TransposeOp Instance = new();

    public override string Name => "transpose";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Arrangement).Inputs("input")
            .Attribute("first_axis", arguments.First)
            .Attribute("second_axis", arguments.Second);

    protected internal override Tensor Forward(ref OpCall call)
    {
        (int a, int b) = (call.Arguments.First, call.Arguments.Second);
        Tensor x = call[0];
        Strides strides = x.Strides;
        (strides[a], strides[b]) = (strides[b], strides[a]);
        return Tensor.View(x, x.Shape.With(a, x.Shape[b]).With(b, x.Shape[a]), strides, 0, Name);
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, gy.Transpose(call.Arguments.First, call.Arguments.Second));
}

/// <summary>Axes in another order, which the arguments' shape holds.</summary>
internal sealed class PermuteOp : Op
{
    public static readonly PermuteOp Instance = new();

    public override string Name => "permute";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Arrangement).Inputs("input").Attribute("order", arguments.Shape.ToArray());

    protected internal override Tensor Forward(ref OpCall call)
    {
        Shape order = call.Arguments.Shape;
        Tensor x = call[0];
        Span<int> sizes = stackalloc int[order.Rank];
        Strides strides = default;
        for (int i = 0; i < order.Rank; i++)
        {
            sizes[i] = x.Shape[order[i]];
            strides[i] = x.Strides[order[i]];
        }

        return Tensor.View(x, new Shape(sizes), strides, 0, Name);
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Shape order = call.Arguments.Shape;
        Span<int> back = stackalloc int[order.Rank];
        for (int i = 0; i < order.Rank; i++)
            back[order[i]] = i;

        gx.Add(0, gy.Permute(back));
    }
}
