using System.Collections.Frozen;
using System.Text;

namespace Thalweg.Data;

/// <summary>Words that stand for a missing value.</summary>
/// <remarks>An empty cell always does, and so does what the user names. The usual words do so in columns whose other cells are numbers or
/// dates alone: among texts, None and NA may be kinds like any other.</remarks>
internal sealed class MissingWords
{
    /// <summary>No words but the usual ones.</summary>
    public static readonly MissingWords Usual = new([]);

    private const int LongestWord = 16;

    /// <summary>What pandas (<c>read_csv</c>, <c>na_values</c>), R (<c>NA</c>), SAS (<c>.</c>), the UCI files (<c>?</c>) and spreadsheets
    /// write; compared without case.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_usual = new[]
    {
        "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None",
        "-", "--", "---", ".", "..", "...", "?", "N.A.", "NaT", "missing", "(null)",
        "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _specified;
    private readonly double[] _specifiedNumbers;

    /// <param name="specified">Words that the user names; a number stands for every cell of the same value.</param>
    public MissingWords(IReadOnlyList<string> specified)
    {
        Specified = specified;
        _specified = specified.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _specifiedNumbers = [.. specified.Select(word => CellText.TryNumber(word, out double number) ? number : double.NaN)
            .Where(double.IsFinite)];
    }

    /// <summary>Words that the user names.</summary>
    public IReadOnlyList<string> Specified { get; }

    /// <summary>Whether the user names numbers.</summary>
    public bool HasNumbers => _specifiedNumbers.Length > 0;

    /// <summary>Whether a cell is one of the usual words.</summary>
    public static bool IsUsual(ReadOnlySpan<byte> cell)
    {
        if (cell.Length is 0 or > LongestWord)
            return false;
        Span<char> text = stackalloc char[LongestWord];
        return s_usual.Contains(text[..Encoding.UTF8.GetChars(cell, text)]);
    }

    /// <summary>Whether a cell is a word that the user names.</summary>
    public bool IsSpecified(ReadOnlySpan<byte> cell)
    {
        if (Specified.Count == 0)
            return false;
        Span<char> text = cell.Length <= 256 ? stackalloc char[256] : new char[cell.Length];
        return _specified.Contains(text[..Encoding.UTF8.GetChars(cell, text)])
            || (_specifiedNumbers.Length > 0 && CellText.TryNumber(cell, out double number) && _specifiedNumbers.Contains(number));
    }

    /// <summary>Whether a number is one that the user names.</summary>
    public bool IsSpecified(double number) => _specifiedNumbers.Length > 0 && _specifiedNumbers.Contains(number);
}
