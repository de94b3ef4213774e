namespace Thalweg.Training;

/// <summary>Which samples of a step belong to which shard.</summary>
/// <remarks>The samples are cut by their position in the batch into stretches that differ by one sample at most, the longer ones first:
/// the cut follows from the two numbers alone. Where there are more shards than samples the last ones are empty.</remarks>
/// <param name="Samples">Number of samples, 0 or more.</param>
/// <param name="Shards">Number of shards, 1 or more.</param>
public readonly record struct ShardPlan(int Samples, int Shards)
{
    /// <summary>Shards that have samples: the first so many.</summary>
    public int Occupied => Math.Min(Samples, Shards);

    /// <summary>Samples of the largest shard.</summary>
    public int Largest => (Samples / Shards) + (Samples % Shards > 0 ? 1 : 0);

    /// <summary>Position of a shard's first sample in the batch, and how many it has.</summary>
    /// <param name="shard">Number of the shard, from 0.</param>
    public (int Start, int Count) this[int shard]
    {
        get
        {
            (int each, int longer) = (Samples / Shards, Samples % Shards);
            return ((shard * each) + Math.Min(shard, longer), each + (shard < longer ? 1 : 0));
        }
    }
}
