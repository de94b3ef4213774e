namespace Thalweg.Data;

/// <summary>What a sampler orders.</summary>
/// <param name="Data">The training samples.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Epoch">Number of the epoch, from 0.</param>
/// <param name="BatchSize">Samples of a batch in this epoch.</param>
public readonly record struct SamplerContext(Dataset Data, ulong Seed, int Epoch, int BatchSize)
{
    /// <summary>Random numbers of the epoch's order, which follow from seed and epoch alone.</summary>
    public RandomStream NewStream() => new(Seed, RandomPurpose.Shuffle, (ulong)Epoch);
}

/// <summary>Decides which samples an epoch takes, and in which order.</summary>
/// <remarks>The order follows from the context alone, so that a run is repeatable and can be resumed within an epoch. A custom sampler
/// derives from this record, and is named in recipes once it is registered by <see cref="Settings.Register{TRecord}"/>. A saved run resumes
/// only with a sampler of the same text.</remarks>
public abstract record Sampler : SettingsRecord
{
    /// <summary>Samples of an epoch; by default as many as there are.</summary>
    /// <param name="data">The training samples.</param>
    public virtual int CountIn(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Count;
    }

    /// <summary>Writes the order of an epoch.</summary>
    /// <param name="context">Samples, seed, epoch and batch size.</param>
    /// <param name="order">Where it goes: <c>[CountIn]</c>, each entry in 0 .. Data.Count - 1; a sample may be there several times or
    /// not at all.</param>
    public abstract void Fill(in SamplerContext context, Span<int> order);
}

/// <summary>Every sample once, in an order that is drawn anew for each epoch: the usual one.</summary>
public sealed record ShuffledSampler : Sampler
{
    /// <inheritdoc/>
    public override void Fill(in SamplerContext context, Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        RandomStream random = context.NewStream();
        random.Shuffle(order);
    }
}
