using System.Text.Json;

namespace Thalweg.Conformance.Golden;

/// <summary>One case of a golden file; what the case leaves out, the file says for all its cases.</summary>
internal sealed class GoldenCase(JsonElement file, JsonElement element)
{
    public string Id => Text("id");

    public Options Options { get; } = new(element.TryGetProperty("options", out JsonElement options) ? options : default);

    public JsonElement this[string name] => Find(name) ?? throw new UnsupportedException($"a case without '{name}'");

    /// <summary>What the file says for all its cases; undefined where it says nothing.</summary>
    public JsonElement Common(string name) => file.TryGetProperty(name, out JsonElement common) ? common : default;

    public bool Has(string name) => Find(name) is { ValueKind: not JsonValueKind.Null };

    public string Text(string name) => this[name].GetString()!;

    public double[] Numbers(string name) => Json.Numbers(this[name]);

    private JsonElement? Find(string name) =>
        element.TryGetProperty(name, out JsonElement own) ? own : file.TryGetProperty(name, out JsonElement common) ? common : null;
}

/// <summary>Reads tensors and lists.</summary>
internal static class Json
{
    public static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetDouble())];

    /// <summary>The numbers of a tensor <c>{"shape":...,"data":...}</c>, row-major.</summary>
    public static double[] Data(JsonElement tensor) => Numbers(tensor.GetProperty("data"));

    public static Shape ShapeOf(JsonElement tensor) => new([.. tensor.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32())]);

    public static Tensor Tensor(JsonElement tensor) => Thalweg.Tensor.From(Data(tensor), ShapeOf(tensor));

    public static Tensor Integers(JsonElement tensor) => Thalweg.Tensor.From([.. Data(tensor).Select(v => (int)v)], ShapeOf(tensor));
}
