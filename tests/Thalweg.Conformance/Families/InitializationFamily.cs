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
        (Initializer initializer, Shape shape) = InitializerTable.Make(golden.Text("op"), golden.Options);
        golden.Options.RefuseUnread();
        double[] sample = Sample(initializer, shape);
        double mean = sample.Average(), variance = sample.Sum(v => (v - mean) * (v - mean)) / sample.Length;
        double deviation = golden["std"].GetDouble(), error = deviation * Errors / Math.Sqrt(sample.Length);
        comparison.Require(Math.Abs(mean - golden["mean"].GetDouble()) <= error, $"mean of a sample is {mean}, expected {golden["mean"]}");
        comparison.Require(Math.Abs(Math.Sqrt(variance) - deviation) <= error, $"standard deviation of a sample is {Math.Sqrt(variance)}, expected {deviation}");
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
        else
        {
            // A normal law: its share within one standard deviation is 0.6827.
            double share = sample.Count(v => Math.Abs(v - mean) <= deviation) / (double)sample.Length;
            comparison.Require(Math.Abs(share - 0.68268949) <= Errors * 0.47 / Math.Sqrt(sample.Length), $"share within one deviation is {share}");
        }
    }

    private static double[] Sample(Initializer initializer, Shape shape)
    {
        List<double> sample = [];
        RandomStream stream = new(7, RandomPurpose.Initialization, 0);
        while (sample.Count < LeastSample)
        {
            Tensor weight = Tensor.Zeros(shape, DType.Float64);
            initializer.Fill(weight, ref stream);
            sample.AddRange(weight.ToArray<double>());
        }

        return [.. sample];
    }
}
