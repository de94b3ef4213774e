using System.Globalization;
using Thalweg.Data;
using Thalweg.Runs;

namespace Thalweg.Storage;

/// <summary>A row of the table of runs.</summary>
internal sealed class RunRow
{
    public long Id { get; init; }

    public string Host { get; init; } = "";

    public string Folder { get; init; } = "";

    public string? Name { get; init; }

    public string? Note { get; init; }

    public string Status { get; init; } = "";

    public string Started { get; init; } = "";

    public double Seconds { get; init; }

    public int CompletedEpochs { get; init; }

    public RunSummary ToSummary(IEnumerable<ValueRow> values, IReadOnlyList<string> tags)
    {
        Dictionary<string, string> settings = [];
        Dictionary<string, double> metrics = [];
        foreach (ValueRow value in values)
        {
            if (value.Kind == 0)
                settings[value.Key] = value.Text;
            else
                metrics[value.Key] = value.Number ?? double.Parse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        return new RunSummary
        {
            Folder = Folder,
            Host = Host,
            Name = Name,
            Tags = tags,
            Note = Note,
            Status = Status,
            Started = Started,
            Seconds = Seconds,
            CompletedEpochs = CompletedEpochs,
            Settings = settings,
            Metrics = metrics,
        };
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
