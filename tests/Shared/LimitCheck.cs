using System.Globalization;

namespace Thalweg.Tests.Shared;

/// <summary>A function of six numbers and its definition.</summary>
/// <param name="Name">Name for messages.</param>
/// <param name="Function">The function.</param>
/// <param name="Definition">The same in exact arithmetic.</param>
internal sealed record LimitRow(string Name, Func<Tensor, Tensor> Function, Func<Dual[], Dual[]> Definition)
{
    /// <summary>Whether the definition holds for a number; default for every one.</summary>
    public Func<double, bool> Domain { get; init; } = _ => true;

    /// <summary>Factor of the tolerance, for functions that are made of logarithms and powers.</summary>
    public double Slack { get; init; } = 1;

    /// <summary>The size of terms that cancel, which the tolerance is relative to at least; default 0.</summary>
    public double Floor { get; init; }
}

/// <summary>Results and derivatives of a function of some numbers beside its definition in exact arithmetic.</summary>
internal static class LimitCheck
{
    /// <summary>Numbers that naive formulas fail on, in the range of a type.</summary>
    public static IEnumerable<(string Name, double[] Numbers)> Inputs(DType dtype)
    {
        bool single = dtype == DType.Float32;
        double large = single ? 1e20 : 1e200, small = single ? 1e-25 : 1e-200, most = single ? float.MaxValue : double.MaxValue;
        double least = single ? float.Epsilon : double.Epsilon, normal = single ? 1.1754944e-38 : 2.2250738585072014e-308;
        yield return ("ordinary", [0.3, -1.25, 2.5, 0.75, -0.5, 1.5]);
        yield return ("equal", [1234.567, 1234.567, 1234.567, 1234.567, 1234.567, 1234.567]);
        yield return ("equal and large", [7e6, 7e6, 7e6, 7e6, 7e6, 7e6]);
        yield return ("far from 0", [1e5 + 0.25, 1e5 + 1, 1e5 - 0.5, 1e5 + 0.5, 1e5 - 1.25, 1e5 + 0.125]);
        yield return ("ties", [2, 2, -1, 2, -1, 0.5]);
        yield return ("zeros", [0, -0.0, 0, -0.0, 0, 0]);
        yield return ("one beside zeros", [0, 0, 2.75, 0, 0, 0]);
        yield return ("large", [3 * large, 4 * large, -large, 2 * large, 0, large]);
        yield return ("small", [3 * small, 4 * small, -small, 2 * small, 0, small]);
        yield return ("large and small", [large, 1, small, -1, -large, 0.5]);
        yield return ("the largest", [most, -most, most / 2, -most / 4, 1, most]);
        yield return ("positive", [0.3, 1.25, least, most, small, large]);
        yield return ("subnormal", [least, -least, 3 * least, normal, -normal / 2, normal]);
    }

    /// <summary>Holds value and derivatives of a row against its definition, in both types, fused and recorded.</summary>
    /// <param name="row">The function.</param>
    public static void Check(LimitRow row)
    {
        int checks = 0;
        foreach (DType dtype in new[] { DType.Float32, DType.Float64 })
        {
            foreach ((string inputs, double[] numbers) in Inputs(dtype).Where(i => i.Numbers.All(row.Domain)))
            {
                Check(row, $"{row.Name} of {inputs} {dtype}", numbers, dtype);
                checks++;
            }
        }

        checks.ShouldBeGreaterThan(0, row.Name);
    }

    private static void Check(LimitRow row, string location, double[] numbers, DType dtype)
    {
        double[] rounded = [.. numbers.Select(x => dtype == DType.Float32 ? (float)x : x)];
        Exact[] values = [.. row.Definition([.. rounded.Select(x => (Dual)x)]).Select(y => y.Value)];
        double[] weights = [.. Enumerable.Range(0, values.Length).Select(i => i % 2 == 0 ? 1 + (i * 0.25) : -0.5)];
        Exact[] slopes = [.. Enumerable.Range(0, rounded.Length).Select(Slope)];
        Tensor x = Tensor.Vector(rounded).To(dtype).Clone();
        x.RequiresGrad = true;
        Tensor y = row.Function(x);
        Compare(location, y, values, row);
        Tensor cotangent = Tensor.From(weights, y.Shape).To(dtype);
        Compare($"{location} derivative", Gradients.Of(y, cotangent, [x], createGraph: false)[0], slopes, row);
        Compare($"{location} recorded derivative", Gradients.Of(row.Function(x), cotangent, [x], createGraph: true)[0], slopes, row);

        Exact Slope(int k)
        {
            Dual[] seeded = [.. rounded.Select((v, i) => new Dual(v, i == k ? 1 : 0))];
            return Dual.Sum(row.Definition(seeded).Select((v, i) => v * weights[i])).Slope;
        }
    }

    /// <summary>Within some roundings of the largest of the expected numbers that the type can hold; the sign where it cannot.</summary>
    private static void Compare(string location, Tensor found, Exact[] expected, LimitRow row)
    {
        DType dtype = found.DType;
        double[] numbers = found.To(DType.Float64).Contiguous().ToArray<double>();
        double most = dtype == DType.Float32 ? float.MaxValue : double.MaxValue, normal = dtype == DType.Float32 ? 1.2e-38 : 2.3e-308;
        double[] wanted = [.. expected.Select(e => (double)e)];
        double scale = wanted.Select(Math.Abs).Where(e => e <= most).Append(row.Floor).Max();
        double allowed = (scale * row.Slack * (dtype == DType.Float32 ? 4e-6 : 1e-14)) + normal;
        numbers.Length.ShouldBe(wanted.Length, location);
        for (int i = 0; i < wanted.Length; i++)
        {
            bool near = Math.Abs(wanted[i]) >= most * (1 - 1e-6)
                ? Math.Abs(numbers[i]) >= most * (1 - 1e-5) && Math.Sign(numbers[i]) == Math.Sign(wanted[i])
                : Math.Abs(numbers[i] - wanted[i]) <= allowed;
            near.ShouldBeTrue(string.Create(
                CultureInfo.InvariantCulture, $"{location}, number {i}: expected {wanted[i]:R}, got {numbers[i]:R}, allowed {allowed:R}"));
        }
    }
}
