using Thalweg.Kernels;

namespace Thalweg;

/// <content>Rectifiers with learned parts.</content>
public sealed partial class Tensor
{
    /// <summary>x above 0, a learned slope times x below; derivative by x at 0: the slope. Source: He and others, ICCV
    /// 2015, eq. (1).</summary>
    /// <param name="slope"><c>[1]</c> for one slope, or <c>[channels]</c> for one per channel of this tensor
    /// <c>[batch, channels, ...]</c>.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <exception cref="ThalwegException">The slopes do not fit the channels.</exception>
    public Tensor Prelu(Tensor slope)
    {
        if (slope.Length == 1)
            return PreluOp.Instance.Apply(default, this, slope.Reshape([]));

        if (slope.Rank != 1 || Rank < 2 || Shape[1] != slope.Shape[0])
        {
            throw new ThalwegException(
                $"[prelu] expected slopes [1] or [channels] for inputs [batch, channels, ...], got {slope.Shape} for {Shape}");
        }

        Span<int> sizes = stackalloc int[Rank - 1];
        sizes.Fill(1);
        sizes[0] = slope.Shape[0];
        return PreluOp.Instance.Apply(default, this, slope.Reshape(new Shape(sizes)));
    }

    /// <summary>The largest of each group of <paramref name="pieces"/> neighbors along the last axis. Source: Goodfellow and others, ICML
    /// 2013, eq. (1).</summary>
    /// <param name="pieces">Size of a group, 1 or more; it divides the last axis.</param>
    /// <returns><c>[..., units]</c> for this tensor of shape <c>[..., units * pieces]</c>; ties share the derivative.</returns>
    /// <exception cref="ThalwegException">The last axis is not a multiple of the group.</exception>
    public Tensor Maxout(int pieces)
    {
        if (Rank == 0 || pieces < 1 || Shape[-1] % pieces != 0)
            throw new ThalwegException($"[maxout] expected a last axis that is a multiple of {pieces} pieces, 1 or more, got {Shape}");

        Shape units = Shape.With(-1, Shape[-1] / pieces);
        return Reshape([.. units, pieces]).MaxLast().Reshape(units);
    }
}

/// <summary>x above 0, slope times x below.</summary>
internal sealed unsafe class PreluOp : BinaryOp
{
    public static readonly PreluOp Instance = new();

    public override string Name => "prelu";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Pairwise).Inputs("input", "slope");

    protected override void Zip<T>(T* a, T* b, T* y, nint n) => Kernels.Zip.Run(new Prelu<T>(), a, b, y, n);

    protected override void ZipRows<T>(T* a, T* b, T* y, in Rows rows) =>
        Kernels.Zip.RunRows(new Prelu<T>(), a, b, y, rows.Count, rows.Columns, rows.Kind);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        (Tensor x, Tensor slope) = (call[0], call[1]);
        if (gx.Wants(0))
        {
            Tensor step = x.Step();
            gx.Add(0, gy.Multiply(step.Add(step.Negate().Add(1).Multiply(slope))));
        }

        if (gx.Wants(1))
            gx.Add(1, gy.Multiply(Tensor.Where(x.Detach().Step(), Tensor.Scalar(0, x.DType), x)).SumTo(slope.Shape));
    }
}
