using System.Buffers;
using System.Numerics;

namespace Thalweg.Data;

/// <summary>Counts different numbers.</summary>
/// <remarks>A table of bits with open addressing, half of it empty: whole columns of a large table are gone over to be described.</remarks>
internal static class DistinctCounter
{
    private const int MostSlots = 1 << 30;
    private const ulong Spread = 0x9E3779B97F4A7C15;

    /// <summary>Number of different values, NaN not counted; 0 and -0 are the same.</summary>
    public static int Count(ReadOnlySpan<double> numbers)
    {
        if (numbers.Length > MostSlots / 2)
            return new HashSet<double>(numbers.ToArray().Where(number => !double.IsNaN(number))).Count;
        int bits = BitOperations.Log2((uint)Math.Max(4, numbers.Length)) + 2;
        ulong[] table = ArrayPool<ulong>.Shared.Rent(1 << bits);
        Span<ulong> slots = table.AsSpan(0, 1 << bits);
        slots.Clear();
        int count = 0;
        bool hasZero = false;
        foreach (double number in numbers)
        {
            if (number == 0)
                hasZero = true;
            else if (!double.IsNaN(number) && Add(slots, BitConverter.DoubleToUInt64Bits(number), 64 - bits))
                count++;
        }

        ArrayPool<ulong>.Shared.Return(table);
        return count + (hasZero ? 1 : 0);
    }

    /// <summary>Adds a value that is not 0, which stands for an empty slot.</summary>
    private static bool Add(Span<ulong> slots, ulong value, int shift)
    {
        int place = (int)((value * Spread) >> shift);
        while (slots[place] != 0)
        {
            if (slots[place] == value)
                return false;
            place = (place + 1) & (slots.Length - 1);
        }

        slots[place] = value;
        return true;
    }
}
