using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Metrics;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Samples;

/// <summary>Mean cost of an answer: to miss a sample of class 1 costs <paramref name="Miss"/>, a false alarm 1.</summary>
public sealed record CostOfErrors(double Miss) : Metric
{
    public override bool LessIsBetter => true;

    public override int LengthFor(int classes)
    {
        RefuseNumbers(classes);
        return 2;
    }

    public override void Add(in MetricBatch batch, Span<double> sums)
    {
        for (int i = 0; i < batch.Count; i++)
            sums[0] += batch.PredictedClass(i) == batch.Label(i) ? 0 : batch.Label(i) == 1 ? Miss : 1;
        sums[1] += batch.Count;
    }

    public override double Result(ReadOnlySpan<double> sums) => sums[0] / sums[1];
}

internal static class CustomMetric
{
    public static void Run(TextWriter output)
    {
        DataSplit data = DataSource.Open("moons").Split();
        CostOfErrors cost = new(Miss: 5);
        TrainerOptions options = new() { Optimizer = new AdamW(1e-2), Monitor = cost, Patience = 5, Epochs = 200 };
        Sequential network = new(new Dense(2, 16, Activation.Tanh), new Dense(16, 2));
        TrainingReport report = new Trainer(network, data.Training, data.Validation, options).Fit();
        double least = report.Epochs.Min(epoch => epoch.Validation.ValueOf(cost));
        output.WriteLine($"{report.Reason} after {report.Epochs.Count} epochs");
        output.WriteLine($"cost of the kept weights {report.Best!.Validation.ValueOf(cost):f4}, least of all epochs {least:f4}");
    }
}
