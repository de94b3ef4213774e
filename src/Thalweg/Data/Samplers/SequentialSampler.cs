namespace Thalweg.Data;

/// <summary>Every sample once, in the order of the data; or several streams of consecutive samples side by side, for networks that carry
/// their state from step to step.</summary>
/// <remarks>With B streams of n samples each, n = Count / B rounded down, sample i of step t is sample i n + t: row i of each batch
/// continues row i of the batch before. The batch size of the run is then B. See <see cref="Layers.RecurrentOptions.StatefulBatch"/>. What
/// is left over, fewer than B samples, is left out.</remarks>
public sealed record SequentialSampler : Sampler
{
    /// <summary>Streams of consecutive samples in a batch, 1 or more; default 1, the order of the data.</summary>
    /// <exception cref="ThalwegException">It is below 1.</exception>
    public int Streams
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ThalwegException($"[sampler] expected 1 or more streams, got {value}; give the batch size");
    } = 1;

    /// <inheritdoc/>
    public override int CountIn(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Count >= Streams
            ? data.Count / Streams * Streams
            : throw new ThalwegException($"[sampler] expected at least one sample for each of {Streams} streams, got {data.Count}; "
                + "give fewer streams, or cut the data into more windows");
    }

    /// <inheritdoc/>
    public override void Fill(in SamplerContext context, Span<int> order)
    {
        if (Streams > 1 && context.BatchSize != Streams)
        {
            throw new ThalwegException($"[sampler] expected a batch size of {Streams}, one sample of each stream, got {context.BatchSize}; "
                + "give the two one size");
        }

        int length = order.Length / Streams;
        for (int i = 0; i < order.Length; i++)
            order[i] = (i % Streams * length) + (i / Streams);
    }
}
