using System.Runtime.InteropServices;
using Thalweg.TemporaryFiles;

namespace Thalweg.Data;

/// <summary>A table: from a text file, from arrays of numbers, or points drawn by the project.</summary>
internal sealed class TableSource : DataSource
{
    /// <summary>Features that are encoded in one continue their way into a file: 4 MiB.</summary>
    private const int NumbersAtOnce = 1 << 20;

    private readonly ITable _table;
    private readonly TableOrigin _origin;
    private readonly ColumnRoles _roles;
    private readonly TargetFitter _fitter;
    private readonly bool _isStrict, _checksLeakage;
    private readonly NoteList _notes = new();
    private readonly Lazy<ReadingReport> _reading;
    private int _rowsWithoutTarget;

    /// <summary>Prepares a table for training.</summary>
    /// <param name="name">Name or path.</param>
    /// <param name="table">The rows, target included.</param>
    /// <param name="origin">Where they come from.</param>
    /// <param name="options">Target, task and columns to leave out.</param>
    public TableSource(string name, ITable table, TableOrigin origin, DataOptions options)
        : base(name)
    {
        _origin = origin;
        (_isStrict, _checksLeakage) = (options.Strict, options.ChecksLeakage);
        _roles = ColumnRoles.Find(name, table.Names, options);
        _notes.AddRange(origin.Reading.Notes);
        AddInfinite(table);
        _table = KeepRowsWithTarget(name, table.WithCategories([.. _roles.Categorical]));
        _fitter = new TargetFitter(name, _table.Column(_roles.Target), _roles.Target, options.Task, origin.ClassNames)
        {
            Standardizes = options.StandardizeTarget,
        };
        CheckStrict(_notes);
        _reading = new Lazy<ReadingReport>(() => FitColumns(AllRows()).Reading);
    }

    public override int Count => _table.Count;

    public override bool HasSeparateTest => _origin.TestPath is not null || _origin.TestTable is not null;

    public override ReadingReport Reading => _reading.Value;

    public override DataDescription Describe() => new()
    {
        Name = Name,
        Kind = _origin.Reading.Format,
        Rows = Count,
        TestRows = _origin.TestTable?.Count ?? 0,
        RowsWithoutTarget = _rowsWithoutTarget,
        Target = _table.Names[_roles.Target],
        Task = _fitter.Task,
        Columns = new ColumnDescriptions(_table, _roles),
        Classes = _fitter.DescribeClasses(),
        Reading = Reading,
    };

    public override DataSplit Split(SplitOptions? options = null)
    {
        SplitOptions how = options ?? new SplitOptions();
        bool isSeparate = HasSeparateTest && how.UseSeparateTest;
        SplitParts parts = Splitter.Split(SplitColumns.Of(Name, _table, _roles, _fitter.Labels) with
        {
            IsTestGiven = isSeparate,
            IsValidationGiven = _origin.ValidationPath is not null,
        }, how);
        Preprocessing preprocessing = Fit(parts.Training);
        Dataset all = new(
            Encode(preprocessing), Dataset.AllRows(Count), preprocessing,
            _fitter.Labels, _fitter.Targets(preprocessing.Target));
        all = _roles.Weight < 0 ? all : all.WithWeights(Weights());
        List<DataNote> notes = [];
        Dataset validation = _origin.ValidationPath is { } path
            ? Read(
                FormatDetector.OpenReader(path, preprocessing, requireTarget: true, _origin.TestOptions ?? new DataOptions()),
                "validation", notes)
            : all.WithRows(parts.Validation);
        Dataset? test = isSeparate ? ReadTest(preprocessing, notes) : parts.Test.Length > 0 ? all.WithRows(parts.Test) : null;
        Dataset training = all.WithRows(parts.Training);
        if (_checksLeakage)
        {
            DataNote[] found =
            [
                .. LeakageCheck.OfRows(training, validation, test),
                .. ColumnLeakage.Of(_table, _roles, _fitter, (parts, preprocessing)),
            ];
            CheckStrict(found);
            notes.AddRange(found);
        }

        return new DataSplit(
            preprocessing, new TrainingSet(training), new ValidationSet(validation),
            test is null ? null : new TestSet(test, () => Fingerprint(isSeparate ? null : parts.Test)),
            [.. preprocessing.Reading!.Notes, .. notes])
        {
            Holdout = parts.Holdout is { } holdout ? new ValidationSet(all.WithRows(holdout)) : null,
        };
    }

    public override void WriteCsv(TextWriter writer, ReadOnlySpan<int> rows) => DataWriter.WriteTable(writer, _table, rows);

    internal override PreparedReader OpenReader(Preprocessing preprocessing, bool requireTarget) =>
        TablePreparedReader.OpenTable(Name, _origin.TestTable ?? _table, _origin.IsNamed, preprocessing, requireTarget);

    internal override string FingerprintOfNew() => RowFingerprint.OfTable(_origin.TestTable ?? _table);

    /// <summary>Fingerprint of some rows; null for the separate test data.</summary>
    private string Fingerprint(int[]? rows) =>
        rows is not null ? RowFingerprint.OfTable(_table.Select(rows))
        : _origin.TestTable is { } table ? RowFingerprint.OfTable(table)
        : RowFingerprint.OfData(_origin.TestPath!, _origin.TestOptions ?? new DataOptions());

