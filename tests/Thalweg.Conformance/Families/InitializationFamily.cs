using Thalweg.Conformance.Golden;
using Thalweg.Conformance.Tables;
using Thalweg.Initializers;

namespace Thalweg.Conformance.Families;

/// <summary>Initializers: laws, tested on samples of at least 200,000 numbers, and the numbers that they are made of.</summary>
internal sealed class InitializationFamily : IFamily
{
    private const int LeastSample = 200_000;

    /// <summary>Standard errors that a moment of a sample may be off.</summary>
    private const double Errors = 5;

    public void Check(GoldenCase golden, Comparison comparison)
    {
        switch (golden.Text("op"))
        {
            case "gain":
                double? parameter = golden.Options.Has("param") ? golden.Options.Number("param") : null;
                comparison.Add("gain", Gain.Of(golden.Options.Text("nonlinearity", ""), parameter), golden["gain"].GetDouble());
                break;
            case "fan":
                Fans fans = Fans.Of(new Shape(golden.Options.Integers("shape")), WeightLayout.OutputsFirst);
                comparison.Add("fan_in", fans.In, golden["fan_in"].GetDouble());
                comparison.Add("fan_out", fans.Out, golden["fan_out"].GetDouble());
                break;
            case string op:
                (Initializer initializer, Shape[] shapes) = InitializerTable.Make(op, golden.Options);
                CheckLaw(golden, comparison, initializer, shapes);
                break;
        }

        golden.Options.RefuseUnread();
    }

    private static void CheckLaw(GoldenCase golden, Comparison comparison, Initializer initializer, Shape[] shapes)
    {
        if (golden.Text("distribution") == "orthogonal")
        {
            CheckOrthogonal(comparison, Sample(initializer, shapes, 1), shapes[0], golden["gain_squared"].GetDouble());
            return;
        }

        double[] sample = Sample(initializer, shapes, LeastSample);
        double mean = sample.Average(), variance = sample.Sum(v => (v - mean) * (v - mean)) / sample.Length;
        double deviation = golden["std"].GetDouble(), error = deviation * Errors / Math.Sqrt(sample.Length);
        comparison.Require(Math.Abs(mean - golden["mean"].GetDouble()) <= error, $"mean of a sample is {mean}, expected {golden["mean"]}");
        comparison.Require(Math.Abs(Math.Sqrt(variance) - deviation) <= error, "standard deviation of a sample is " +
            $"{Math.Sqrt(variance)}, expected {deviation}");
        if (golden.Has("bound") || golden.Has("max"))
        {
            (double low, double high) = golden.Has("bound")
                ? (-golden["bound"].GetDouble(), golden["bound"].GetDouble())
                : (golden["min"].GetDouble(), golden["max"].GetDouble());
            // The extremes of a sample lie within a few gaps of the bounds.
            double gap = (high - low) * 200 / sample.Length;
            comparison.Require(sample.Min() >= low && sample.Min() <= low + gap, $"least of a sample is {sample.Min()}, bound {low}");
            comparison.Require(sample.Max() <= high && sample.Max() >= high - gap, $"largest of a sample is {sample.Max()}, bound {high}");
        }
        else if (golden.Text("distribution") == "normal")
        {
            // A normal law: its share within one standard deviation is 0.6827.
            double share = sample.Count(v => Math.Abs(v - mean) <= deviation) / (double)sample.Length;
            comparison.Require(
                Math.Abs(share - 0.68268949) <= Errors * 0.47 / Math.Sqrt(sample.Length), $"share within one deviation is {share}");
        }
    }

    /// <summary>W W' or W' W, of the shorter side, is the squared gain times the unit matrix; W is [out, rest].</summary>
    private static void CheckOrthogonal(Comparison comparison, double[] weight, Shape shape, double square)
    {
        Tensor matrix = Tensor.From(weight, [shape[0], weight.Length / shape[0]]);
        (int rows, int columns) = (matrix.Shape[0], matrix.Shape[1]);
        Tensor product = rows <= columns ? Tensor.Einsum("ik,jk->ij", matrix, matrix) : Tensor.Einsum("ki,kj->ij", matrix, matrix);
        double[] found = product.ToArray<double>();
        int side = Math.Min(rows, columns);
        double worst = Enumerable.Range(0, found.Length).Max(i => Math.Abs(found[i] - (i / side == i % side ? square : 0)));
        comparison.Require(worst <= 1e-12 * square, $"product with itself is off by {worst}");
    }

    private static double[] Sample(Initializer initializer, Shape[] shapes, int least)
    {
        List<double> sample = [];
        RandomStream stream = new(7, RandomPurpose.Initialization, 0);
        while (sample.Count < least)
        {
            foreach (Shape shape in shapes)
            {
                Tensor weight = Tensor.Zeros(shape, DType.Float64);
                initializer.Fill(weight, WeightLayout.OutputsFirst, ref stream);
                sample.AddRange(weight.ToArray<double>());
            }
        }

        return [.. sample];
    }
}
