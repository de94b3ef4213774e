using System.Globalization;
using System.Runtime.InteropServices;
using Thalweg.Scratch;

namespace Thalweg.Data;

/// <summary>A table: from a text file, from arrays of numbers, or points drawn by the project.</summary>
internal sealed class TableSource : DataSource
{
    private const int MostDistinct = 10_000;

    /// <summary>Features that are encoded in one go on their way into a file: 4 MiB.</summary>
    private const int NumbersAtOnce = 1 << 20;

    private readonly ITable _table;
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
    public TableSource(string name, ITable table, TableOrigin origin, DataOptions options)
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

        int[] categorical = [.. options.CategoricalColumns.Select(column => ColumnFinder.Find(name, "categorical", column, names))];
        _table = KeepRowsWithTarget(name, table.WithCategories(categorical));
        _fitter = new TargetFitter(name, _table.Column(_target), _target, options.Task, origin.ClassNames);
    }

    public override int Count => _table.Count;

    public override bool HasSeparateTest => _origin.TestPath is not null || _origin.TestTable is not null;

    public override DataDescription Describe() => new()
    {
        Name = Name,
        Kind = _origin.Kind,
        Rows = Count,
        TestRows = _origin.TestTable?.Count ?? 0,
        Target = _table.Names[_target],
        Task = _fitter.Task,
        Columns = [.. Enumerable.Range(0, _table.Names.Length).Select(index => Describe(_table.Column(index), index))],
        Classes = _fitter.DescribeClasses(),
        Notes = [.. _notes],
    };

    public override DataSplit Split(SplitOptions? options = null)
    {
        Splitter.Parts parts = Splitter.Split(Name, Count, _fitter.Labels, options ?? new SplitOptions(), HasSeparateTest);
        List<string> notes = [.. _notes];
        Preprocessing preprocessing = Fit(parts.Training, notes);
        Dataset all = new(
            Encode(preprocessing), Dataset.AllRows(Count), preprocessing.Meaning,
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
        string[] names = _table.Names;
        for (int i = 0; i < names.Length; i++)
        {
            if (i == _target)
                continue;
            columns.Add(_ignored.Contains(i) ? new DroppedColumn(names[i], i, "left out as asked") : fitter.Fit(i));
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

    /// <summary>The features of all rows: in memory, or in a temporary file where the rows lie in one.</summary>
    private FeatureStore Encode(Preprocessing preprocessing)
    {
        int width = preprocessing.FeatureWidth;
        TableEncoder encoder = new(preprocessing, [.. preprocessing.Columns!.Select(column => column.Index)]);
        if (_table.IsInMemory && (long)Count * width <= Array.MaxLength)
        {
            float[] features = new float[Count * width];
            encoder.Encode(_table.Block(0, Count), features);
            return new FloatFeatures(features, width);
        }

        ScratchFile file = ScratchFile.Create();
        int rows = Math.Max(1, NumbersAtOnce / width);
        float[] block = new float[rows * width];
        for (int start = 0; start < Count; start += rows)
        {
            int count = Math.Min(rows, Count - start);
            encoder.Encode(_table.Block(start, count), block);
            file.Append(MemoryMarshal.AsBytes(block.AsSpan(0, count * width)));
        }

        return new MappedFeatures(new MappedArray(MappedFile.Open(Name, file), 0, NumberFormat.Single, width), Count);
    }

    private Dataset ReadTest(Preprocessing preprocessing, List<string> notes)
    {
        using PreparedReader reader = _origin.TestTable is { } table
            ? TablePreparedReader.OpenTable($"{Name} (test)", table, _origin.IsNamed, preprocessing, requireTarget: true)
            : SourceOpener.OpenReader(_origin.TestPath!, preprocessing, requireTarget: true, _origin.TestOptions ?? new DataOptions());
        Dataset test = reader.ReadAll();
        if (reader.SkippedRows > 0)
            notes.Add($"{reader.SkippedRows} test rows without a target left out");
        return test;
    }

    private ITable KeepRowsWithTarget(string name, ITable table)
    {
        string[] names = table.Names;
        for (int index = 0; index < names.Length; index++)
        {
            if (index != _target && table.Missing(index) is > 0 and int missing)
                _notes.Add($"column '{names[index]}': {missing} of {table.Count} values are missing");
        }

        if (table.Missing(_target) == 0)
            return table;
        TableColumn target = table.Column(_target);

        if (target.Missing == table.Count)
            throw new ThalwegException($"{name}: the target column '{target.Name}' has no values; choose another target");
        _notes.Add($"{target.Missing} of {table.Count} rows without a target left out");
        return table.Select([.. Enumerable.Range(0, table.Count).Where(row => !target.IsMissing(row))]);
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
            .OrderByDescending(pair => pair.Value).ThenBy(pair => column.Categories[pair.Key], StringComparer.Ordinal).Take(3);
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

    /// <summary>Separate test data that is open already.</summary>
    public ITable? TestTable { get; init; }
}