    private Preprocessing Fit(int[] trainingRows)
    {
        (ReadingReport reading, IReadOnlyList<ColumnEncoding> columns) = FitColumns(trainingRows);
        int width = columns.Sum(column => column.FeatureNames.Count);
        if (width == 0)
        {
            throw new ThalwegException($"{Name}: no column is left to learn from: "
                + $"{string.Join("; ", columns.OfType<DroppedColumn>().Take(10).Select(column => $"'{column.Name}' {column.Reason}"))}");
        }

        return new Preprocessing
        {
            Task = _fitter.Task,
            FeatureShape = [width],
            Target = _fitter.Fit(Name, trainingRows),
            Columns = columns,
            HasColumnNames = _origin.IsNamed,
            Reading = reading,
        };
    }

    /// <summary>Fits the columns to some rows, and says what that makes of the reading.</summary>
    private (ReadingReport Reading, IReadOnlyList<ColumnEncoding> Columns) FitColumns(int[] rows)
    {
        NoteList notes = new();
        notes.AddRange(_notes.ToList());
        TableFitter fitter = new(_table, rows, notes);
        List<ColumnEncoding> columns = [];
        string[] names = _table.Names;
        fitter.Measure([.. Enumerable.Range(0, names.Length)
            .Where(i => i != _roles.Target && i != _roles.Weight && i != _roles.Group && !_roles.Ignored.Contains(i))]);
        for (int i = 0; i < names.Length; i++)
        {
            if (i == _roles.Target)
                continue;
            columns.Add(_roles.Ignored.Contains(i) ? new DroppedColumn(names[i], i, "left out as asked")
                : i == _roles.Group ? new DroppedColumn(names[i], i, "the group of the rows, which stays in one part") { Kind = "group" }
                : i == _roles.Weight ? new DroppedColumn(names[i], i, "the weight of the samples") { Kind = "weight" }
                : fitter.Fit(i));
        }

        CheckStrict(notes);
        ReadingReport reading = _origin.Reading with
        {
            Rows = Count,
            Columns = ColumnReports.Of(_table, columns, _origin.Facts),
            Notes = notes.ToList(),
        };
        return (reading, columns);
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

        TemporaryFile file = TemporaryFile.Create();
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

    /// <summary>The weights of all rows.</summary>
    private float[] Weights()
    {
        TableColumn column = _table.Column(_roles.Weight);
        return column.Numbers is not null && column.Missing == 0
            ? [.. column.Numbers.Select(number => (float)number)]
            : throw new ThalwegException(
                $"{Name}: expected a number of 0 or more in each row of '{column.Name}', the weight of the samples, got "
                + $" {(column.Numbers is null ? "texts" : $"{column.Missing} missing values")}; fill them in, or choose another column");
    }

    private Dataset ReadTest(Preprocessing preprocessing, List<DataNote> notes)
    {
        return Read(
            _origin.TestTable is { } table
                ? TablePreparedReader.OpenTable($"{Name} (test)", table, _origin.IsNamed, preprocessing, requireTarget: true)
                : FormatDetector.OpenReader(
                    _origin.TestPath!, preprocessing, requireTarget: true, _origin.TestOptions ?? new DataOptions()),
            "test", notes);
    }

    private static Dataset Read(PreparedReader reader, string part, List<DataNote> notes)
    {
        using (reader)
        {
            Dataset data = reader.ReadAll();
            notes.AddRange(reader.Notes.Select(note => note with { Text = $"{part} data: {note.Text}" }));
            return data;
        }
    }

    private ITable KeepRowsWithTarget(string name, ITable table)
    {
        if (table.Missing(_roles.Target) == 0)
            return table;
        TableColumn target = table.Column(_roles.Target);
        if (target.Missing == table.Count)
            throw new ThalwegException($"{name}: the target column '{target.Name}' has no values; choose another target");
        _rowsWithoutTarget = target.Missing;
        _notes.Add(new DataNote(
            "skipped", $"{target.Missing} of {table.Count} rows without a target left out", nameof(DataOptions.Target)));
        return table.Select([.. Enumerable.Range(0, table.Count).Where(row => !target.IsMissing(row))]);
    }

    /// <summary>Tells of infinite values in arrays; those of texts are known from the reading.</summary>
    private void AddInfinite(ITable table)
    {
        for (int i = 0; _origin.Facts is null && i < table.Names.Length; i++)
        {
            if (table.Infinite(i) is > 0 and int count)
                TableNotes.AddInfinite(_notes, table.Names[i], count, "");
        }
    }

    private void CheckStrict(NoteList notes) => CheckStrict(notes.ToList());

    private void CheckStrict(IReadOnlyList<DataNote> notes)
    {
        if (_isStrict)
            StrictReading.Check(Name, notes);
    }
}

/// <summary>Where a table comes from.</summary>
/// <param name="Reading">How it was read; without columns.</param>
/// <param name="IsNamed">Whether its columns have names of their own.</param>
internal sealed record TableOrigin(ReadingReport Reading, bool IsNamed)
{
    /// <summary>What was found in the cells of each column of a text; null elsewhere.</summary>
    public IReadOnlyList<ColumnFacts>? Facts { get; init; }

    /// <summary>Names of classes 0, 1, ... where the file gives them.</summary>
    public string[]? ClassNames { get; init; }

    /// <summary>File with separate test data.</summary>
    public string? TestPath { get; init; }

    /// <summary>File with separate validation data.</summary>
    public string? ValidationPath { get; init; }

    /// <summary>How that file is to be read.</summary>
    public DataOptions? TestOptions { get; init; }

    /// <summary>Separate test data that is open already.</summary>
    public ITable? TestTable { get; init; }
}
