using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Thalweg.Checkpoints;

/// <summary>What lies under `__metadata__["thalweg"]`: which kind of file it is, in which version of its form, and its document.</summary>
/// <param name="FormatVersion">Version of the form, counted from 1.</param>
/// <param name="Kind">`model`, `module` or `training`.</param>
/// <param name="Document">The document of that kind.</param>
internal sealed record CheckpointEnvelope(int FormatVersion, string Kind, JsonElement Document);

/// <summary>The JSON of the documents; its code is generated at build, so that it survives trimming and ahead-of-time
/// compilation.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CheckpointEnvelope))]
[JsonSerializable(typeof(ModelDocument))]
[JsonSerializable(typeof(ModuleDocument))]
[JsonSerializable(typeof(TrainingDocument))]
internal sealed partial class CheckpointJson : JsonSerializerContext;

/// <summary>Puts a document into a safetensors file and takes it out again.</summary>
internal static class CheckpointDocument
{
    /// <summary>The key under `__metadata__`.</summary>
    public const string MetadataName = "thalweg";

    /// <summary>The newest version of the form, which this version writes.</summary>
    public const int FormatVersion = 1;

    /// <summary>The JSON code with plain quotes and letters: the text stays readable inside the header.</summary>
    public static readonly CheckpointJson Json =
        new(new JsonSerializerOptions(CheckpointJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Stores a document.</summary>
    public static void Write<T>(SafetensorsWriter writer, string kind, T document, JsonTypeInfo<T> type)
    {
        CheckpointEnvelope envelope = new(FormatVersion, kind, JsonSerializer.SerializeToElement(document, type));
        writer.SetMetadata(MetadataName, JsonSerializer.Serialize(envelope, Json.CheckpointEnvelope));
    }

    /// <summary>The kind that a file says; null where it says none that can be read.</summary>
    public static string? KindOf(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(MetadataName, out string? text))
            return null;
        try
        {
            using JsonDocument outline = JsonDocument.Parse(text);
            return outline.RootElement.ValueKind == JsonValueKind.Object && outline.RootElement.TryGetProperty("kind", out JsonElement kind)
                && kind.ValueKind == JsonValueKind.String ? kind.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Takes a document out.</summary>
    /// <exception cref="ThalwegException">The file is not of Thalweg, of another kind, of a newer form, or incomplete.</exception>
    public static T Read<T>(SafetensorsFile file, string kind, JsonTypeInfo<T> type)
    {
        if (!file.Metadata.TryGetValue(MetadataName, out string? text))
        {
            throw CheckpointError.About(
                file.Source, $"a safetensors file, but not a Thalweg {kind}", "give a file that Thalweg has saved");
        }

        if (!file.HasChecksum)
            throw CheckpointError.Damaged(file.Source, "the checksum of the file is missing");
        try
        {
            // The version first: a newer form may lack what this version asks for.
            using JsonDocument outline = JsonDocument.Parse(text);
            CheckVersion(file, outline.RootElement);
            CheckpointEnvelope envelope = JsonSerializer.Deserialize(text, Json.CheckpointEnvelope)!;
            if (envelope.Kind != kind)
            {
                throw CheckpointError.About(
                    file.Source, $"expected a {kind}, found a {CheckpointError.Quoted(envelope.Kind)} file", $"give the {kind} file");
            }

            return envelope.Document.Deserialize(type) ?? throw new JsonException("the document is null");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw CheckpointError.About(
                file.Source,
                $"the Thalweg document is not as expected ({CheckpointError.Shown(exception.Message, 200)})",
                "save the model again with this version",
                exception);
        }
    }

    private static void CheckVersion(SafetensorsFile file, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("formatVersion", out JsonElement element)
            || element.ValueKind != JsonValueKind.Number
            || !element.TryGetInt32(out int version)
            || version < 1)
        {
            throw new JsonException("formatVersion is missing or not a positive number");
        }

        if (version > FormatVersion)
        {
            throw CheckpointError.About(
                file.Source, $"written in format version {version}, newer than the {FormatVersion} known here", "update Thalweg to read " +
                    "it");
        }
    }
}
