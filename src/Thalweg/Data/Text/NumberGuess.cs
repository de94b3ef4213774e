using System.Text;

namespace Thalweg.Data;

/// <summary>Whether a cell looks like a number to a person, in whatever way its digits are grouped, marked or given a unit.</summary>
/// <remarks>For the search for header and separator, which comes before it is known how numbers are written. A name such as E5 or
/// 2nd is none.</remarks>
internal static class NumberGuess
{
    /// <summary>Whether the text is digits with signs, marks, an exponent, a currency or a percent sign.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> cell)
    {
        if (IsTwoNumbers(cell))
            return false;
        bool hasDigit = false;
        while (!cell.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(cell, out Rune rune, out int length) != System.Buffers.OperationStatus.Done || !IsPart(rune, hasDigit))
                return false;
            hasDigit |= Rune.IsDigit(rune);
            cell = cell[length..];
        }

        return hasDigit;
    }

    /// <summary>Whether the text is digits with signs, marks, an exponent, a currency or a percent sign.</summary>
    public static bool IsLikely(string cell) => IsLikely(Encoding.UTF8.GetBytes(cell));

    /// <summary>Whether a blank stands between digits and parts no group of three.</summary>
    private static bool IsTwoNumbers(ReadOnlySpan<byte> cell)
    {
        for (int i = 1; i + 1 < cell.Length; i++)
        {
            if (cell[i] != ' ' || !char.IsAsciiDigit((char)cell[i - 1]))
                continue;
            int digits = cell[(i + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            digits = digits < 0 ? cell.Length - i - 1 : digits;
            if (digits is not (0 or 3))
                return true;
        }

        return false;
    }

    private static bool IsPart(Rune rune, bool isBehindDigit) => rune.Value switch
    {
        >= '0' and <= '9' or '.' or ',' or '\'' or '+' or '-' or '(' or ')' or ' ' or '\u00A0' or '\u202F' or '\u2212' => true,
        'e' or 'E' or '%' => isBehindDigit,
        _ => Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.CurrencySymbol,
    };
}
