namespace Thalweg.Data;

/// <summary>Reads the table of a text file: finds the kinds of its columns, then reads those again whose cells the kind changes.</summary>
internal sealed class TableLoader
{
    /// <summary>Different integers up to which a target is taken for classes.</summary>
    public const int MostIntegerClasses = 20;

    private readonly string _path;
    private readonly TextLayout _layout;
    private readonly DataOptions _options;
    private readonly MissingWords _missing;
    private readonly FindingBuilder[] _found;
    private readonly ColumnReading?[] _again;
    private ITable _table;

    private TableLoader(string path, TextLayout layout, DataOptions options)
    {
        (_path, _layout, _options) = (path, layout, options);
        _missing = new MissingWords(options.MissingWords);
        Roles = ColumnRoles.Find(path, layout.Names, options);
        bool isLarge = options.IsLarge(SourceFile.UnpackedLength(path));
        int[] asWritten = isLarge ? [] : [Roles.Target, .. Roles.Categorical];
        ColumnReading[] first = [.. layout.Names.Select((_, index) =>
            asWritten.Contains(index) ? ColumnReading.Find with { KeepsTexts = true } : ColumnReading.Find)];
        using TableReader reader = new(path, layout, first, _missing);
        _table = isLarge
            ? new SpilledTable(SpillFile.Write(path, layout.Names, reader.Read))
            : reader.Read(int.MaxValue) ?? throw new ThalwegException($"{path}: the file holds no data rows");
        _found = [.. reader.Columns.Cast<FindingBuilder>()];
        Facts = [.. _found.Select(column => column.Facts)];
        Kinds = [.. _found.Select(KindOf)];
        Marks = MarksFinder.Find(
            path, layout.Names, [.. Kinds.Select((kind, index) => kind == ColumnKind.Marked ? Facts[index] : null)],
            NumberMarks.Specified(options), options.ThousandsMark is not null);
        _again = [.. Enumerable.Range(0, layout.ColumnCount).Select(ReadingAgain)];
    }

    /// <summary>What the columns are wanted for.</summary>
    public ColumnRoles Roles { get; }

    /// <summary>What was found in each column.</summary>
    public ColumnFacts[] Facts { get; }

    /// <summary>What each column holds.</summary>
    public ColumnKind[] Kinds { get; }

    /// <summary>Words that the user names for missing values.</summary>
    public IReadOnlyList<string> Specified => _missing.Specified;

    /// <summary>How numbers are written.</summary>
    public NumberMarks Marks { get; }

    /// <summary>The rows.</summary>
    public ITable Table => _table;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="options">What is given rather than detected.</param>
    /// <exception cref="ThalwegException">A row or cell does not fit, or can be read in two ways.</exception>
    public static TableLoader Load(string path, TextLayout layout, DataOptions options)
    {
        TableLoader loader = new(path, layout, options);
        loader.ReadAgain();
        return loader;
    }

    /// <summary>The kind of a column, as far as it does not depend on others.</summary>
    private ColumnKind KindOf(FindingBuilder column, int index)
    {
        ColumnFacts facts = column.Facts;
        bool isUnclear = column.Kind == ColumnKind.Date && !DateOrders.TryChoose(facts.Orders, out _);

        // Words such as NA and None alone are texts: nothing says that they stand for numbers.
        bool areWordsAlone = column.Kind == ColumnKind.Number && facts.Numbers + facts.Infinite == 0
            && facts.Words.Keys.Any(word => !_missing.Specified.Contains(word));
        bool areNamed = (column.Kind == ColumnKind.Date && index == Roles.Target)
            || (column.Kind == ColumnKind.Marked && (Roles.Categorical.Contains(index) || Roles.Ignored.Contains(index)
                || (index == Roles.Target && _options.Task is { HasClasses: true })));
        return isUnclear || areWordsAlone || areNamed ? ColumnKind.Text : column.Kind;
    }

    /// <summary>How a column is to be read once more; null where what was read is right.</summary>
    private ColumnReading? ReadingAgain(int index)
    {
        FindingBuilder column = _found[index];
        bool areClasses = !_table.IsInMemory && (Roles.Categorical.Contains(index) || (index == Roles.Target && IsClasses(index)));
        return Kinds[index] switch
        {
            ColumnKind.Text => column.Kind != ColumnKind.Text || column.NeedsAgain
                ? ColumnReading.Texts with { AreNumbers = column.Kind != ColumnKind.Text && Facts[index].Numbers + Facts[index].Marked > 0 }
                : null,
            ColumnKind.Date => ColumnReading.Dates(DateOrders.TryChoose(Facts[index].Orders, out DateOrder order) ? order : default),
            _ when areClasses => ColumnReading.Texts with { AreNumbers = true },
            ColumnKind.Number when Marks.Decimal == '.' => null,
            _ => ColumnReading.Numbers(Marks) with { Reason = ReasonOfMarks() },
        };
    }

    private bool IsClasses(int index)
    {
        if (Kinds[index] != ColumnKind.Number || _options.Task is not null)
            return _options.Task is { HasClasses: true };
        TableColumn column = _table.Column(index);
        return column.Numbers!.All(value => double.IsNaN(value) || value == Math.Floor(value))
            && column.HasAtMost(MostIntegerClasses);
    }

    private string ReasonOfMarks()
    {
        int proof = Array.FindIndex(Facts, facts => facts.Proof is not null);
        bool isSpecified = _options.DecimalMark is not null || _options.ThousandsMark is not null;
        return $"with the decimal mark '{Marks.Decimal}' "
            + (isSpecified || proof < 0 ? "as given" : $"as in column '{_layout.Names[proof]}': {Facts[proof].Proof}");
    }

    private void ReadAgain()
    {
        int[] columns = [.. Enumerable.Range(0, _again.Length).Where(index => _again[index] is not null)];
        if (columns.Length == 0)
            return;
        using TableReader reader = new(_path, _layout, [.. _again.Select(reading => reading ?? ColumnReading.Skip)], _missing);
        if (_table is SpilledTable spilled)
        {
            spilled.File.Rewrite(columns, reader.Read);
        }
        else
        {
            Table first = (Table)_table, second = reader.Read(int.MaxValue)!;
            TableColumn[] merged = [.. first.Columns];
            foreach (int index in columns)
                merged[index] = second.Columns[index] with { AsWritten = first.Columns[index].AsWritten, HasMarks = true };
            _table = first with { Columns = merged };
        }

        foreach (int index in columns)
            TakeCounts(Facts[index], reader.Columns[index].Facts);
    }

    /// <summary>What counts as missing is what the last reading took for it.</summary>
    private static void TakeCounts(ColumnFacts facts, ColumnFacts last)
    {
        facts.Empty = last.Empty;
        facts.Words.Clear();
        foreach ((string word, long count) in last.Words)
            facts.Words[word] = count;
    }
}
