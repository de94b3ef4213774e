namespace Thalweg.Kernels;

/// <summary>What attention works on: queries <c>[batch, heads, queries, width]</c>, keys and values
/// <c>[batch, heads, keys, width]</c>.</summary>
internal unsafe struct AttentionWork<T>
    where T : unmanaged
{
    /// <summary>Rows whose weights are in memory at once: eight of the tallest tiles.</summary>
    public const int BlockRows = 96;

    /// <summary>Elements that rows of weights are filled up to, so that softmax has no tails.</summary>
    public const int Granule = 16;

    public HeadView<T> Query, Key, Value, Result;

    /// <summary>Cotangents: of the result as given, of the inputs as asked for (null data: not wanted).</summary>
    public HeadView<T> ResultGradient, QueryGradient, KeyGradient, ValueGradient;

    /// <summary>Whether the cotangents of the inputs are added to what is there.</summary>
    public bool AccumulateQuery, AccumulateKey, AccumulateValue;

    /// <summary>Number added to the score of each pair, or null data; strides may be 0.</summary>
    public HeadView<T> Mask;

    /// <summary>Weights after softmax, before dropout, <c>[batch, heads, queries, Stride]</c>; null to keep none and
    /// compute them again.</summary>
    public T* Weights;

    /// <summary>Number of keys of each sample that take part, or null for all.</summary>
    public int* Lengths;

    public int Batch, Heads, Queries, Keys;

    /// <summary>Length of a query and a key; length of a value.</summary>
    public int Width, ValueWidth;

    /// <summary>Factor of the scores.</summary>
    public T Scale;

    /// <summary>Whether query i sees the keys 0 to i alone.</summary>
    public bool Causal;

    /// <summary>Dropout of the weights: a word below the threshold drops; the rest is multiplied by the factor.</summary>
    public uint DropThreshold;
    public T DropFactor;
    public ulong DropKey, DropCounter;

    /// <summary>Elements from one row of weights to the next.</summary>
    public readonly int Stride => Filled(Keys);

    /// <summary>Blocks of queries per head.</summary>
    public readonly int Blocks => (Queries + BlockRows - 1) / BlockRows;

    /// <summary>Numbers filled up to whole granules.</summary>
    public static int Filled(int count) => (count + Granule - 1) / Granule * Granule;

    /// <summary>How many keys, from the first on, a query of a sample sees.</summary>
    public readonly int Seen(int sample, int query)
    {
        int seen = Lengths == null ? Keys : Lengths[sample];
        return Causal ? Math.Min(seen, query + 1) : seen;
    }
}
