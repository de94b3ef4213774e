using Thalweg.Data;
using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>The data of a run as instruments look at them, once at its start: of large sets some rows, evenly chosen.</summary>
public sealed class InstrumentData
{
    private const int MostRows = 2048;
    private const long MostNumbers = 1 << 22;

    internal InstrumentData(Trainer trainer)
    {
        (Trainer, Training, Validation) = (trainer, trainer.TrainingData.Stream is null ? trainer.TrainingData.Data
            : null, trainer.ValidationData?.Data);
        if (Training is { } data)
        {
            Width = data.FeatureShape.Aggregate(1, (product, size) => product * size);
            int rows = (int)Math.Max(Math.Min(64, data.Count), Math.Min(Math.Min(MostRows, data.Count), MostNumbers / Math.Max(1, Width)));
            Rows = [.. Enumerable.Range(0, rows).Select(row => (int)((long)row * data.Count / rows))];
        }
    }

    /// <summary>The run.</summary>
    public Trainer Trainer { get; }

    /// <summary>The training data; null where they are a stream.</summary>
    public Dataset? Training { get; }

    /// <summary>The validation data; null for none.</summary>
    public Dataset? Validation { get; }

    /// <summary>Numbers of the first input of a sample.</summary>
    public int Width { get; }

    /// <summary>The training samples that are looked at.</summary>
    public IReadOnlyList<int> Rows { get; } = [];

    /// <summary>Whether samples have one class each.</summary>
    public bool HasClasses => Training is { HasTargets: true } data && data.Task.HasClasses && data.Task.Targets.Count == 1
        && data.ClassNames.Count > 0;

    /// <summary>Numbers of the first input of the rows that are looked at, row after row.</summary>
    public double[] Features => field ??= Gather();

    /// <summary>Classes of the rows that are looked at.</summary>
    public int[] Labels => field ??= LabelsOf(Training!, [.. Rows]);

    /// <summary>Classes of all samples of a data set.</summary>
    /// <param name="data">The data.</param>
    internal static int[] AllLabels(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return LabelsOf(data, [.. Enumerable.Range(0, data.Count)]);
    }

    private static int[] LabelsOf(Dataset data, int[] samples)
    {
        int[] labels = new int[samples.Length];
        data.GatherLabels(samples, labels);
        return labels;
    }

    private double[] Gather()
    {
        double[] features = new double[(long)Rows.Count * Width];
        Training!.Gather<double>([.. Rows], features);
        return features;
    }
}

/// <summary>An instrument that looks at the data once, at the start of a run.</summary>
public abstract record DataInstrument : Instrument
{
    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Data;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Data;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run) => default;

    /// <summary>Why the data cannot be looked at in this way, in one line; null (default) where they can.</summary>
    /// <param name="data">The data.</param>
    protected virtual string? Unfit(InstrumentData data) => null;

    /// <summary>Looks at data that fit.</summary>
    /// <param name="moment">The start of the run.</param>
    /// <param name="data">The data.</param>
    protected abstract void Look(InstrumentMoment moment, InstrumentData data);

    /// <inheritdoc/>
    public sealed override void MeasureData(InstrumentMoment moment, InstrumentData data)
    {
        ArgumentNullException.ThrowIfNull(moment);
        ArgumentNullException.ThrowIfNull(data);
        string? reason = data.Training is null ? "the training data are a stream, which cannot be gone through beforehand" : Unfit(data);
        if (reason is null)
            Look(moment, data);
        else
            moment.Read(InstrumentReading.Off, double.NaN, note: reason);
    }

    private protected static string? WithoutClasses(InstrumentData data) => data.HasClasses ? null : "the samples have no classes";
}
