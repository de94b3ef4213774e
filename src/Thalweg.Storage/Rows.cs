using System.Data;
using System.Globalization;
using Thalweg.Data;
using Thalweg.Runs;

namespace Thalweg.Storage;

/// <summary>A row of the table of runs, with the values that go with it.</summary>
internal sealed class RunRow
{
    private const int Columns = 9;

    private readonly RunSummary _run;
    private readonly Dictionary<string, string> _settings = [];
    private readonly Dictionary<string, double> _metrics = [];

    /// <param name="reader">At the row: its columns, then those of each field (<see cref="SqlFilter.Select"/>).</param>
    /// <param name="fields">The fields.</param>
    public RunRow(IDataRecord reader, IReadOnlyList<RunField> fields)
    {
        Id = reader.GetInt64(0);
        _run = new RunSummary
        {
            Host = reader.GetString(1),
            Folder = reader.GetString(2),
            Name = reader.IsDBNull(3) ? null : reader.GetString(3),
            Note = reader.IsDBNull(4) ? null : reader.GetString(4),
            Status = reader.GetString(5),
            Started = reader.GetString(6),
            Seconds = reader.GetDouble(7),
            CompletedEpochs = reader.GetInt32(8),
        };
        int column = Columns;
        foreach (RunField field in fields)
            column = field.Kind == RunFieldKind.Setting ? ReadSetting(reader, column, field.Key) : ReadMetric(reader, column, field.Key);
    }

    public long Id { get; }

    public List<string> Tags { get; } = [];

    public void Add(int kind, string key, string text, double? number)
    {
        if (kind == 0)
            _settings[key] = text;
        else
            _metrics[key] = number ?? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    public RunSummary ToSummary() => _run with { Tags = Tags, Settings = _settings, Metrics = _metrics };

    private int ReadSetting(IDataRecord reader, int column, string key)
    {
        if (!reader.IsDBNull(column))
            _settings[key] = reader.GetString(column);
        return column + 1;
    }

    private int ReadMetric(IDataRecord reader, int column, string key)
    {
        if (!reader.IsDBNull(column))
            _metrics[key] = reader.GetDouble(column);
        else if (!reader.IsDBNull(column + 1))
            Add(kind: 1, key, reader.GetString(column + 1), number: null);
        return column + 2;
    }
}

/// <summary>A row of the table of settings and figures.</summary>
internal sealed class ValueRow
{
    public long RunId { get; init; }

    public int Kind { get; init; }

    public string Key { get; init; } = "";

    public string Text { get; init; } = "";

    public double? Number { get; init; }
}

/// <summary>A row of the table of tags.</summary>
internal sealed class TagRow
{
    public long RunId { get; init; }

    public string Tag { get; init; } = "";
}

/// <summary>A row of the ledger.</summary>
internal sealed class ReadRow
{
    public string Id { get; init; } = "";

    public int Samples { get; init; }

    public string Time { get; init; } = "";

    public string Reason { get; init; } = "";

    public string? Run { get; init; }

    public string? Model { get; init; }

    public string? Metric { get; init; }

    public double? Value { get; init; }

    public TestRead ToRead(int number, string fingerprint) =>
        new(number, Reason, DateTimeOffset.Parse(Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal))
        {
            Id = Id,
            Fingerprint = fingerprint,
            Samples = Samples,
            Run = Run,
            Model = Model,
            Metric = Metric,
            Value = Value,
        };
}
