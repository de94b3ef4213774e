using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thalweg.Labs;

/// <summary>The JSON code of results and recorded verdicts, generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(LabResult))]
[JsonSerializable(typeof(LabPicture))]
[JsonSerializable(typeof(LabVerdicts))]
internal sealed partial class LabJson : JsonSerializerContext
{
    /// <summary>For files that people read.</summary>
    public static LabJson Indented { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
        NewLine = "\n",
    });
}
