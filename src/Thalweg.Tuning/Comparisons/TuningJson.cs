using System.Text.Json.Serialization;

namespace Thalweg.Tuning;

/// <summary>The JSON code of journals and results, generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(JournalLine))]
[JsonSerializable(typeof(ComparisonOptions))]
[JsonSerializable(typeof(ComparisonResult))]
internal sealed partial class TuningJson : JsonSerializerContext;
