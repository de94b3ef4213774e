namespace Thalweg.Data;

/// <summary>Every sample once, in batches of sequences of like lengths, so that little is padded; the batches come in an order that is
/// drawn anew for each epoch.</summary>
/// <remarks>Samples are shuffled, sorted by length (which leaves equal lengths shuffled), cut into batches, and the batches shuffled; a
/// last smaller batch stays last.</remarks>
public sealed record LengthSampler : Sampler
{
    /// <summary>Whether batches keep the order of their lengths, the shortest first, as some curricula want it; default false.</summary>
    public bool ShortestFirst { get; init; }

    /// <inheritdoc/>
    public override void Fill(in SamplerContext context, Span<int> order)
    {
        Dataset data = context.Data;
        int size = context.BatchSize, whole = order.Length / size;
        int[] samples = Dataset.AllRows(order.Length);
        RandomStream random = context.NewStream();
        random.Shuffle(samples.AsSpan());
        int[] sorted = [.. samples.OrderBy(data.LengthOf)];
        int[] batches = Dataset.AllRows(whole);
        if (!ShortestFirst)
            random.Shuffle(batches.AsSpan());
        for (int i = 0; i < whole; i++)
            sorted.AsSpan(batches[i] * size, size).CopyTo(order[(i * size)..]);
        sorted.AsSpan(whole * size).CopyTo(order[(whole * size)..]);
    }
}
