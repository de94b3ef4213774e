using System.Globalization;
using System.Text;

namespace Thalweg.Data;

/// <summary>Knows the words for an infinite number, and numbers beyond the range of a double.</summary>
internal static class InfiniteCell
{
    /// <summary>Whether a cell is an infinite number.</summary>
    public static bool Is(ReadOnlySpan<byte> cell)
    {
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            return double.IsInfinity(number);
        ReadOnlySpan<byte> word = cell is [(byte)'-' or (byte)'+', ..] ? cell[1..] : cell;
        return Ascii.EqualsIgnoreCase(word, "inf"u8) || Ascii.EqualsIgnoreCase(word, "infinity"u8)
            || Ascii.EqualsIgnoreCase(word, "1.#INF"u8) || word.SequenceEqual("∞"u8);
    }
}
