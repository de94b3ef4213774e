using System.Text.Json;
using Thalweg.Metrics;

namespace Thalweg.Tests.Metrics;

/// <summary>Metrics beside scikit-learn and scipy on 50 random cases of classes and 50 of numbers, which <c>reference.py</c>
/// writes.</summary>
public sealed class MetricReferenceTests
{
    private const double Tolerance = 1e-12;

    private static readonly JsonElement s_reference =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Metrics", "reference.json"))).RootElement;

    /// <summary>Metrics with reference values, as texts.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. new[] { "classes", "numbers" }.SelectMany(kind => s_reference.GetProperty(kind).EnumerateArray())
            .SelectMany(entry => entry.GetProperty("values").EnumerateObject()).Select(value => value.Name).Distinct(),
    ];

    [Fact]
    public void Metrics_of_classes_equal_scikit_learn()
    {
        int cases = 0;
        foreach (JsonElement entry in s_reference.GetProperty("classes").EnumerateArray())
        {
            cases++;
            Predictions predictions = Predictions.OfClasses(Ints(entry, "labels"), Numbers(entry, "probabilities"));
            foreach (JsonProperty value in entry.GetProperty("values").EnumerateObject())
            {
                Settings.Parse<Metric>(value.Name).Of(predictions)
                    .ShouldBe(value.Value.GetDouble(), Tolerance, $"{value.Name} of case {cases}");
            }
        }

        cases.ShouldBe(50);
    }

    [Fact]
    public void Metrics_of_numbers_equal_scikit_learn()
    {
        int cases = 0;
        foreach (JsonElement entry in s_reference.GetProperty("numbers").EnumerateArray())
        {
            cases++;
            Predictions predictions = Predictions.OfNumbers(Numbers(entry, "targets"), Numbers(entry, "predicted"));
            foreach (JsonProperty value in entry.GetProperty("values").EnumerateObject())
            {
                double expected = value.Value.GetDouble();
                Settings.Parse<Metric>(value.Name).Of(predictions)
                    .ShouldBe(expected, Tolerance * Math.Max(1, Math.Abs(expected)), $"{value.Name} of case {cases}");
            }
        }

        cases.ShouldBe(50);
    }

    [Fact]
    public void Accuracy_among_the_largest_two_equals_scikit_learn()
    {
        int cases = 0;
        foreach (JsonElement entry in s_reference.GetProperty("classes").EnumerateArray())
        {
            if (entry.GetProperty("scores").ValueKind == JsonValueKind.Null)
                continue;
            cases++;
            Predictions predictions = Predictions.OfClasses(Ints(entry, "labels"), Numbers(entry, "scores"));
            new TopKAccuracy(2).Of(predictions).ShouldBe(entry.GetProperty("top2").GetDouble(), Tolerance);
        }

        cases.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Confusion_and_Wilson_intervals_equal_scikit_learn_and_scipy()
    {
        foreach (JsonElement entry in s_reference.GetProperty("classes").EnumerateArray())
        {
            Predictions predictions = Predictions.OfClasses(Ints(entry, "labels"), Numbers(entry, "probabilities"));
            EvaluationReport report = EvaluationReport.Of(predictions, [new Accuracy()]);
            int[][] confusion = [.. entry.GetProperty("confusion").EnumerateArray()
                .Select(row => row.EnumerateArray().Select(cell => cell.GetInt32()).ToArray())];
            report.Confusion!.Select(row => row.ToArray()).ShouldBe(confusion);
            double[] ends = Numbers(entry, "wilson");
            MetricInterval interval = report.Metrics[0].Interval!;
            interval.Method.ShouldBe(IntervalMethod.Wilson);
            interval.Low.ShouldBe(ends[0], Tolerance);
            interval.High.ShouldBe(ends[1], Tolerance);
        }
    }

    [Fact]
    public void Normal_quantiles_equal_scipy()
    {
        foreach (JsonElement pair in s_reference.GetProperty("normalQuantiles").EnumerateArray())
        {
            double expected = pair[1].GetDouble();
            NormalQuantile.Of(pair[0].GetDouble()).ShouldBe(expected, 1e-13 * Math.Max(1, Math.Abs(expected)));
        }
    }

    private static int[] Ints(JsonElement entry, string name) =>
        [.. entry.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];

    private static double[] Numbers(JsonElement entry, string name) =>
        [.. entry.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
