using System.Globalization;

namespace Thalweg.Data;

/// <summary>A table in memory: from a text file, from arrays of numbers, or points drawn by the project.</summary>
internal sealed class TableSource : DataSource
{
    private const int MostDistinct = 10_000;
    private readonly Table _table;
    private readonly TableOrigin _origin;
    private readonly int _target;
    private readonly int[] _ignored;
    private readonly TargetFitter _fitter;
    private readonly List<string> _notes = [];

    /// <summary>Prepares a table for training.</summary>
    /// <param name="name">Name or path.</param>
    /// <param name="table">The rows, target included.</param>
    /// <param name="origin">Where they come from.</param>
    /// <param name="options">Target, task and columns to leave out.</param>
    public TableSource(string name, Table table, TableOrigin origin, DataOptions options)
        : base(name)
    {
        _origin = origin;
        string[] names = table.Names;
        if (names.Length < 2)
            throw new ThalwegException($"{name}: expected at least two columns, features and a target; found {names.Length}");
        _target = ColumnFinder.Find(name, "target", options.Target ?? "-1", names);
        _ignored = [.. options.IgnoredColumns.Select(column => ColumnFinder.Find(name, "ignored", column, names))];
        if (_ignored.Contains(_target))
            throw new ThalwegException($"{name}: column '{names[_target]}' is the target and cannot be ignored");

        TableColumn[] columns = [.. table.Columns];
        foreach (string reference in options.CategoricalColumns)
        {
            int index = ColumnFinder.Find(name, "categorical", reference, names);
            columns[index] = columns[index].AsCategories();
        }

        _table = KeepRowsWithTarget(name, table with { Columns = columns });
        _fitter = new TargetFitter(name, _table.Columns[_target], _target, options.Task, origin.ClassNames);
    }

    public override int Count => _table.Count;

    public override bool HasSeparateTest => _origin.TestPath is not null || _origin.TestTable is not null;

    public override DataDescription Describe() => new()
    {
        Name = Name,
        Kind = _origin.Kind,
        Rows = Count,
        TestRows = _origin.TestTable?.Count ?? 0,
        Target = _table.Columns[_target].Name,
        Task = _fitter.Task,
        Columns = [.. _table.Columns.Select(Describe)],
        Classes = _fitter.DescribeClasses(),
        Notes = [.. _notes],
    };

    public override DataSplit Split(SplitOptions? options = null)
    {
        Splitter.Parts parts = Splitter.Split(Name, Count, _fitter.Labels, options ?? new SplitOptions(), HasSeparateTest);
        List<string> notes = [.. _notes];
        Preprocessing preprocessing = Fit(parts.Training, notes);
        long size = (long)Count * preprocessing.FeatureWidth;
        if (size > Array.MaxLength)
            throw new ThalwegException($"{Name}: {Count} rows of {preprocessing.FeatureWidth} features are more than fit into memory "
                + "at once; ignore wide columns or take fewer rows");

        float[] features = new float[size];
        new TableEncoder(preprocessing, [.. preprocessing.Columns!.Select(column => column.Index)]).Encode(_table, features);
        Dataset all = new(
            new FloatFeatures(features, preprocessing.FeatureWidth), Dataset.AllRows(Count), preprocessing.Meaning,
            _fitter.Labels, _fitter.Targets(preprocessing.Target));
        Dataset? test = HasSeparateTest ? ReadTest(preprocessing, notes) : parts.Test.Length > 0 ? all.WithRows(parts.Test) : null;
        return new DataSplit(
            preprocessing, new TrainingSet(all.WithRows(parts.Training)), new ValidationSet(all.WithRows(parts.Validation)),
            test is null ? null : new TestSet(test), notes);
    }

    public override void WriteCsv(TextWriter writer, ReadOnlySpan<int> rows) => DataWriter.WriteTable(writer, _table, rows);

    internal override PreparedReader OpenReader(Preprocessing preprocessing, bool requireTarget) =>
        TablePreparedReader.OpenTable(Name, _origin.TestTable ?? _table, _origin.IsNamed, preprocessing, requireTarget);

