namespace Thalweg.Data;

/// <summary>Applies the preprocessing of a table to tables that come block by block.</summary>
internal sealed class TablePreparedReader : PreparedReader
{
    private readonly Func<int, Table?> _next;
    private readonly IDisposable? _owner;
    private readonly TableEncoder _encoder;
    private readonly int _target;

    /// <param name="place">File, for errors.</param>
    /// <param name="preprocessing">The preprocessing of a table.</param>
    /// <param name="requireTarget">Whether the target is read.</param>
    /// <param name="match">Which columns of the data are which of the model.</param>
    /// <param name="source">What gives the next rows, and what is to be disposed of at the end.</param>
    public TablePreparedReader(
        string place, Preprocessing preprocessing, bool requireTarget, ColumnMatch match,
        (Func<int, Table?> Next, IDisposable? Owner) source)
        : base(place, preprocessing, requireTarget)
    {
        (_next, _owner) = source;
        _encoder = new TableEncoder(preprocessing, match.Places);
        _target = match.Target;
        IgnoredColumns = match.Ignored;
    }

    /// <summary>Opens a text file.</summary>
    public static TablePreparedReader OpenText(string path, Preprocessing preprocessing, bool requireTarget, DataOptions options)
    {
        string[] names = [.. preprocessing.Columns!.Select(column => column.Name), preprocessing.Target.Name];
        TextLayout layout = LayoutFinder.Find(path, options, names);
        ColumnMatch match = ColumnMatch.Find(path, preprocessing, layout.Names, layout.IsNamed, requireTarget);
        TableReader reader = new(path, layout, match.Readings(preprocessing, layout.ColumnCount));
        return new TablePreparedReader(path, preprocessing, requireTarget, match, (reader.Read, reader));
    }

    /// <summary>Reads a table in memory.</summary>
    public static TablePreparedReader OpenTable(string place, ITable table, bool isNamed, Preprocessing preprocessing, bool requireTarget)
    {
        ColumnMatch match = ColumnMatch.Find(place, preprocessing, table.Names, isNamed, requireTarget);
        int start = 0;
        return new TablePreparedReader(place, preprocessing, requireTarget, match, (Next, null));

        Table? Next(int limit)
        {
            int count = Math.Min(limit, table.Count - start);
            start += count;
            return count == 0 ? null : table.Block(start - count, count);
        }
    }

    private protected override bool Fill(PreparedBlock block, long firstRow)
    {
        while (_next(BlockRows) is { } read)
        {
            Table table = RequireTarget ? WithTarget(read) : read;
            if (table.Count == 0)
                continue;
            _encoder.Encode(table, block.Begin(table.Count, Preprocessing.FeatureWidth, firstRow, table.Lines));
            if (RequireTarget)
            {
                (int[]? labels, float[]? targets) = TargetReader.Encode(Place, Preprocessing, table.Columns[_target], table.Lines);
                block.SetTarget(labels, targets);
            }

            return true;
        }

        return false;
    }

    private protected override void Dispose(bool disposing) => _owner?.Dispose();

    private Table WithTarget(Table table)
    {
        TableColumn target = table.Columns[_target];
        if (target.Missing == 0)
            return table;
        SkippedRows += target.Missing;
        return table.WithRows([.. Enumerable.Range(0, table.Count).Where(row => !target.IsMissing(row))]);
    }
}
