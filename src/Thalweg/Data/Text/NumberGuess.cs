using System.Text;

namespace Thalweg.Data;

/// <summary>Whether a cell looks like a number to a person, in whatever way its digits are grouped, marked or given a unit.</summary>
/// <remarks>For the search for header and separator, which comes before it is known how numbers are written. A name such as E5 or 2nd is
/// none.</remarks>
internal static class NumberGuess
{
    /// <summary>Whether the text is digits with signs, marks, an exponent, a currency or a percent sign.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> cell)
    {
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

    private static bool IsPart(Rune rune, bool isBehindDigit) => rune.Value switch
    {
        >= '0' and <= '9' or '.' or ',' or '\'' or '+' or '-' or '(' or ')' or ' ' or '\u00A0' or '\u202F' or '\u2212' => true,
        'e' or 'E' or '%' => isBehindDigit,
        _ => Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.CurrencySymbol,
    };
}
