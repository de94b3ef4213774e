using System.Text.Json;
using System.Text.Json.Serialization;
using Thalweg.Checkpoints;
using Thalweg.Runs;
using Thalweg.Tuning;

namespace Thalweg.Cli.Comparisons;

/// <summary>What a comparison was asked for: the file <c>settings.json</c> of its folder, from which it continues.</summary>
internal sealed record CompareSettings
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "settings.json";

    private const int Version = 2;

    /// <summary>Version of the form; 2, since contenders name their normalization.</summary>
    public int FormatVersion { get; init; } = Version;

    /// <summary>The data; of the settings of training, those that say what it is.</summary>
    [JsonConverter(typeof(FlatRecipe))]
    public required Recipe Data { get; init; }

    /// <summary>Rows to use at most; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Whether the test data is to be read, once, for the winner.</summary>
    public bool ReadsTest { get; init; }

    /// <summary>What is compared, and how.</summary>
    public required ComparisonOptions Options { get; init; }

    /// <summary>The data, with the number of rows.</summary>
    [JsonIgnore]
    public Recipe Recipe => Data with { Data = Data.Data with { Split = Data.Data.Split with { Limit = Limit } } };

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Save(string folder)
    {
        RunFolder.Create(folder);
        AtomicFile.Write(Path.Combine(folder, FileName),
            stream => JsonSerializer.Serialize(stream, this, CompareJson.Default.CompareSettings));
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="ThalwegException">The file is missing or damaged.</exception>
    public static CompareSettings Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            using FileStream stream = File.OpenRead(path);
            CompareSettings? settings = JsonSerializer.Deserialize(stream, CompareJson.Default.CompareSettings);
            return settings?.FormatVersion switch
            {
                Version => settings,
                < Version => throw new ThalwegException($"{path}: written by an earlier version; start the comparison again with --force"),
                _ => throw new ThalwegException($"{path}: written by a newer version; update to resume this comparison"),
            };
        }
        catch (JsonException error)
        {
            throw new ThalwegException(
                $"{path}: not the settings of a comparison ({error.Message.ReplaceLineEndings(" ")}); start it again with --force", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"--resume: there is no comparison in {folder} ({error.Message}); give its folder with --out",
                error);
        }
    }
}

/// <summary>The JSON code of the settings, generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(CompareSettings))]
internal sealed partial class CompareJson : JsonSerializerContext;
