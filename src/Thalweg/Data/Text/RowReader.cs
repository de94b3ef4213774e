using CsvHelper;

namespace Thalweg.Data;

/// <summary>Reads the rows of a separated text one after the other, without keeping them.</summary>
/// <remarks>A blank as separator stands for a run of blanks. Cells come trimmed and without quotes; lines without text
/// are passed over.</remarks>
internal sealed class RowReader : IDisposable
{
    private const int LargestRow = 1 << 24;
    private readonly CsvReader _reader;
    private readonly string _path;
    private readonly bool _blanks;
    private int[] _cells = new int[16];
    private int _linesBefore, _index, _expected = -1;
    private bool _hasTrailingSeparator;

    private RowReader(string path, Stream stream, char separator, char? comment)
    {
        _path = path;
        _blanks = separator == ' ';
        _reader = CsvReader.Create(
            stream,
            new CsvReaderOptions
            {
                Separator = separator,
                HasHeader = false,
                CommentPrefix = comment,
                TrimWhitespace = true,
                TrimInsideQuotes = true,
                SkipEmptyLines = true,
                TrackLineNumbers = true,
                MaxRecordSize = LargestRow,
                OnMalformedRecord = Refuse,
            },
            leaveOpen: false);
    }

    /// <summary>Number of cells of the current row, its index not counted.</summary>
    public int Count { get; private set; }

    /// <summary>1-based line on which the current row begins.</summary>
    public long Line => _linesBefore + _reader.LineNumber;

    /// <summary>Text of a cell of the current row as UTF-8, valid until the next row.</summary>
    public ReadOnlySpan<byte> this[int index] => _reader.GetSpan(_blanks ? _cells[index + _index] : index + _index);

    /// <summary>Opens a file at its first row of data; rows of another width are refused.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">Its layout.</param>
    public static RowReader Open(string path, TextLayout layout)
    {
        Stream stream = SourceFile.OpenText(path, layout.Encoding, layout.MaxSize);
        layout.Leading.Skip(stream);
        RowReader reader = new(path, stream, layout.Separator, layout.Comment) { _linesBefore = layout.Leading.Lines };
        if (layout.SkipFirstRow)
            reader.Read();
        reader._index = layout.HasIndex ? 1 : 0;
        reader._expected = layout.ColumnCount;
        reader._hasTrailingSeparator = layout.HasTrailingSeparator;
        return reader;
    }

    /// <summary>Reads the beginning of a file, whatever the width of its rows.</summary>
    public static RowReader Over(string path, TextStart start, LeadingLines leading, char separator, char? comment) =>
        new(path, new MemoryStream(start.Bytes, leading.Bytes, start.Bytes.Length - leading.Bytes), separator, comment)
        {
            _linesBefore = leading.Lines,
        };

    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="ThalwegException">The row has more or fewer cells than expected, or a quote is not closed.</exception>
    public bool Read()
    {
        do
        {
            try
            {
                if (!_reader.Read())
                    return false;
            }
            catch (CsvFormatException error)
            {
                throw new ThalwegException(
                    $"{_path}: line {_linesBefore + error.LineNumber}: a row of more than {LargestRow >> 20} MiB; is a quote left open, "
                        + "or is this not a table?", error);
            }

            Count = (_blanks ? CollectCells() : _reader.FieldCount) - _index;
        }
        while (Count + _index <= 1 && IsBlank());
        if (Count != _expected && _expected >= 0)
            CheckWidth();
        return true;
    }

    public void Dispose() => _reader.Dispose();

    private bool IsBlank() => _blanks ? Count + _index == 0 : _reader.GetRawSpan(0).Trim(" \t"u8).IsEmpty;

    private int CollectCells()
    {
        int count = 0;
        for (int field = 0; field < _reader.FieldCount; field++)
        {
            if (_reader.GetRawSpan(field).IsEmpty)
                continue;
            if (count == _cells.Length)
                Array.Resize(ref _cells, 2 * count);
            _cells[count++] = field;
        }

        return count;
    }

    private void CheckWidth()
    {
        if (_hasTrailingSeparator && Count == _expected + 1 && this[_expected].IsEmpty)
        {
            Count = _expected;
            return;
        }

        if (_hasTrailingSeparator && Count == _expected + 1)
        {
            throw new ThalwegException($"{_path}: line {Line}: expected nothing behind the last separator, as in the first rows, "
                + $"found {CellText.Quote(this[_expected])}; name all columns, this one too, by DataOptions.ColumnNames");
        }

        // What looks like a comment is not skipped unasked: it may be a value that begins so.
        bool isLikeComment = _reader.GetRawSpan(0) is [(byte)'#' or (byte)'%', ..] or [(byte)'/', (byte)'/', ..];
        throw new ThalwegException($"{_path}: line {Line}: expected {_expected + _index} cells as in the first row, "
            + $"found {Count + _index}; " + (isLikeComment
                ? $"if the line is a comment, skip it by DataOptions.Comment '{(char)_reader.GetRawSpan(0)[0]}'"
                : "fix or remove the line"));
    }

    private void Refuse(CsvMalformedRecord record)
    {
        // Stray quotes inside a cell are kept as text; a quote that is never closed would swallow the rest of the file.
        if (record.Reason == CsvMalformedReason.UnterminatedQuote)
        {
            throw new ThalwegException(
                $"{_path}: line {_linesBefore + record.LineNumber}: a quote is opened and never closed; close it or remove it");
        }
    }
}
