using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thalweg.Metrics;

/// <summary>The value of a metric.</summary>
/// <param name="Name">Name of the metric.</param>
/// <param name="Value">Its value.</param>
public sealed record MetricValue(string Name, double Value);

/// <summary>Values of metrics in JSON: <c>[{"name":"macro_f1","value":0.5}]</c>; values that are no numbers of JSON as strings.</summary>
public sealed class MetricValuesConverter : JsonConverter<ValueList<MetricValue>>
{
    /// <inheritdoc/>
    public override ValueList<MetricValue> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        try
        {
            return [.. document.RootElement.EnumerateArray().Select(Read)];
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new JsonException("expected values of metrics, each with name and value", error);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ValueList<MetricValue> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (MetricValue metric in value)
        {
            writer.WriteStartObject();
            writer.WriteString("name", metric.Name);
            if (double.IsFinite(metric.Value))
                writer.WriteNumber("value", metric.Value);
            else
                writer.WriteString("value", metric.Value.ToString(CultureInfo.InvariantCulture));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static MetricValue Read(JsonElement metric)
    {
        JsonElement value = metric.GetProperty("value");
        return new MetricValue(metric.GetProperty("name").GetString()!, value.ValueKind == JsonValueKind.String
            ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetDouble());
    }
}
