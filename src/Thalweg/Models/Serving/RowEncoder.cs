using System.Globalization;
using System.Text;
using Thalweg.Data;

namespace Thalweg.Models;

/// <summary>Writes the features of single rows of a table, cell by cell, as the preprocessing of a model says; several threads may use
/// it.</summary>
/// <remarks>The features are those that <see cref="PreparedReader"/> gives for a file with the same cells, to the bit.</remarks>
internal sealed class RowEncoder
{
    private const int ShortCell = 256;

    private readonly Column[] _columns;
    private readonly MissingWords _words;

    public RowEncoder(Preprocessing preprocessing)
    {
        (NumberMarks marks, _words) = TablePreparedReader.CellsOf(preprocessing, new DataOptions());
        List<Column> columns = [];
        int offset = 0;
        foreach (ColumnEncoding encoding in preprocessing.Columns!)
        {
            if (ColumnMatch.ReadingOf(encoding, marks, preprocessing.Version == 1) is { } reading)
            {
                columns.Add(new Column(encoding, offset, reading)
                {
                    Cell = new NumberCell(reading, _words),
                    Known = encoding is CategoricalEncoding category
                        ? new CategoryIndex(category.Categories, preprocessing.KnowsByNumber(category.AreNumbers)) : null,
                });
            }

            offset += encoding.FeatureNames.Count;
        }

        _columns = [.. columns];
        Names = [.. columns.Select(column => column.Encoding.Name)];
        Positions = [.. columns.Select(column => column.Encoding.Index)];
    }

    /// <summary>Names of the columns that are read; a column of these is meant by its number here.</summary>
    public string[] Names { get; }

    /// <summary>Position of each in the training data.</summary>
    public int[] Positions { get; }

    /// <summary>Writes a cell that holds a number; of a column of dates, the days since 1970-01-01.</summary>
    /// <param name="column">Number of the column.</param>
    /// <param name="value">The number; NaN and infinities count as missing.</param>
    /// <param name="features">All features of the row, 0 where nothing has been written.</param>
    public void Write(int column, double value, Span<float> features)
    {
        Column item = _columns[column];
        if (!double.IsFinite(value))
        {
            WriteMissing(column, features);
        }
        else if (item.Encoding is NumericEncoding numeric)
        {
            if (numeric.Dates is null && _words.IsSpecified(value))
                WriteMissing(column, features);
            else if (numeric.Deviation > 0)
                features[item.Offset] = (float)numeric.Encode(value);
        }
        else
        {
            Span<char> text = stackalloc char[32];
            _ = (value + 0.0).TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
            Write(column, text[..length], features);
        }
    }

    /// <summary>Writes a cell that holds true or false: 1 or 0 in a column of numbers.</summary>
    public void Write(int column, bool value, Span<float> features)
    {
        if (_columns[column].Known is not { } known)
        {
            Write(column, value ? 1.0 : 0, features);
            return;
        }

        ReadOnlySpan<string> words = value ? ["true", "True", "TRUE", "1"] : ["false", "False", "FALSE", "0"];
        foreach (string word in words)
        {
            if (known.Find(word) >= 0)
            {
                Write(column, word, features);
                return;
            }
        }

        Write(column, words[0], features);
    }

    /// <summary>Writes a cell as it would stand in a file.</summary>
    /// <exception cref="ThalwegException">The column is one of numbers or dates, and the cell is none.</exception>
    public void Write(int column, ReadOnlySpan<char> cell, Span<float> features)
    {
        Column item = _columns[column];
        cell = cell.Trim();
        int most = Encoding.UTF8.GetMaxByteCount(cell.Length);
        Span<byte> room = most <= ShortCell ? stackalloc byte[ShortCell] : new byte[most];
        ReadOnlySpan<byte> bytes = room[..Encoding.UTF8.GetBytes(cell, room)];
        if (item.Known is { } known)
        {
            WriteCategory((CategoricalEncoding)item.Encoding, IsMissing(item.Reading, bytes) ? -2 : known.Find(cell), features[item.Offset..]);
        }
        else if (item.Cell.Read(bytes, out double number) is var meaning && meaning == CellMeaning.Number)
        {
            features[item.Offset] = ((NumericEncoding)item.Encoding) is { Deviation: > 0 } numeric
                ? (float)numeric.Encode(number) : features[item.Offset];
        }
        else if (meaning == CellMeaning.Unfit)
        {
            throw Unfit(item, cell);
        }
        else
        {
            WriteMissing(column, features);
        }
    }

    /// <summary>Writes a cell without a value.</summary>
    public void WriteMissing(int column, Span<float> features)
    {
        Column item = _columns[column];
        if (item.Encoding is CategoricalEncoding categorical)
            WriteCategory(categorical, -2, features[item.Offset..]);
        else if (item.Encoding is NumericEncoding { HasMissingIndicator: true } numeric)
            features[item.Offset + (numeric.Deviation > 0 ? 1 : 0)] = 1;
    }

    /// <summary>Writes a category.</summary>
    /// <param name="encoding">The column.</param>
    /// <param name="position">Position of the category; -1 for another one, -2 for none.</param>
    /// <param name="features">Features of the column.</param>
    private static void WriteCategory(CategoricalEncoding encoding, int position, Span<float> features)
    {
        int other = encoding.HasOther ? encoding.Categories.Count + (encoding.HasMissing ? 1 : 0) : -1;
        int slot = position >= 0 ? position : position == -2 && encoding.HasMissing ? encoding.Categories.Count : other;
        if (slot >= 0)
            features[slot] = 1;
    }

    private bool IsMissing(ColumnReading reading, ReadOnlySpan<byte> cell) => cell.IsEmpty || _words.IsSpecified(cell)
        || (reading.AreNumbers && (MissingWords.IsUsual(cell) || InfiniteCell.Is(cell)));

    private static ThalwegException Unfit(Column column, ReadOnlySpan<char> cell)
    {
        string kind = column.Reading.Kind == ReadingKind.Dates ? "a date" : "a number";
        return new ThalwegException($"[predict] column '{column.Encoding.Name}': expected {kind} as in the training data, got "
            + $"{CellText.Quote(cell.ToString())}; fix the cell, or leave it empty for a missing value");
    }

    /// <summary>A column that yields features.</summary>
    /// <param name="Encoding">What it becomes.</param>
    /// <param name="Offset">Number of its first feature.</param>
    /// <param name="Reading">How its cells are written.</param>
    private sealed record Column(ColumnEncoding Encoding, int Offset, ColumnReading Reading)
    {
        public required NumberCell Cell { get; init; }

        public CategoryIndex? Known { get; init; }
    }
}
