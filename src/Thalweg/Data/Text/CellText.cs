using System.Globalization;
using System.Text;

namespace Thalweg.Data;

/// <summary>Meaning of the text of one cell: missing, a number, or a category.</summary>
internal static class CellText
{
    /// <summary>Digits up to which an integer is exact in double precision.</summary>
    private const int ExactDigits = 15;

    private static readonly double[] s_powersOfTen =
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Whether a cell would stand for a missing value in a column of numbers: empty, or a word such as NA.</summary>
    public static bool IsMissing(ReadOnlySpan<byte> cell) => cell.IsEmpty || MissingWords.IsUsual(cell);

    /// <summary>Reads a finite number in the invariant culture.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> cell, out double number)
    {
        if (TryPlain(cell, out number))
            return true;

        // Words such as "Infinity" parse too, but no mean or deviation survives them.
        return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    /// <summary>Reads a finite number in the invariant culture.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>Text of a number that has none of its own: the shortest digits that read back to it.</summary>
    public static string Canonical(double number) => (number + 0.0).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>An integer without a fraction of zeros, so that 1, 1. and 1.0 are one class of numbers; any other text as it is.</summary>
    public static string WithoutZeroFraction(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal), start = text.StartsWith('-') ? 1 : 0;
        bool isInteger = point > start && !text.AsSpan(point + 1).ContainsAnyExcept('0')
            && !text.AsSpan(start, point - start).ContainsAnyExceptInRange('0', '9');
        return isInteger ? text[..point] : text;
    }

    /// <summary>Place of each of some different texts.</summary>
    public static Dictionary<string, int> IndexByText(IReadOnlyList<string> texts)
    {
        Dictionary<string, int> index = new(texts.Count, StringComparer.Ordinal);
        for (int i = 0; i < texts.Count; i++)
            index[texts[i]] = i;
        return index;
    }

    /// <summary>Text of a cell for a message: quoted, on one line, at most 40 characters.</summary>
    public static string Quote(ReadOnlySpan<byte> cell) => Quote(Encoding.UTF8.GetString(cell));

    /// <summary>Text for a message: quoted, on one line, at most 40 characters.</summary>
    public static string Quote(string text)
    {
        string line = string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
        return line.Length <= 40 ? $"'{line}'" : $"'{line.AsSpan(0, 37)}...'";
    }

    /// <summary>Digits with at most one point, few enough that their quotient is the nearest double.</summary>
    /// <remarks>An integer below 10^15 and a power of ten below 10^16 are both exact, so one division rounds once: the result is that of
    /// <see cref="double.Parse(string)"/> (Clinger, PLDI 1990).</remarks>
    public static bool TryPlain(ReadOnlySpan<byte> cell, out double number)
    {
        int start = cell is [(byte)'-', ..] ? 1 : 0, point = -1;
        long digits = 0;
        number = 0;
        if (cell.Length - start is 0 or > ExactDigits + 1)
            return false;
        for (int i = start; i < cell.Length; i++)
        {
            uint digit = (uint)(cell[i] - '0');
            if (digit <= 9)
                digits = (10 * digits) + digit;
            else if (cell[i] == '.' && point < 0)
                point = i;
            else
                return false;
        }

        int count = cell.Length - start - (point < 0 ? 0 : 1);
        if (count is 0 or > ExactDigits)
            return false;
        number = point < 0 ? digits : digits / s_powersOfTen[cell.Length - point - 1];
        number = start == 0 ? number : -number;
        return true;
    }
}
