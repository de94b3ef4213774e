using System.Buffers;
using System.Numerics;

namespace Thalweg.Data;

/// <summary>Counts different numbers.</summary>
/// <remarks>
/// Whole columns of large tables are counted to be described. Values are first sorted into buckets by the leading bits of their hash, so
/// that the table of a bucket stays in the cache: with one table, columns of a million different values took half as long again.
/// </remarks>
internal static class DistinctCounter
{
    private const ulong Spread = 0x9E3779B97F4A7C15;

    /// <summary>Values of a bucket, about.</summary>
    private const int BucketLength = 1 << 12;
    private const int MostBucketBits = 10;
    private const int MostInTable = 1 << 28;

    /// <summary>Number of different values, NaN not counted; 0 and -0 are the same.</summary>
    public static int Count(ReadOnlySpan<double> numbers)
    {
        int bucketBits = Math.Clamp(BitOperations.Log2((uint)(numbers.Length / BucketLength) | 1), 1, MostBucketBits);
        int[] ends = new int[1 << bucketBits];
        bool hasZero = false;
        foreach (double number in numbers)
        {
            hasZero |= number == 0;
            if (IsCounted(number))
                ends[Hash(number) >> (64 - bucketBits)]++;
        }

        int hashes = 0;
        for (int bucket = 0; bucket < ends.Length; bucket++)
            (ends[bucket], hashes) = (hashes, hashes + ends[bucket]);
        ulong[] sorted = ArrayPool<ulong>.Shared.Rent(hashes);
        foreach (double number in numbers)
        {
            if (IsCounted(number))
            {
                ulong hash = Hash(number);
                sorted[ends[hash >> (64 - bucketBits)]++] = hash;
            }
        }

        int count = hasZero ? 1 : 0, start = 0;
        foreach (int end in ends)
        {
            count += CountBucket(sorted.AsSpan(start, end - start), bucketBits);
            start = end;
        }

        ArrayPool<ulong>.Shared.Return(sorted);
        return count;
    }

    private static bool IsCounted(double number) => number != 0 && !double.IsNaN(number);

    /// <summary>A one-to-one map of the bits of numbers; 0 for the number 0 alone.</summary>
    private static ulong Hash(double number) => BitConverter.DoubleToUInt64Bits(number) * Spread;

    /// <summary>Number of different hashes that share their first bits, by a table with open addressing of which half is empty.</summary>
    private static int CountBucket(ReadOnlySpan<ulong> hashes, int bucketBits)
    {
        if (hashes.Length > MostInTable)
            return new HashSet<ulong>(hashes.ToArray()).Count;
        int slotBits = BitOperations.Log2((uint)Math.Max(1, hashes.Length)) + 2;
        ulong[] table = ArrayPool<ulong>.Shared.Rent(1 << slotBits);
        Span<ulong> slots = table.AsSpan(0, 1 << slotBits);
        slots.Clear();
        int count = 0;
        foreach (ulong hash in hashes)
        {
            int position = (int)((hash << bucketBits) >> (64 - slotBits));
            while (slots[position] != hash && slots[position] != 0)
                position = (position + 1) & (slots.Length - 1);
            count += slots[position] == 0 ? 1 : 0;
            slots[position] = hash;
        }

        ArrayPool<ulong>.Shared.Return(table);
        return count;
    }
}
