using System.Globalization;

namespace Thalweg.Tests.Shared;

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

    /// <summary>Holds value and derivatives against the definition, each with the fused and the recorded backward pass.</summary>
    /// <param name="place">Name for messages.</param>
    /// <param name="function">The function, of a vector of numbers.</param>
    /// <param name="definition">The same.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="slack">Factor of the tolerance.</param>
    /// <param name="floor">What the tolerance is relative to at least: the size of terms that cancel.</param>
    public static void Check(
        string place, Func<Tensor, Tensor> function, Func<Dual[], Dual[]> definition, double[] numbers, DType dtype, double slack = 1, double floor = 0)
    {
        double[] rounded = [.. numbers.Select(x => dtype == DType.Float32 ? (float)x : x)];
        Exact[] values = [.. definition([.. rounded.Select(x => (Dual)x)]).Select(y => y.Value)];
        double[] weights = [.. Enumerable.Range(0, values.Length).Select(i => i % 2 == 0 ? 1 + (i * 0.25) : -0.5)];
        Exact[] slopes = [.. Enumerable.Range(0, rounded.Length).Select(Slope)];
        Tensor x = Tensor.Vector(rounded).To(dtype).Keep();
        x.RequiresGrad = true;
        Tensor y = function(x);
        Compare($"{place} {dtype}", y, values, slack, floor);
        Tensor cotangent = Tensor.From(weights, y.Shape).To(dtype);
        Compare($"{place} {dtype} derivative", Gradients.Of(y, cotangent, [x], createGraph: false)[0], slopes, slack, floor);
        Compare($"{place} {dtype} recorded derivative", Gradients.Of(function(x), cotangent, [x], createGraph: true)[0], slopes, slack, floor);

        Exact Slope(int k)
        {
            Dual[] seeded = [.. rounded.Select((v, i) => new Dual(v, i == k ? 1 : 0))];
            return Dual.Sum(definition(seeded).Select((v, i) => v * weights[i])).Slope;
        }
    }

    /// <summary>Within some roundings of the largest of the expected numbers that the type can hold; the sign where it cannot.</summary>
    private static void Compare(string place, Tensor found, Exact[] expected, double slack, double floor)
    {
        DType dtype = found.DType;
        double[] numbers = found.To(DType.Float64).Contiguous().ToArray<double>();
        double most = dtype == DType.Float32 ? float.MaxValue : double.MaxValue, normal = dtype == DType.Float32 ? 1.2e-38 : 2.3e-308;
        double[] wanted = [.. expected.Select(e => (double)e)];
        double scale = wanted.Select(Math.Abs).Where(e => e <= most).Append(floor).Max();
        double allowed = (scale * slack * (dtype == DType.Float32 ? 4e-6 : 1e-14)) + normal;
        numbers.Length.ShouldBe(wanted.Length, place);
        for (int i = 0; i < wanted.Length; i++)
        {
            bool near = Math.Abs(wanted[i]) >= most * (1 - 1e-6)
                ? Math.Abs(numbers[i]) >= most * (1 - 1e-5) && Math.Sign(numbers[i]) == Math.Sign(wanted[i])
                : Math.Abs(numbers[i] - wanted[i]) <= allowed;
            near.ShouldBeTrue(string.Create(
                CultureInfo.InvariantCulture, $"{place}, number {i}: expected {wanted[i]:R}, got {numbers[i]:R}, allowed {allowed:R}"));
        }
    }
}
