namespace Thalweg.Training;

/// <summary>Workers that share the shards of each step out among them, such as processes; each trains the same network on the same
/// data.</summary>
/// <remarks>
/// Each worker runs a <see cref="Trainer"/> with the same options and data, of which <see cref="TrainerOptions.Exchange"/> alone differs,
/// and computes its own shards; what the others computed comes through <see cref="AllGather"/>. All workers then combine the same numbers
/// in the same order, so that their weights have the bits of a run in one process. A worker whose shards are all empty in a step computes
/// the first shard as well, which costs nobody time and keeps its layers at the same sums as those of the others.
/// </remarks>
public abstract class ShardExchange
{
    /// <summary>The first shard of this worker, from 0.</summary>
    public abstract int First { get; }

    /// <summary>Shards of this worker, 1 or more.</summary>
    public abstract int Count { get; }

    /// <summary>Fills in the rows of the shards that other workers compute; returns when it has them all.</summary>
    /// <remarks>All workers call it equally often with rows of the same length. It is called from several threads, one at a time.</remarks>
    /// <param name="rows">A row for each shard with samples, one after the other from shard 0 on; those of this worker are
    /// filled in.</param>
    /// <param name="rowLength">Bytes of a row.</param>
    public abstract void AllGather(Span<byte> rows, int rowLength);
}
