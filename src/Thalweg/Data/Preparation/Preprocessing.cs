using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thalweg.Data;

/// <summary>Turns raw rows into the features a network was trained on; fitted to training rows alone, and part of the model file.</summary>
/// <remarks>Immutable. Either <see cref="Columns"/> (tables) or <see cref="Image"/> (images and other arrays) is set.</remarks>
public sealed partial record Preprocessing
{
    /// <summary>Version of the stored form that is written.</summary>
    internal const int LatestVersion = 2;

    /// <summary>Version of the stored form: 2, or 1 for models of Thalweg up to 0.1, in which categories that are numbers stand in
    /// their shortest form.</summary>
    public int Version { get; init; } = LatestVersion;

    /// <summary>What is learned; classes without names have those of <see cref="Target"/>.</summary>
    public required LearningTask Task
    {
        get => field is { HasClasses: true, ClassNames.Count: 0 } && Target is not null ? field.With(Target) : field;
        init;
    }

    /// <summary>Shape of the features of one sample, such as [108] or [1, 28, 28].</summary>
    public required IReadOnlyList<int> FeatureShape { get; init; }

    /// <summary>What is learned.</summary>
    public required TargetEncoding Target { get; init; }

    /// <summary>The columns of a table but for the target, in order, dropped ones included; null for arrays.</summary>
    public IReadOnlyList<ColumnEncoding>? Columns { get; init; }

    /// <summary>Whether the columns were named by a header or the user; if not, new data is matched by position.</summary>
    public bool HasColumnNames { get; init; }

    /// <summary>How array values are scaled; null for tables.</summary>
    public ImageEncoding? Image { get; init; }

    /// <summary>How the training data were read; null in models of version 1.</summary>
    /// <remarks>New text files are read alike: with its marks of numbers and its words for missing values.</remarks>
    public ReadingReport? Reading { get; init; }

    /// <summary>Numbers per sample: the product of <see cref="FeatureShape"/>.</summary>
    [JsonIgnore]
    public int FeatureWidth => FeatureShape.Aggregate(1, (product, size) => product * size);

    /// <summary>Names of the features of a table in order; empty for arrays.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> FeatureNames => Columns is null ? [] : [.. Columns.SelectMany(column => column.FeatureNames)];

    /// <summary>Whether a category or class that is not known by its text is known by its number.</summary>
    internal bool KnowsByNumber(bool areNumbers) => areNumbers || Version == 1;

    /// <summary>The stored form, in which every number reads back to the same bits.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PreprocessingJson.Default.Preprocessing);

    /// <summary>Reads the stored form.</summary>
    /// <param name="json">What <see cref="ToJson"/> gave.</param>
    /// <returns>The same preprocessing.</returns>
    /// <exception cref="ThalwegException">Not a stored preprocessing, or one that contradicts itself: the file is damaged.</exception>
    public static Preprocessing FromJson(string json)
    {
        Preprocessing? read;
        try
        {
            read = JsonSerializer.Deserialize(json, PreprocessingJson.Default.Preprocessing);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw Damaged(error.Message.ReplaceLineEndings(" "), error);
        }

        string? fault = read is null ? "it is null" : PreprocessingCheck.FindFault(read);
        return fault is null ? read! : throw Damaged(fault, null);
    }

    private static ThalwegException Damaged(string fault, Exception? cause)
    {
        string line = $"[preprocessing] the stored preprocessing cannot be used: {fault}; the model file is damaged or of another version";
        return cause is null ? new ThalwegException(line) : new ThalwegException(line, cause);
    }
}

/// <summary>Reads and writes <see cref="Preprocessing"/> without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Preprocessing))]
internal sealed partial class PreprocessingJson : JsonSerializerContext;
