namespace Thalweg.Data;

/// <summary>Reads the rows of a text file into tables, all at once or in blocks.</summary>
internal sealed class TableReader : IDisposable
{
    private readonly string _path;
    private readonly TextLayout _layout;
    private readonly RowReader _rows;
    private readonly ColumnBuilder[] _columns;
    private readonly List<long> _lines = [];
    private long _read;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="reading">How each of its columns is to be read.</param>
    /// <param name="missing">Words that stand for missing values.</param>
    public TableReader(string path, TextLayout layout, IReadOnlyList<ColumnReading> reading, MissingWords missing)
    {
        _path = path;
        _layout = layout;
        _columns = [.. layout.Names.Select((name, index) => ColumnBuilder.For(new ColumnLocation(path, name, missing), reading[index]))];
        _rows = RowReader.Open(path, layout);
    }

    /// <summary>What collects the cells of each column.</summary>
    public IReadOnlyList<ColumnBuilder> Columns => _columns;

    /// <summary>Reads the next rows.</summary>
    /// <param name="limit">The most rows to read.</param>
    /// <returns>A table of 1 to <paramref name="limit"/> rows, or null at the end.</returns>
    /// <exception cref="ThalwegException">A row has more or fewer cells than the first, or a cell cannot be read.</exception>
    public Table? Read(int limit)
    {
        _lines.Clear();
        while (_lines.Count < limit && _rows.Read())
        {
            long line = _rows.Line;
            _lines.Add(line);
            for (int column = 0; column < _columns.Length; column++)
                _columns[column].Add(_rows[column], line);
        }

        _read += _lines.Count;
        if (_lines.Count < limit && _layout.StatedRows > 0 && _read != _layout.StatedRows)
            throw new ThalwegException($"{_path}: line 1 states {_layout.StatedRows} rows, the file holds {_read}; is it truncated?");
        return _lines.Count == 0 ? null : new Table([.. _columns.Select(column => column.Build())], _lines.Count, [.. _lines]);
    }

    public void Dispose() => _rows.Dispose();
}