    private Preprocessing Fit(int[] trainingRows, List<string> notes)
    {
        TableFitter fitter = new(_table, trainingRows, notes);
        List<ColumnEncoding> columns = [];
        for (int i = 0; i < _table.Columns.Length; i++)
        {
            if (i == _target)
                continue;
            columns.Add(_ignored.Contains(i) ? new DroppedColumn(_table.Columns[i].Name, i, "left out as asked") : fitter.Fit(i));
        }

        int width = columns.Sum(column => column.FeatureNames.Count);
        if (width == 0)
            throw new ThalwegException($"{Name}: no column is left to learn from: "
                + $"{string.Join("; ", columns.OfType<DroppedColumn>().Take(10).Select(column => $"'{column.Name}' {column.Reason}"))}");
        return new Preprocessing
        {
            Task = _fitter.Task,
            FeatureShape = [width],
            Target = _fitter.Fit(Name, trainingRows),
            Columns = columns,
            HasColumnNames = _origin.IsNamed,
        };
    }

    private Dataset ReadTest(Preprocessing preprocessing, List<string> notes)
    {
        using PreparedReader reader = _origin.TestTable is { } table
            ? TablePreparedReader.OpenTable($"{Name} (test)", table, _origin.IsNamed, preprocessing, requireTarget: true)
            : PreparedReader.Open(_origin.TestPath!, preprocessing, requireTarget: true, _origin.TestOptions);
        Dataset test = reader.ReadAll();
        if (reader.SkippedRows > 0)
            notes.Add($"{reader.SkippedRows} test rows without a target left out");
        return test;
    }

    private Table KeepRowsWithTarget(string name, Table table)
    {
        TableColumn target = table.Columns[_target];
        foreach (TableColumn column in table.Columns)
        {
            if (column.Missing > 0 && column != target)
                _notes.Add($"column '{column.Name}': {column.Missing} of {table.Count} values are missing");
        }

        if (target.Missing == 0)
            return table;
        if (target.Missing == table.Count)
            throw new ThalwegException($"{name}: the target column '{target.Name}' has no values; choose another target");
        _notes.Add($"{target.Missing} of {table.Count} rows without a target left out");
        return table.WithRows([.. Enumerable.Range(0, table.Count).Where(row => !target.IsMissing(row))]);
    }

    private ColumnDescription Describe(TableColumn column, int index)
    {
        string role = index == _target ? "target"
            : _ignored.Contains(index) ? "ignored"
            : column.Numbers is null ? "categorical" : "numeric";
        string summary = column.Numbers is { } numbers ? DescribeRange(numbers) : DescribeFrequent(column);
        return new ColumnDescription(index, column.Name, role, column.Missing, column.CountDistinct(MostDistinct), summary);
    }

    private static string DescribeRange(double[] numbers)
    {
        double[] present = [.. numbers.Where(double.IsFinite)];
        return present.Length == 0 ? "no values" : string.Create(CultureInfo.InvariantCulture, $"{present.Min():g6} to {present.Max():g6}");
    }

    private static string DescribeFrequent(TableColumn column)
    {
        IEnumerable<KeyValuePair<int, int>> frequent = column.Codes!.Where(code => code >= 0).CountBy(code => code)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(3);
        return string.Join(", ", frequent.Select(pair => $"{column.Categories[pair.Key]} ({pair.Value})"));
    }
}

/// <summary>Where a table comes from.</summary>
/// <param name="Kind">Kind in words.</param>
/// <param name="IsNamed">Whether its columns have names of their own.</param>
internal sealed record TableOrigin(string Kind, bool IsNamed)
{
    /// <summary>Names of classes 0, 1, ... where the file gives them.</summary>
    public string[]? ClassNames { get; init; }

    /// <summary>File with separate test data.</summary>
    public string? TestPath { get; init; }

    /// <summary>How that file is to be read.</summary>
    public DataOptions? TestOptions { get; init; }

    /// <summary>Separate test data in memory.</summary>
    public Table? TestTable { get; init; }
}
