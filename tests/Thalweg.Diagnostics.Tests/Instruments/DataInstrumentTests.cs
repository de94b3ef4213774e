using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Training;

namespace Thalweg.Diagnostics.Tests.Instruments;

/// <summary>Instruments of the data, on data in which a fault was planted, and on data without.</summary>
public sealed class DataInstrumentTests
{
    private const int Rows = 300, Width = 5;

    [Fact]
    public void Scale_and_constant_features_are_found()
    {
        (float[] x, int[] labels) = Clean();
        for (int row = 0; row < Rows; row++)
            (x[(row * Width) + 2], x[(row * Width) + 4]) = (3, (500 * x[(row * Width) + 4]) + 1000);

        InstrumentPanel panel = Read(Of(x, labels), new FeatureScaling());
        panel.Readings.Single(reading => reading.Quantity == "constant").Series.ShouldBe(new ValueList<double>([2.0]));
        double[] last = [.. Enumerable.Range(0, Rows).Select(row => (double)x[(row * Width) + 4])];
        double mean = last.Average(), deviation = Math.Sqrt(last.Average(value => (value - mean) * (value - mean)));
        Plain.Near(Plain.Of(panel, "feature_scaling", "largest_magnitude", 0), last.Max(Math.Abs));
        Plain.Near(Plain.Of(panel, "feature_scaling", "mean_offset", 0), mean / deviation);
        Plain.Of(panel, "feature_scaling", "deviation_ratio", 0).ShouldBeInRange(300, 800);
        Plain.Of(Read(Of(Clean()), new FeatureScaling()), "feature_scaling", "deviation_ratio", 0).ShouldBeLessThan(1.5);
    }

    [Fact]
    public void Duplicate_and_leaking_features_are_found()
    {
        (float[] x, int[] labels) = Clean();
        for (int row = 0; row < Rows; row++)
            (x[(row * Width) + 3], x[(row * Width) + 4]) = (1 - (2 * x[row * Width]), labels[row]);

        InstrumentPanel panel = Read(Of(x, labels), new DuplicateFeatures(), new LeakingFeatures());
        panel.Readings[0].Series.ShouldBe(new ValueList<double>([3.0, 0.0]));
        panel.Readings[1].Series.ShouldBe(new ValueList<double>([4.0]));
        panel.Readings[1].Value.ShouldBe(1, 1e-12);
        InstrumentPanel clean = Read(Of(Clean()), new DuplicateFeatures(), new LeakingFeatures());
        clean.Readings[0].Value.ShouldBe(0);
        clean.Readings[1].Value.ShouldBeLessThan(0.9);

        float[] targets = [.. Enumerable.Range(0, Rows).Select(row => (2 * x[(row * Width) + 1]) - 1)];
        Read(Dataset.ForRegression(x, [Width], targets), new LeakingFeatures()).Readings[0].Series.ShouldBe(new ValueList<double>([1.0]));
    }

    [Fact]
    public void Wrong_labels_are_found_and_right_ones_left_alone()
    {
        (float[] x, int[] labels) = Clean();
        int[] wrong = [.. Enumerable.Range(0, 30).Select(i => i * 10)];
        foreach (int row in wrong)
            labels[row] = 1 - labels[row];

        InstrumentPanel noisy = Read(Of(x, labels), new LabelNoise()), clean = Read(Of(Clean()), new LabelNoise());
        int[] found = [.. noisy.Readings.Single().Series!.Select(row => (int)row)];
        found.Intersect(wrong).Count().ShouldBeGreaterThan(24);
        found.Except(wrong).Count().ShouldBeLessThan(12);
        clean.Readings.Single().Value.ShouldBeLessThan(0.03);
    }

    [Fact]
    public void Imbalance_order_and_coverage_are_counted()
    {
        (float[] x, int[] labels) = Clean();
        int[] rare = [.. labels.Select((label, row) => label == 1 && row % 5 > 0 ? 0 : label)];
        int[] counts = [rare.Count(label => label == 0), rare.Count(label => label == 1)];
        InstrumentPanel panel = Read(Of(x, rare), new ClassImbalance());
        Plain.Near(panel.Readings[0].Value, (double)counts[0] / counts[1]);
        panel.Readings[0].Series.ShouldBe(new ValueList<double>([counts[0], counts[1]]));

        int[] ordered = [.. Enumerable.Range(0, Rows).Select(row => row < Rows / 2 ? 0 : 1)];
        Plain.Of(Read(Of(x, ordered), new TrainerOptions { Sampler = new Unshuffled() }, new ClassOrder()), "class_order", "excess",
            0).ShouldBeGreaterThan(0.95);
        Plain.Of(Read(Of(x, ordered), new ClassOrder()), "class_order", "excess", 0).ShouldBeInRange(-0.2, 0.2);

        Dataset validation = Of(x, [.. labels.Select(_ => 0)]);
        InstrumentPanel split = Read(Of(x, labels), new TrainerOptions(), validation, new SplitCoverage());
        split.Readings.Single(reading => reading.Quantity == "missing_in_validation").Series.ShouldBe(new ValueList<double>([1.0]));
        split.Readings.Single(reading => reading.Quantity == "fewest_in_validation").Value.ShouldBe(0);
    }

    [Fact]
    public void Data_without_classes_say_so()
    {
        (float[] x, _) = Clean();
        InstrumentPanel panel = Read(Dataset.ForRegression(x, [Width], [.. x.Take(Rows)]), new ClassImbalance(), new LabelNoise(),
            new ClassOrder());
        panel.Readings.Count.ShouldBe(3);
        panel.Readings.ShouldAllBe(reading => reading.IsOff && reading.Note!.Contains("no classes"));
    }

    private static (float[] X, int[] Labels) Clean()
    {
        RandomStream stream = new(8, RandomPurpose.User);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(row => row * 7 / 3 % 2)];
        float[] x = [.. Enumerable.Range(0, Rows * Width).Select(i =>
            (float)(stream.NextNormal() + (i % Width < 3 ? 2.5 * labels[i / Width] : 0)))];
        for (int row = 0; row < Rows; row++)
        {
            for (int i = 0; i < 3; i++)
                x[(row * Width) + i] *= 0.65f;
        }

        return (x, labels);
    }

    private static Dataset Of((float[] X, int[] Labels) data) => Of(data.X, data.Labels);

    private static Dataset Of(float[] x, int[] labels) => Dataset.ForClassification(x, [Width], labels, ["no", "yes"]);

    private static InstrumentPanel Read(Dataset data, params IReadOnlyList<Instrument> instruments) =>
        Read(data, new TrainerOptions(), instruments);

    private static InstrumentPanel Read(Dataset data, TrainerOptions options, params IReadOnlyList<Instrument> instruments) =>
        Read(data, options, null, instruments);

    private static InstrumentPanel Read(Dataset data, TrainerOptions options, Dataset? validation,
        params IReadOnlyList<Instrument> instruments)
    {
        InstrumentPanel panel = Runs.Panel(instruments);
        Module network = new Sequential(new Dense(Width, data.Task.HasClasses ? 2 : 1));
        new Trainer(
            network, new TrainingSet(data), validation is null ? null : new ValidationSet(validation),
            options with { Epochs = 1, MaxSteps = 1, Observers = [panel] }).Fit();
        return panel;
    }

    private sealed record Unshuffled : Sampler
    {
        public override void Fill(in SamplerContext context, Span<int> order)
        {
            for (int i = 0; i < order.Length; i++)
                order[i] = i;
        }
    }
}
