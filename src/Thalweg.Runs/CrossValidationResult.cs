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
        : (int)Math.Round(Median([.. Folds.Select(fold => (double)((fold.Kept?.Epoch ?? -1) + 1)).Order()]));

    /// <summary>Writes the recipe and the figures, each whole or not at all.</summary>
    internal void Save(Recipe recipe)
    {
        CrossValidationRecord record = new()
        {
            Planned = Planned,
            ChosenEpochs = ChosenEpochs,
            Metrics = Metrics,
            Folds = [.. Folds.Select(fold => new FoldRecord(
                fold.Repeat, fold.Fold, Path.GetFileName(fold.Folder.Location), (fold.Kept?.Epoch ?? -1) + 1,
                fold.TrainingSamples, fold.ValidationSamples))],
        };
        Folder.SaveRecipe(recipe);
        AtomicFile.Write(
            Path.Combine(Folder.Location, FileName),
            stream => JsonSerializer.Serialize(stream, record, CrossValidationJson.Default.CrossValidationRecord));
    }

    private static IEnumerable<string> NamesOf(IReadOnlyList<FoldResult> folds) =>
        folds.Count == 0 || folds.Any(fold => fold.ValidationReport is null)
            ? []
            : folds[0].ValidationReport!.Metrics.Select(metric => metric.Name);

    private FoldMetric MetricOf(string name)
    {
        MetricEstimate[] each = [.. Folds.Select(fold => fold.ValidationReport!.Find(name)!)];
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
    private const int Version = 1;

    public int FormatVersion { get; init; } = Version;

    public required int Planned { get; init; }

    public required int ChosenEpochs { get; init; }

    public required IReadOnlyList<FoldMetric> Metrics { get; init; }

    public required IReadOnlyList<FoldRecord> Folds { get; init; }

    /// <summary>Reads the file.</summary>
    /// <param name="folder">Folder of the cross-validation.</param>
    /// <exception cref="ThalwegException">It is missing, damaged or of a newer version.</exception>
    public static CrossValidationRecord Load(string folder)
    {
        string path = Path.Combine(folder, CrossValidationResult.FileName);
        try
        {
            CrossValidationRecord record = JsonSerializer.Deserialize(File.ReadAllBytes(path), CrossValidationJson.Default.CrossValidationRecord)
                ?? throw new JsonException("expected an object, got null");
            return record.FormatVersion <= Version ? record : throw new ThalwegException(
                $"{path}: expected a record of version {Version}, found a newer one; update Thalweg to read it");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            throw new ThalwegException($"{path}: not the record of a cross-validation ({error.Message.ReplaceLineEndings(" ")}); give its folder, "
                + "or start it again with RunOptions.Replaces", error);
        }
    }
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
