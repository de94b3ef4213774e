using System.Text.Json.Serialization;

namespace Thalweg.Labs;

/// <summary>The JSON code of results and recorded verdicts, generated at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(LabResult))]
internal sealed partial class LabJson : JsonSerializerContext;
