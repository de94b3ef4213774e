using System.Text.Json;
using Thalweg.Conformance.Golden;

namespace Thalweg.Conformance.Families;

/// <summary>What an optimizer is run on: a function, whose gradient this library finds from its formula, or a list of gradients.</summary>
internal abstract class Problem
{
    /// <summary>Value and gradient at x for step 1, 2, ...; the value of a list is 0.</summary>
    public abstract (double Value, double[] Gradient) At(double[] x, int step);

    public static Problem Of(JsonElement problem) => problem.GetProperty("kind").GetString() switch
    {
        "gradients" => new Listed([.. problem.GetProperty("gradients").EnumerateArray().Select(Json.Numbers)]),
        "function" when problem.TryGetProperty("A", out JsonElement a) =>
            new Function(Quadratic(Json.Tensor(a), VectorOf(problem.GetProperty("b")))),
        "function" => new Function(x => Formula.Value(problem.GetProperty("formula").GetString()!, x)),
        string other => throw new UnsupportedException($"problem {other}"),
        null => throw new UnsupportedException("a problem without kind"),
    };

    private static Tensor VectorOf(JsonElement b)
    {
        double[] numbers = b.ValueKind == JsonValueKind.Object ? Json.Data(b) : Json.Numbers(b);
        return Tensor.From(numbers, [numbers.Length]);
    }

    /// <summary>x'Ax / 2 - b'x.</summary>
    private static Func<Tensor, Tensor> Quadratic(Tensor a, Tensor b) => x =>
        (0.5 * Tensor.Einsum("i,ij,j->", x, a, x)) - (b * x).Sum();

    private sealed class Listed(double[][] gradients) : Problem
    {
        public override (double Value, double[] Gradient) At(double[] x, int step) => (0, gradients[step - 1]);
    }

    private sealed class Function(Func<Tensor, Tensor> function) : Problem
    {
        public override (double Value, double[] Gradient) At(double[] x, int step)
        {
            Tensor point = Tensor.From(x, [x.Length]);
            point.RequiresGrad = true;
            Tensor value = function(point);
            return (value.Item(), Gradients.Of(value, point)[0].ToArray<double>());
        }
    }
}
