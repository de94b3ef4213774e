using System.Globalization;
using System.Text;

namespace Thalweg.Data;

/// <summary>Meaning of the text of one cell: missing, a number, or a category.</summary>
internal static class CellText
{
    /// <summary>Whether a cell stands for a missing value: empty, ?, NA, N/A, nan or null in any case.</summary>
    public static bool IsMissing(ReadOnlySpan<byte> cell) => cell.Length switch
    {
        0 => true,
        1 => cell[0] == '?',
        2 => Ascii.EqualsIgnoreCase(cell, "NA"u8),
        3 => Ascii.EqualsIgnoreCase(cell, "nan"u8) || Ascii.EqualsIgnoreCase(cell, "N/A"u8),
        4 => Ascii.EqualsIgnoreCase(cell, "null"u8),
        _ => false,
    };

    /// <summary>Reads a finite number in the invariant culture.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> cell, out double number)
    {
        // Words such as "Infinity" parse too, but no mean or deviation survives them: they count as text.
        return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    /// <summary>Reads a finite number in the invariant culture.</summary>
    public static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>Text of a number where it stands for a category, so that 1, 1.0 and 01 are the same category.</summary>
    public static string Canonical(double number) => (number + 0.0).ToString("R", CultureInfo.InvariantCulture);

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
}
