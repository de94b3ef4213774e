using System.Text.Json;

namespace Thalweg.Conformance.Golden;

/// <summary>Compares numbers with the expected ones: |x - y| &lt;= abs + rel max(|x|, |y|).</summary>
internal sealed class Comparison(JsonElement tolerance)
{
    private readonly double _relative = Part(tolerance, "rel"), _absolute = Part(tolerance, "abs");

    /// <summary>Largest deviation in units of its tolerance; 1 is the limit.</summary>
    public double Worst { get; private set; }

    /// <summary>Where the largest deviation is.</summary>
    public string Where { get; private set; } = "";

    public int Count { get; private set; }

    /// <summary>Whether all numbers were within their tolerance and there was at least one.</summary>
    public bool Holds => Count > 0 && Worst <= 1;

    public void Add(string what, double found, double expected)
    {
        Count++;
        double allowed = _absolute + (_relative * Math.Max(Math.Abs(found), Math.Abs(expected)));
        double deviation = found == expected ? 0 : Math.Abs(found - expected) / allowed;
        deviation = double.IsNaN(deviation) ? double.PositiveInfinity : deviation;
        if (deviation > Worst)
        {
            Worst = deviation;
            Where = $"{what} is {found:R}, expected {expected:R}";
        }
    }

    public void Add(string what, ReadOnlySpan<double> found, ReadOnlySpan<double> expected)
    {
        if (found.Length != expected.Length)
        {
            Refuse($"{what} has {found.Length} numbers, expected {expected.Length}");
            return;
        }

        for (int i = 0; i < found.Length; i++)
            Add($"{what}[{i}]", found[i], expected[i]);
    }

    public void Add(string what, Tensor found, JsonElement expected)
    {
        if (found.Shape != Json.ShapeOf(expected))
        {
            Refuse($"{what} has shape {found.Shape}, expected {Json.ShapeOf(expected)}");
            return;
        }

        Add(what, found.To(DType.Float64).ToArray<double>(), Json.Data(expected));
    }

    /// <summary>A condition other than a number.</summary>
    public void Require(bool condition, string otherwise)
    {
        Count++;
        if (!condition)
            Refuse(otherwise);
    }

    private void Refuse(string why)
    {
        Worst = double.PositiveInfinity;
        Where = why;
    }

    private static double Part(JsonElement tolerance, string name) =>
        tolerance.ValueKind == JsonValueKind.Object && tolerance.TryGetProperty(name, out JsonElement part) ? part.GetDouble() : 0;
}
