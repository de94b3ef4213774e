using System.Text.Json;

namespace Thalweg.Tests.Rules;

/// <summary>Reads options of the reference files; one that is left out has its default.</summary>
internal static class TorchOptions
{
    public static double[] Numbers(this JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    /// <summary>A number, or infinity written as a word.</summary>
    public static double Number(this JsonElement options, string name, double otherwise) => options.Find(name) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.String ? double.PositiveInfinity : value.GetDouble();

    public static int Whole(this JsonElement options, string name, int otherwise) => (int)options.Number(name, otherwise);

    public static bool Flag(this JsonElement options, string name, bool otherwise = false) => options.Find(name)?.GetBoolean() ?? otherwise;

    public static string Word(this JsonElement options, string name, string otherwise) => options.Find(name)?.GetString() ?? otherwise;

    public static (double First, double Second) Pair(this JsonElement options, string name, (double First, double Second) otherwise) =>
        options.Find(name)?.Numbers() is { } pair ? (pair[0], pair[1]) : otherwise;

    private static JsonElement? Find(this JsonElement options, string name) =>
        options.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
