using Shouldly;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Metrics;
using Thalweg.Optimizers;
using Thalweg.Training;
using Xunit;

namespace Thalweg.Tests.Training;

/// <summary>What a linear model reaches, and which figure chooses the best epoch.</summary>
public sealed class LinearReferenceTests
{
    [Fact]
    public void Ridge_regression_is_that_of_the_closed_form()
    {
        // One feature x of mean 0 and a target of mean 0: w = sum(x y) / (sum(x x) + 1), the bias 0.
        float[] x = [-2, -1, 1, 2], y = [-3, -1, 1, 3];
        double w = x.Zip(y, (a, b) => (double)a * b).Sum() / (x.Sum(a => (double)a * a) + 1);
        double left = x.Zip(y, (a, b) => Math.Pow(b - (w * a), 2)).Sum(), all = y.Sum(b => (double)b * b);
        Dataset data = Dataset.ForRegression(x, [1], y);
        Evaluation figures = LinearReference.Fit(new TrainingSet(data), new ValidationSet(data));
        figures.R2.ShouldBe(1 - (left / all), 1e-6);
    }

    [Fact]
    public void Logistic_regression_parts_what_a_line_parts()
    {
        float[] x = [0, 0, 0, 1, 1, 0, 1, 1, 3, 3, 3, 4, 4, 3, 4, 4];
        Dataset data = Dataset.ForClassification(x, [2], [0, 0, 0, 0, 1, 1, 1, 1], ["low", "high"]);
        LinearReference.Fit(new TrainingSet(data), new ValidationSet(data)).Accuracy.ShouldBe(1);
        LinearReference.IsCheap(new TrainingSet(data)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("metric")]
    [InlineData("loss")]
    public void The_best_epoch_is_that_of_the_monitored_figure(string name)
    {
        Random random = new(3);
        float[] x = [.. Enumerable.Range(0, 80).Select(_ => (float)random.NextDouble())];
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => x[2 * i] + (0.7 * random.NextDouble()) > x[(2 * i) + 1] + 0.35 ? 1 : 0)];
        Dataset data = Dataset.ForClassification(x, [2], labels, ["no", "yes"]);
        int[] rows = [.. Enumerable.Range(0, 40)];
        TrainingSet training = new(data.WithRows(rows[..25]));
        ValidationSet validation = new(data.WithRows(rows[25..]));
        TrainerOptions options = new() { Optimizer = new Adam(0.05), Epochs = 40, Patience = 0, Monitor = Settings.Parse<Metric>(name) };
        Sequential network = new(new Dense(2, 16, Activation.Relu), new Dense(16, 2));
        TrainingReport report = new Trainer(network, training, validation, options).Fit();
        EpochReport best = report.Epochs[report.BestEpoch];
        if (name == "loss")
            best.Validation.Loss.ShouldBe(report.Epochs.Min(epoch => epoch.Validation.Loss));
        else
            best.Validation.Accuracy.ShouldBe(report.Epochs.Max(epoch => epoch.Validation.Accuracy));
    }
}
