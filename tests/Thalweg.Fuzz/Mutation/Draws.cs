using Thalweg;

namespace Thalweg.Fuzz.Mutation;

/// <summary>Random choices of one input: they depend on seed, target and index alone.</summary>
internal sealed class Draws
{
    private RandomStream _stream;

    public Draws(ulong seed, string target, long index)
    {
        // The name of the target sets streams apart; the hash of strings is another in each process.
        ulong key = seed;
        foreach (char letter in target)
            key = unchecked((key * 1099511628211) ^ letter);
        _stream = new RandomStream(key, RandomPurpose.User, (ulong)index);
    }

    /// <summary>A whole number from 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => count <= 1 ? 0 : (int)(_stream.NextUInt32() % (uint)count);

    /// <summary>64 random bits.</summary>
    public ulong Bits() => _stream.NextUInt64();

    /// <summary>Whether one of <paramref name="count"/> equal chances came up.</summary>
    public bool OneIn(int count) => Below(count) == 0;

    /// <summary>One of some items.</summary>
    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];
}
