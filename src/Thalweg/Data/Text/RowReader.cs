using CsvHelper;

namespace Thalweg.Data;

/// <summary>Reads the rows of a separated text one after the other, without keeping them.</summary>
/// <remarks>A blank as separator stands for a run of blanks. Cells come trimmed and without quotes; empty lines are passed over.</remarks>
internal sealed class RowReader : IDisposable
{
    private const int LargestRow = 1 << 24;
    private readonly CsvReader _reader;
    private readonly string _path;
    private readonly bool _blanks;
    private int[] _cells = new int[16];

    public RowReader(string path, Stream stream, char separator, bool hasComments)
    {
        _path = path;
        _blanks = separator == ' ';
        _reader = CsvReader.Create(
            stream,
            new CsvReaderOptions
            {
                Separator = separator,
                HasHeader = false,
                CommentPrefix = hasComments ? '#' : null,
                TrimWhitespace = true,
                TrimInsideQuotes = true,
                SkipEmptyLines = true,
                TrackLineNumbers = true,
                MaxRecordSize = LargestRow,
                OnMalformedRecord = Refuse,
            },
            leaveOpen: false);
    }

    /// <summary>Number of cells of the current row.</summary>
    public int Count { get; private set; }

    /// <summary>1-based line on which the current row begins.</summary>
    public long Line => _reader.LineNumber;

    /// <summary>Text of a cell of the current row as UTF-8, valid until the next row.</summary>
    public ReadOnlySpan<byte> this[int index] => _reader.GetSpan(_blanks ? _cells[index] : index);

    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end.</returns>
    public bool Read()
    {
        try
        {
            if (!_reader.Read())
                return false;
        }
        catch (CsvFormatException error)
        {
            throw new ThalwegException(
                $"{_path}: line {error.LineNumber}: a row of more than {LargestRow >> 20} MiB; is a quote left open, or is this not a "
                    + "table?", error);
        }

        Count = _blanks ? CollectCells() : _reader.FieldCount;
        return true;
    }

    public void Dispose() => _reader.Dispose();

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

    private void Refuse(CsvMalformedRecord record)
    {
        // Stray quotes inside a cell are kept as text; a quote that is never closed would swallow the rest of the file.
        if (record.Reason == CsvMalformedReason.UnterminatedQuote)
            throw new ThalwegException($"{_path}: line {record.LineNumber}: a quote is opened and never closed; close it or remove it");
    }
}
