namespace Thalweg.Training;

/// <summary>How samples are cut into micro-batches that are computed one after the other.</summary>
/// <remarks>All micro-batches have the size that was asked for but the last, which takes what is left. One sample that would be left alone joins
/// the micro-batch before it, which is then larger by one: batch normalization needs 2 samples or more. The cut follows from the two numbers
/// alone.</remarks>
/// <param name="Samples">Number of samples, 0 or more.</param>
/// <param name="Size">Samples of a micro-batch, 1 or more.</param>
internal readonly record struct MicroBatches(int Samples, int Size)
{
    /// <summary>Number of micro-batches.</summary>
    public int Count => Samples == 0 ? 0 : Math.Max(1, (Samples / Size) + (Samples % Size > 1 ? 1 : 0));

    /// <summary>Samples of the largest micro-batch that a number of samples up to this one can have.</summary>
    public int Largest => Math.Min(Samples, Size == 1 ? 1 : Size + 1);

    /// <summary>Where a micro-batch begins, and how many samples it has.</summary>
    /// <param name="microBatch">Number of the micro-batch, from 0.</param>
    public (int Start, int Count) this[int microBatch]
    {
        get
        {
            int start = microBatch * Size;
            return (start, microBatch == Count - 1 ? Samples - start : Size);
        }
    }

    /// <summary>The samples of a micro-batch.</summary>
    /// <param name="samples">All samples.</param>
    /// <param name="microBatch">Number of the micro-batch, from 0; beyond the last there are none.</param>
    public ReadOnlySpan<int> Of(ReadOnlySpan<int> samples, int microBatch)
    {
        if (microBatch >= Count)
        {
            return [];
        }

        (int start, int count) = this[microBatch];
        return samples.Slice(start, count);
    }
}
