namespace Thalweg.Training;

/// <summary>The fixed binary tree in which what the shards computed is combined.</summary>
/// <remarks>
/// First each shard with an even number takes up its neighbor, then each one whose number is a multiple of 4 the one two further, and so
/// on, until shard 0 holds all. Sums taken in this order have the same bits, whoever computed the parts.
/// <code>
/// foreach ((int into, int from) in new ShardTree(shards))
///     sums[into] += sums[from];
/// </code>
/// </remarks>
/// <param name="Shards">Number of shards that have samples, 0 or more.</param>
public readonly record struct ShardTree(int Shards)
{
    /// <summary>The pairs to combine, in order.</summary>
    public Enumerator GetEnumerator() => new(Shards);

    /// <summary>Adds up rows of numbers; the first row then holds the sums.</summary>
    /// <param name="rows">One row after the other, as many as there are shards.</param>
    /// <param name="width">Numbers of a row.</param>
    public void Sum(Span<double> rows, int width)
    {
        foreach ((int into, int from) in this)
        {
            Span<double> sum = rows.Slice(into * width, width), part = rows.Slice(from * width, width);
            for (int i = 0; i < width; i++)
            {
                sum[i] += part[i];
            }
        }
    }

    /// <summary>Walks over the pairs of a tree.</summary>
    public struct Enumerator
    {
        private readonly int _shards;
        private int _stride, _into;

        internal Enumerator(int shards) => (_shards, _stride, _into) = (shards, 1, -2);

        /// <summary>The shard that takes up, and the one that is taken up.</summary>
        public readonly (int Into, int From) Current => (_into, _into + _stride);

        /// <summary>Goes to the next pair; false where there is none.</summary>
        public bool MoveNext()
        {
            _into += 2 * _stride;
            while (_into + _stride >= _shards)
            {
                if (2 * _stride >= _shards)
                {
                    return false;
                }

                (_stride, _into) = (2 * _stride, 0);
            }

            return true;
        }
    }
}
