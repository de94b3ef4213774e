namespace Thalweg;

/// <summary>Sum over the shards of a step: y_v = sum over u of x_u, for each shard v.</summary>
/// <remarks>What is lowered is the sum over the shards of what each computes, so that the cotangent of x_u is the sum of all cotangents of
/// y: the operation is its own derivative.</remarks>
internal sealed class ShardSumOp : FloatOp
{
    public static readonly ShardSumOp Instance = new();

    public override string Name => "shard sum";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Other).Inputs("input");

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), y = Tensor.Allocate(x.Shape, x.DType, Name);
        Tensor wide = Tensor.Allocate(x.Shape, DType.Float64, Name);
        ReadOnlySpan<T> from = x.AsSpan<T>();
        Span<double> sums = wide.AsSpan<double>();
        for (int i = 0; i < from.Length; i++)
            sums[i] = double.CreateTruncating(from[i]);

        ((ShardGroup)call.Arguments.Settings!).Sum(sums);
        Span<T> to = y.AsSpan<T>();
        for (int i = 0; i < to.Length; i++)
            to[i] = T.CreateTruncating(sums[i]);

        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (gx.Wants(0))
            gx.Add(0, Apply(call.Arguments, gy));
    }
}
