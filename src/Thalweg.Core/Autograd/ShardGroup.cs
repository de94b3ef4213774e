namespace Thalweg;

/// <summary>The shards of a training step that are computed side by side, as one of them sees it.</summary>
/// <remarks>
/// A layer that normalizes by the whole batch sums over the shards of the step; <see cref="ForwardContext.Shards"/> is null where there
/// is one shard alone. All shards of a step must ask for the same sums in the same order. The sums are taken in double precision and in
/// a fixed binary tree over the shards, so that their bits do not depend on which thread or process computes which shard.
/// </remarks>
public abstract class ShardGroup
{
    /// <summary>Shards of the step, 1 or more; shards without samples are among them.</summary>
    public abstract int Count { get; }

    /// <summary>Replaces each number by its sum over all shards that have samples; returns when all of them have called.</summary>
    /// <param name="values">Numbers of this shard; as many as of every other.</param>
    /// <exception cref="ThalwegException">Another shard failed, or asked for another sum: all shards must run the same layers in the same
    /// order.</exception>
    public abstract void Sum(Span<double> values);

    /// <summary>The sum of a tensor over all shards that have samples, to be differentiated to any order.</summary>
    /// <param name="x">The tensor of this shard; of the shape of every other.</param>
    /// <returns>The sum, of that shape.</returns>
    public Tensor Sum(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return ShardSumOp.Instance.Apply(new OpArguments { Settings = this }, x);
    }
}
