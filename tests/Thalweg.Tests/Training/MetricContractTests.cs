using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>What every metric promises: the value of its definition, whatever the blocks, and a text that reads back.</summary>
public sealed class MetricContractTests
{
    private const int Samples = 90, Classes = 4;

    private static readonly string[] s_forClasses =
        ["accuracy", "balanced_accuracy", "loss", "macro_f1", "metric", "top_k_accuracy(2)", "top_k_accuracy(k=3)"];

    private static readonly string[] s_forNumbers = ["loss", "mean_absolute_error", "metric", "r2", "root_mean_squared_error"];

    public static TheoryData<string> ForClasses => [.. s_forClasses];

    public static TheoryData<string> ForNumbers => [.. s_forNumbers];

    [Fact]
    public void Every_metric_has_a_row() =>
        Settings.Forms<Metric>().Where(form => form.Type.Assembly == typeof(Metric).Assembly).Select(form => form.Name)
            .Except(s_forClasses.Concat(s_forNumbers).Select(text => text.Split('(')[0]))
            .Except(Tests.Metrics.MetricReferenceTests.Names.Select(text => Settings.NameOf(Settings.Parse<Metric>(text).GetType())))

            // Beside its slow definition in IntervalTests.
            .ShouldBe(["expected_calibration_error"]);

    [Fact]
    public void Metrics_with_reference_values_read_back_from_their_texts() =>
        Tests.Metrics.MetricReferenceTests.Names.ShouldAllBe(text => Settings.CanReadBack(Settings.Parse<Metric>(text)));

    [Theory]
    [MemberData(nameof(ForClasses))]
    public void A_metric_of_classes_is_its_definition(string text)
    {
        double[][] outputs = Outputs(Classes);
        int[] labels = [.. outputs.Select((row, i) => i % 3 == 0 ? i % Classes : Best(row))];
        Dataset data = Dataset.ForClassification(
            [.. outputs.SelectMany(row => row).Select(value => (float)value)], [Classes], labels, ["a", "b", "c", "d"]);
        Found(text, data, Identity(Classes)).ShouldBe(OfClasses(text, outputs, labels), 1e-6);
    }

    [Theory]
    [MemberData(nameof(ForNumbers))]
    public void A_metric_of_numbers_is_its_definition(string text)
    {
        double[] outputs = [.. Outputs(1).Select(row => row[0])], targets = [.. outputs.Select((value, i) => value + Math.Cos(7 * i))];
        Dataset data = Dataset.ForRegression(
            [.. outputs.Select(value => (float)value)], [1], [.. targets.Select(value => (float)value)]);
        double mean = targets.Average(), squares = outputs.Zip(targets).Average(pair => Math.Pow(pair.First - pair.Second, 2));
        double r2 = 1 - (squares * Samples / targets.Sum(target => Math.Pow(target - mean, 2)));
        Found(text, data, Identity(1)).ShouldBe(
            text switch
            {
                "loss" => squares,
                "mean_absolute_error" => outputs.Zip(targets).Average(pair => Math.Abs(pair.First - pair.Second)),
                "root_mean_squared_error" => Math.Sqrt(squares),
                _ => r2,
            }, 1e-5);
    }

    [Theory]
    [MemberData(nameof(ForClasses))]
    [MemberData(nameof(ForNumbers))]
    public void A_metric_reads_back_from_its_text(string text)
    {
        Metric metric = Settings.Parse<Metric>(text);
        Settings.Parse<Metric>(metric.ToString()).ShouldBe(metric);
        Settings.CanReadBack(metric).ShouldBeTrue();
    }

    private static double OfClasses(string text, double[][] outputs, int[] labels)
    {
        int[] said = [.. outputs.Select(Best)];
        int[] classes = [.. Enumerable.Range(0, Classes)];
        double Right(int k) => labels.Where((label, i) => label == k && said[i] == k).Count();
        double TopK(int k) => labels.Where((label, i) => outputs[i].Count(value => value > outputs[i][label]) < k).Count() / (double)Samples;
        return text switch
        {
            "loss" => labels.Select((label, i) => Math.Log(outputs[i].Sum(Math.Exp)) - outputs[i][label]).Average(),
            "balanced_accuracy" => classes.Average(k => Right(k) / labels.Count(label => label == k)),
            "macro_f1" => classes.Average(k => 2 * Right(k) / (labels.Count(label => label == k) + said.Count(label => label == k))),
            "top_k_accuracy(2)" => TopK(2),
            "top_k_accuracy(k=3)" => TopK(3),
            _ => TopK(1),
        };
    }

    /// <summary>The figure of the validation data in an epoch that changes nothing.</summary>
    private static double Found(string text, Dataset data, Sequential network)
    {
        Metric metric = Settings.Parse<Metric>(text);
        TrainerOptions options = new()
        {
            Optimizer = new Optimizers.Sgd(0),
            Epochs = 1,
            Metrics = [metric],
            Loss = data.Task.HasClasses ? Loss.SoftmaxCrossEntropy : Loss.MeanSquaredError,
        };
        return new Trainer(network, new TrainingSet(data), new ValidationSet(data), options).Fit().Epochs[0].Validation.ValueOf(metric);
    }

    private static Sequential Identity(int width)
    {
        Dense dense = new(width, width) { Weight = { Initializer = Initializers.Initializer.Identity() } };
        Sequential network = new(dense);
        network.Initialize(1);
        return network;
    }

    private static double[][] Outputs(int width) =>
        [.. Enumerable.Range(0, Samples).Select(i => Enumerable.Range(0, width).Select(k => (double)(float)Math.Sin((i * 12.9) + (k * 78.2))).ToArray())];

    private static int Best(double[] row) => Array.IndexOf(row, row.Max());
}
