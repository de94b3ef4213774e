namespace Thalweg.Data;

/// <summary>What was found in the cells of a column while they were read.</summary>
internal sealed class ColumnFacts
{
    /// <summary>Cells that are plain numbers.</summary>
    public long Numbers { get; set; }

    /// <summary>Cells that are texts.</summary>
    public long Texts { get; set; }

    /// <summary>The first text, with its line; null where there is none.</summary>
    public string? FirstText { get; set; }

    /// <summary>Cells with a currency or percent sign, groups of digits, a decimal comma, or a minus by parentheses or behind.</summary>
    public long Marked { get; set; }

    /// <summary>The first of them, with its line.</summary>
    public string? FirstMarked { get; set; }

    /// <summary>Marks that all of them fit; a set of <see cref="NumberMarks.All"/>.</summary>
    public int Fits { get; set; } = NumberMarks.Any;

    /// <summary>A cell that only few marks fit, with its line, for messages.</summary>
    public string? Telling { get; set; }

    /// <summary>Marks whose groups a cell proves.</summary>
    public int Proves { get; set; }

    /// <summary>A cell that proves groups or a decimal comma, with its line.</summary>
    public string? Proof { get; set; }

    /// <summary>Whether a comma can only be a decimal mark.</summary>
    public bool HasCommaDecimal { get; set; }

    /// <summary>The currency or percent sign; '\0' where there is none.</summary>
    public char Sign { get; set; }

    /// <summary>Cells that are dates.</summary>
    public long Dates { get; set; }

    /// <summary>Orders that all of them fit; bit i stands for the order of that number.</summary>
    public int Orders { get; set; } = DateCell.Any;

    /// <summary>The first date, with its line.</summary>
    public string? FirstDate { get; set; }

    /// <summary>Infinite numbers, which count as missing.</summary>
    public long Infinite { get; set; }

    /// <summary>The first of them, with its line.</summary>
    public string? FirstInfinite { get; set; }

    /// <summary>The first integer whose digits a double cannot hold, with its line.</summary>
    public string? FirstRounded { get; set; }

    /// <summary>Empty cells.</summary>
    public long Empty { get; set; }

    /// <summary>How often each word stood for a missing value; those of the user too.</summary>
    public Dictionary<string, long> Words { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts a cell that stands for a missing value.</summary>
    public void CountMissing(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty)
        {
            Empty++;
            return;
        }

        Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> words = Words.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> text = cell.Length <= 256 ? stackalloc char[256] : new char[cell.Length];
        text = text[..System.Text.Encoding.UTF8.GetChars(cell, text)];
        words[text] = words.TryGetValue(text, out long count) ? count + 1 : 1;
    }

    /// <summary>A cell and its line, for messages.</summary>
    public static string At(ReadOnlySpan<byte> cell, long line) => $"{CellText.Quote(cell)} (line {line})";
}
