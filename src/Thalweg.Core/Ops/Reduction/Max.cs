using Thalweg.Kernels;

namespace Thalweg;

/// <content>Maximum and minimum over axes.</content>
public sealed partial class Tensor
{
    /// <summary>Largest element along the last axis, which is kept with size 1; NaN where there is one. Ties
    /// share the derivative.</summary>
    /// <returns><c>[..., 1]</c> for this tensor of shape <c>[..., n]</c>.</returns>
    public Tensor MaxLast() => MaxLastOp.Instance.Apply(default, this);

    /// <summary>Largest element over the given axes, which are removed; over all axes where none is given; NaN where
    /// there is one.</summary>
    /// <remarks>Elements that tie share the derivative.</remarks>
    /// <param name="axes">Axes, each from -Rank to Rank - 1.</param>
    /// <returns>A scalar <c>[]</c>, or the shape of this tensor without the given axes.</returns>
    /// <exception cref="ThalwegException">There is no element to take the maximum of.</exception>
    public Tensor Max(params ReadOnlySpan<int> axes)
    {
        bool[] reduced = new bool[Rank];
        Array.Fill(reduced, axes.IsEmpty);
        foreach (int axis in axes)
            reduced[Shape.Normalize(axis)] = true;

        int[] kept = [.. Enumerable.Range(0, Rank).Where(a => !reduced[a])], gone = [.. Enumerable.Range(0, Rank).Where(a => reduced[a])];
        Shape shape = new([.. kept.Select(a => Shape[a])]);
        int size = 1;
        foreach (int axis in gone)
            size = checked(size * Shape[axis]);

        return Permute([.. kept, .. gone]).Reshape(new Shape([.. shape, size])).MaxLast().Reshape(shape);
    }

    /// <summary>Smallest element over the given axes, which are removed; over all axes where none is given; NaN where
    /// there is one.</summary>
    /// <remarks>Elements that tie share the derivative.</remarks>
    /// <param name="axes">Axes, each from -Rank to Rank - 1.</param>
    /// <returns>A scalar <c>[]</c>, or the shape of this tensor without the given axes.</returns>
    /// <exception cref="ThalwegException">There is no element to take the minimum of.</exception>
    public Tensor Min(params ReadOnlySpan<int> axes) => Negate().Max(axes).Negate();
}

/// <summary>Largest element along the last axis.</summary>
internal sealed unsafe class MaxLastOp : FloatOp
{
    public static readonly MaxLastOp Instance = new();

    public override string Name => "max";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Reduction).Inputs("input").Attribute("axis", -1);

    protected override Tensor Forward<T>(ref OpCall call)
    {
        if (call[0].Rank == 0 || call[0].Shape[-1] == 0)
            Throw.WrongShape(Name, "at least one element along the last axis", call[0].Shape);

        Tensor x = call[0].AsContiguous(), y = Tensor.Allocate(x.Shape.With(-1, 1), x.DType, Name);
        Reduce.MaxRows(x.Pointer<T>(), (nint)y.Length, x.Shape[-1], y.Pointer<T>());
        GC.KeepAlive(x);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor at = call[0].IsEqual(y);
        Tensor share = at.Divide(at.Sum(-1).Reshape(y.Shape));
        gx.Add(0, share.MultiplyMasked(gy));
    }
}
