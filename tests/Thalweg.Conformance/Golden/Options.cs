using System.Text.Json;

namespace Thalweg.Conformance.Golden;

/// <summary>The options of a case; it remembers which were read, so that none is passed over in silence.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, JsonElement> _values = [];
    /// <summary>Options of the reference that choose how it computes, not what.</summary>
    private static readonly string[] s_ways = ["foreach", "fused", "capturable", "differentiable", "error_if_nonfinite", "verbose"];

    private readonly HashSet<string> _read = [.. s_ways];

    public Options(JsonElement element, Options? common = null)
    {
        foreach ((string name, JsonElement value) in common?._values ?? [])
            _values[name] = value;

        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
                _values[property.Name] = property.Value;
        }
    }

    public bool Has(string name) => TryGet(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The value itself; an undefined element where there is none.</summary>
    public JsonElement Element(string name) => TryGet(name, out JsonElement value) ? value : default;

    public double Number(string name, double fallback) => Has(name) ? Element(name).GetDouble() : fallback;

    public double Number(string name) =>
        Has(name) ? Element(name).GetDouble() : throw new UnsupportedException($"a case without option '{name}'");

    /// <summary>The order of a norm, a number or the text <c>inf</c>; default 2.</summary>
    public double Order(string name) =>
        Element(name).ValueKind == JsonValueKind.String ? double.PositiveInfinity : Number(name, 2);

    public int Integer(string name, int fallback) => Has(name) ? Element(name).GetInt32() : fallback;

    public bool Flag(string name, bool fallback = false) => Has(name) ? Element(name).GetBoolean() : fallback;

    public string Text(string name, string fallback) => Has(name) ? Element(name).GetString()! : fallback;

    public double[] Numbers(string name, params double[] fallback) =>
        Has(name) ? [.. Element(name).EnumerateArray().Select(e => e.GetDouble())] : fallback;

    /// <summary>Integers of a list, or one integer repeated.</summary>
    public int[] Integers(string name, params int[] fallback)
    {
        if (!Has(name))
            return fallback;

        JsonElement value = Element(name);
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(e => e.GetInt32())]
            : [.. Enumerable.Repeat(value.GetInt32(), Math.Max(1, fallback.Length))];
    }

    /// <summary>Refuses the case if an option was not read: it would not be run as asked.</summary>
    public void RefuseUnread()
    {
        string[] unread = [.. _values.Keys.Except(_read)];
        if (unread.Length > 0)
            throw new UnsupportedException($"option {string.Join(", ", unread)}");
    }

    private bool TryGet(string name, out JsonElement value)
    {
        _read.Add(name);
        return _values.TryGetValue(name, out value);
    }
}
