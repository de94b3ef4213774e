using System.Text.Json;
using System.Text.Json.Serialization;
using Thalweg.Checkpoints;
using Thalweg.Metrics;

namespace Thalweg.Runs;

/// <summary>What a cross-validation found.</summary>
public sealed class CrossValidationResult
{
    /// <summary>Name of the file with the figures, in the folder of the cross-validation.</summary>
    public const string FileName = "cross-validation.json";

    internal CrossValidationResult(RunFolder folder, IReadOnlyList<FoldResult> folds, int planned)
    {
        (Folder, Folds, Planned) = (folder, folds, planned);
        Metrics = [.. NamesOf(folds).Select(MetricOf)];
    }

    /// <summary>Where the runs lie.</summary>
    public RunFolder Folder { get; }

    /// <summary>The runs that came to their end.</summary>
    public IReadOnlyList<FoldResult> Folds { get; }

    /// <summary>Runs that there were to be; more than <see cref="Folds"/> after an interruption.</summary>
    public int Planned { get; }

    /// <summary>The figures over the folds; empty where networks have several outputs.</summary>
    public IReadOnlyList<FoldMetric> Metrics { get; }

    /// <summary>Median over the folds of the number of epochs after which the weights were kept: what <see cref="Refit"/> trains
    /// for.</summary>
    public int ChosenEpochs => Folds.Count == 0 ? 0
        : (int)Math.Round(Median([.. Folds.Select(fold => (double)((fold.Result.Kept?.Epoch ?? -1) + 1)).Order()]));

    /// <summary>Writes the figures, whole or not at all.</summary>
    internal void Save()
    {
        CrossValidationRecord record = new()
        {
            Planned = Planned,
            ChosenEpochs = ChosenEpochs,
            Metrics = Metrics,
            Folds = [.. Folds.Select(fold => new FoldRecord(
                fold.Repeat, fold.Fold, Path.GetFileName(fold.Result.Folder.Location), (fold.Result.Kept?.Epoch ?? -1) + 1,
                fold.TrainingSamples, fold.ValidationSamples))],
        };
        RunFolder.Create(Folder.Location);
        AtomicFile.Write(
            Path.Combine(Folder.Location, FileName),
            stream => JsonSerializer.Serialize(stream, record, CrossValidationJson.Default.CrossValidationRecord));
    }

    private static IEnumerable<string> NamesOf(IReadOnlyList<FoldResult> folds) =>
        folds.Count == 0 || folds.Any(fold => fold.Result.ValidationReport is null)
            ? []
            : folds[0].Result.ValidationReport!.Metrics.Select(metric => metric.Name);

    private FoldMetric MetricOf(string name)
    {
        MetricEstimate[] each = [.. Folds.Select(fold => fold.Result.ValidationReport!.Find(name)!)];
        double[] values = [.. each.Select(metric => metric.Value)];
        double mean = values.Average();
        double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
        double share = Folds.Average(fold => (double)fold.ValidationSamples / fold.TrainingSamples);
        return new FoldMetric(
            name, mean, values.Length > 1 ? deviation : double.NaN, each.Average(metric => metric.Trivial),
            Intervals.OfFolds(values, share), values);
    }

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}

/// <summary>The file of a cross-validation.</summary>
internal sealed record CrossValidationRecord
{
    public int FormatVersion { get; init; } = 1;

    public required int Planned { get; init; }

    public required int ChosenEpochs { get; init; }

    public required IReadOnlyList<FoldMetric> Metrics { get; init; }

    public required IReadOnlyList<FoldRecord> Folds { get; init; }
}

/// <summary>A run in the file of a cross-validation.</summary>
internal sealed record FoldRecord(int Repeat, int Fold, string Folder, int Epochs, int TrainingSamples, int ValidationSamples);

/// <summary>The JSON code of the file, generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(CrossValidationRecord))]
internal sealed partial class CrossValidationJson : JsonSerializerContext;
