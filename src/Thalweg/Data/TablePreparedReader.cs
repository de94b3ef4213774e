namespace Thalweg.Data;

/// <summary>Applies the preprocessing of a table to tables that come block by block.</summary>
internal sealed class TablePreparedReader : PreparedReader
{
    /// <summary>Words that stood for missing values in every column of models of version 1.</summary>
    private static readonly string[] s_firstVersionWords =
        ["?", "NA", "Na", "na", "nan", "NaN", "NAN", "Nan", "N/A", "n/a", "null", "Null", "NULL"];

    private readonly Func<int, Table?> _next;
    private readonly IDisposable? _owner;
    private readonly TableEncoder _encoder;
    private readonly ColumnMatch _match;
    private readonly NoveltyCounter _novelties = new();
    private readonly IReadOnlyList<DataNote> _notes;
    private IReadOnlyList<DataNote> _layoutNotes = [];
    private IReadOnlyList<ColumnBuilder> _cells = [];

    /// <param name="location">File, for errors.</param>
    /// <param name="preprocessing">The preprocessing of a table.</param>
    /// <param name="requireTarget">Whether the target is read.</param>
    /// <param name="match">Which columns of the data are which of the model.</param>
    /// <param name="source">What gives the next rows, and what is to be disposed of at the end.</param>
    public TablePreparedReader(
        string location, Preprocessing preprocessing, bool requireTarget, ColumnMatch match,
        (Func<int, Table?> Next, IDisposable? Owner) source)
        : base(location, preprocessing, requireTarget)
    {
        (_next, _owner) = source;
        _encoder = new TableEncoder(preprocessing, match.Places, _novelties);
        _match = match;
        _notes = match.Notes;
        IgnoredColumns = match.Ignored;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<UnseenCategories> UnseenCategories => _novelties.Unseen;

    /// <summary>Opens a text file; numbers are read as those of the training data unless the options say otherwise.</summary>
    public static TablePreparedReader OpenText(string path, Preprocessing preprocessing, bool requireTarget, DataOptions options)
    {
        string[] names = [.. preprocessing.Columns!.Select(column => column.Name), preprocessing.Target.Name];
        TextLayout layout = LayoutFinder.Find(path, options, names);
        ColumnMatch match = ColumnMatch.Find(path, preprocessing, layout.Names, layout.IsNamed, requireTarget);
        (NumberMarks marks, MissingWords words) = CellsOf(preprocessing, options);
        TableReader reader = new(path, layout, match.Readings(preprocessing, layout.ColumnCount, marks), words);
        return new TablePreparedReader(path, preprocessing, requireTarget, match, (reader.Read, reader))
        {
            _layoutNotes = layout.Notes,
            _cells = reader.Columns,
        };
    }

    /// <summary>How the cells of new data are written: as those of the training data were, unless the options say otherwise.</summary>
    public static (NumberMarks Marks, MissingWords Words) CellsOf(Preprocessing preprocessing, DataOptions options)
    {
        ReadingReport? stored = preprocessing.Reading;
        NumberMarks marks = NumberMarks.Specified(options with
        {
            DecimalMark = options.DecimalMark ?? stored?.DecimalMark,
            ThousandsMark = options.ThousandsMark ?? stored?.ThousandsMark,
        }) ?? NumberMarks.Plain;
        IReadOnlyList<string> known = preprocessing.Version == 1 ? s_firstVersionWords : stored?.MissingWords ?? [];
        return (marks, new MissingWords([.. known, .. options.MissingWords]));
    }

    /// <summary>Reads a table in memory.</summary>
    public static TablePreparedReader OpenTable(string location, ITable table, bool isNamed, Preprocessing preprocessing, bool requireTarget)
    {
        ColumnMatch match = ColumnMatch.Find(location, preprocessing, table.Names, isNamed, requireTarget);
        int start = 0;
        return new TablePreparedReader(location, preprocessing, requireTarget, match, (Next, null));

        Table? Next(int limit)
        {
            int count = Math.Min(limit, table.Count - start);
            start += count;
            return count == 0 ? null : table.Block(start - count, count);
        }
    }

    private protected override IEnumerable<DataNote> FindNotes() =>
        [.. _layoutNotes, .. _notes, .. TableNotes.OfNewCells(_cells), .. _novelties.Notes()];

    private protected override bool Fill(PreparedBlock block, long firstRow)
    {
        while (_next(BlockRows) is { } read)
        {
            Table table = RequireTarget ? WithTarget(read) : read;
            if (table.Count == 0)
                continue;
            CheckKinds(table);
            _encoder.Encode(table, block.Begin(table.Count, Preprocessing.FeatureWidth, firstRow, table.Lines));
            if (RequireTarget)
            {
                (int[]? labels, float[]? targets) = TargetReader.Encode(Location, Preprocessing, table.Columns[_match.Target], table.Lines);
                block.SetTarget(labels, targets);
            }

            return true;
        }

        return false;
    }

    private protected override void Dispose(bool disposing) => _owner?.Dispose();

    /// <summary>Refuses an array of texts where numbers were learned; files of text are read as numbers there.</summary>
    private void CheckKinds(Table table)
    {
        for (int i = 0; i < _match.Places.Length; i++)
        {
            if (Preprocessing.Columns![i] is NumericEncoding numeric && table.Columns[_match.Places[i]].Numbers is null)
            {
                throw new ThalwegException($"{Location}: column '{numeric.Name}': expected numbers as in the training data, got texts; "
                    + "give the columns that the model was trained on");
            }
        }
    }

    private Table WithTarget(Table table)
    {
        TableColumn target = table.Columns[_match.Target];
        if (target.Missing == 0)
            return table;
        SkippedRows += target.Missing;
        return table.WithRows([.. Enumerable.Range(0, table.Count).Where(row => !target.IsMissing(row))]);
    }
}
