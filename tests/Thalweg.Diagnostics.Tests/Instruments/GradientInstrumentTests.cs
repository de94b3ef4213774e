using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Diagnostics.Tests.Instruments;

/// <summary>Instruments of gradients, weights and noise against their plain definitions.</summary>
public sealed class GradientInstrumentTests
{
    [Theory]
    [MemberData(nameof(Runs.Networks), MemberType = typeof(Runs))]
    public void Norms_ratios_distances_and_cosines_equal_their_definitions(string network)
    {
        List<double[]> weights = [], gradients = [];
        List<(double[] Before, double[] After)> updates = [];
        InstrumentPanel panel = Runs.Panel(
            new Probe(
                gradient: moment =>
                {
                    weights.Add(Plain.Values(moment.Parameters.Values));
                    gradients.Add(Plain.Values(moment.Parameters.Gradients));
                },
                update: (moment, before) => updates.Add((Plain.Values(before), Plain.Values(moment.Parameters.Values)))),
            new GradientNorm { When = new EverySteps(1) }, new WeightNorm { When = new EverySteps(1) },
                new UpdateRatio { When = new EverySteps(1) },
            new DistanceFromStart { When = new EverySteps(1) }, new PathLength { When = new EverySteps(1) },
            new GradientCosine { When = new EverySteps(1) });
        Runs.New(network, Runs.Options(2), DType.Float64, panel).Fit();
        double length = 0;
        for (int step = 0; step < weights.Count; step++)
        {
            (double[] before, double[] after) = updates[step];
            double[] difference = [.. after.Zip(before, (a, b) => a - b)], from = [.. weights[step].Zip(weights[0], (a, b) => a - b)];
            Plain.Near(Plain.Of(panel, "gradient_norm", "norm", step), Plain.Norm(gradients[step]));
            Plain.Near(Plain.Of(panel, "weight_norm", "norm", step), Plain.Norm(weights[step]));
            Plain.Near(Plain.Of(panel, "update_ratio", "ratio", step), Plain.Norm(difference) / Plain.Norm(before));
            Plain.Near(Plain.Of(panel, "distance_from_start", "distance", step), Plain.Norm(from));
            length += step > 0 ? Plain.Norm(weights[step].Zip(weights[step - 1], (a, b) => a - b)) : 0;
            Plain.Near(Plain.Of(panel, "path_length", "length", step), length);
            if (step > 0)
            {
                (double[] now, double[] last) = (gradients[step], gradients[step - 1]);
                double cosine = Plain.Dot(now, last) / (Plain.Norm(now) * Plain.Norm(last));
                Plain.Near(Plain.Of(panel, "gradient_cosine", "cosine", step), cosine);
            }
        }
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("convolution")]
    [InlineData("recurrent")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void Noise_equals_that_of_a_loop_over_samples(string network)
    {
        List<(double[][] Singles, double[] Mean)> steps = [];
        InstrumentPanel panel = Runs.Panel(
            new Probe(pass: (moment, pass) => steps.Add(OneByOne(moment, pass))), new GradientNoise { When = new EverySteps(1) },
            new GradientSignal { When = new EverySteps(1) });
        Runs.New(network, Runs.Options(1), DType.Float64, panel).Fit();
        panel.Readings.ShouldAllBe(reading => !reading.IsOff);
        for (int step = 0; step < steps.Count; step++)
        {
            (double[][] g, double[] mean) = steps[step];
            double b = g.Length, square = Plain.Dot(mean, mean), norms = g.Sum(each => Plain.Dot(each, each));
            double variance = g.Sum(each => each.Zip(mean, (x, m) => (x - m) * (x - m)).Sum()) / (b - 1);
            double products = g.Sum(each => Math.Pow(Plain.Dot(each, mean), 2));
            Check("variance", variance);
            Check("coverage", 1);
            Check("noise_scale", variance / square);
            Check("signal_to_noise", b * square / variance);
            Check("norm_test", Math.Sqrt((norms - (b * square)) / ((b - 1) * b * square)));
            Check("inner_product_test", Math.Sqrt((products - (b * square * square)) / ((b - 1) * b * square * square)));
            Check("orthogonality_test", Math.Sqrt(g.Sum(each =>
                Plain.Dot(each, each) - (Math.Pow(Plain.Dot(each, mean), 2) / square)) / ((b - 1) * b * square)));
            double[] noise = [.. mean.Select((m, j) => g.Average(each => each[j] * each[j]) - (m * m))];
            Plain.Near(Plain.Of(panel, "gradient_signal", "mean_gsnr", step), mean.Select((m, j) => m * m / (noise[j] + 1e-5)).Average());

            void Check(string quantity, double expected) => Plain.Near(Plain.Of(panel, "gradient_noise", quantity, step), expected,
                quantity);
        }
    }

    [Fact]
    public void Parts_of_single_samples_add_up_under_batch_normalization()
    {
        List<double> sums = [];
        InstrumentPanel panel = Runs.Panel(new Probe(pass: (moment, pass) =>
        {
            SingleGradients singles = pass.Singles;
            singles.Coverage.ShouldBe(1);
            sums.Add(singles.Products.Average() / singles.SquaredMean);
            RandomStream stream = new(3, RandomPurpose.User);
            Tensor v = Tensor.Normal(moment.Parameters.Values.Shape, 0, 1, ref stream, DType.Float64);
            double expected = singles.Parameters.Sum(s => Plain.Dot(Plain.Values(s.Gradient),
                Plain.Values(v.Slice(0, s.Offset, (int)s.Gradient.Length))));
            singles.Project(v).Average().ShouldBe(expected, 1e-10);
        }));
        Runs.New("batch norm", Runs.Options(1), DType.Float64, panel).Fit();
        panel.Readings.ShouldBeEmpty();
        sums.ShouldAllBe(sum => Math.Abs(sum - 1) < 1e-9);
    }

    [Theory]
    [InlineData("clip_by_global_norm(0.05)")]
    [InlineData("clip_by_value(0.01)")]
    [InlineData("clip_each(0.02)")]
    public void The_share_that_clipping_takes_equals_that_of_the_rule(string rule)
    {
        List<double[]> gradients = [];
        InstrumentPanel panel = Runs.Panel(
            new Probe(gradient: moment => gradients.Add(Plain.Values(moment.Parameters.Gradients))),
                new ClippedShare { When = new EverySteps(1) });
        TrainerOptions options = Runs.Options(1) with { Optimizer = ChainText.Parse($"chain({rule}, sgd(0.1))") };
        Trainer trainer = Runs.New("dense", options, DType.Float64, panel);
        trainer.Fit();
        for (int step = 0; step < gradients.Count; step++)
        {
            OptimizerRun run = new(ChainText.Parse($"chain({rule}, sgd(1))"), trainer.Parameters.Segments, DType.Float64);
            double[] moved = new double[gradients[step].Length];
            run.Step<double>(moved, gradients[step]);
            Plain.Near(Plain.Of(panel, "clipped_share", "share", step), 1 - (Plain.Norm(moved) / Plain.Norm(gradients[step])));
        }

        panel.Readings.ShouldContain(reading => reading.Quantity == "clipped" && reading.Value == 1);
    }

    [Fact]
    public void Alpha_is_zero_at_the_lowest_point_of_a_parabola()
    {
        // f(t) = (t - 2)^2 + 1: steps to the lowest point, half of the way, and to the other side.
        foreach ((double t, double alpha) in ((double, double)[])[(2, 0), (1, -0.5), (4, 1)])
        {
            ParabolaFit exact = ParabolaFit.Of(t, (5, ((t - 2) * (t - 2)) + 1), (-4, 2 * (t - 2)), new((1, 1), (1, 1)));
            ((t / exact.Lowest) - 1).ShouldBe(alpha, 1e-12);
            ParabolaFit weighted = ParabolaFit.Of(t, (5, ((t - 2) * (t - 2)) + 1), (-4, 2 * (t - 2)), new((1e-3, 10), (5, 0.1)));
            ((t / weighted.Lowest) - 1).ShouldBe(alpha, 1e-9);
        }

        // Values that no parabola has: those of less noise count.
        ParabolaFit.Of(1, (0, 5), (-1, 1), new((1, 1e9), (1, 1))).Curvature.ShouldBe(2, 1e-3);
        InstrumentPanel panel = Runs.Panel(new StepQuality { When = new EverySteps(2) });
        Runs.New("dense", Runs.Options(2, new Sgd(0.05)), DType.Float64, panel).Fit();
        panel.Readings.Count(reading => reading.Quantity == "alpha").ShouldBe(5);
        panel.Readings.ShouldContain(reading => reading.Quantity == "alpha" && reading.Value > -1 && reading.Value < 0);
    }

    [Fact]
    public void The_gap_is_that_of_the_evaluations()
    {
        InstrumentPanel panel = Runs.Panel(new GeneralizationGap());
        TrainingReport report = Runs.New("dense", Runs.Options(2), DType.Float64, panel).Fit();
        foreach (EpochReport epoch in report.Epochs)
        {
            InstrumentReading gap = panel.Readings.Single(reading => reading.Epoch == epoch.Epoch && reading.Quantity == "loss");
            gap.Value.ShouldBe(epoch.Validation.Loss - epoch.Training.Loss);
            panel.Readings.Single(reading => reading.Epoch == epoch.Epoch && reading.Quantity == "metric").Value
                .ShouldBe(epoch.Training.Accuracy - epoch.Validation.Accuracy, 1e-12);
        }
    }

    /// <summary>The gradients of the loss of each sample by itself, in the layout of the parameters.</summary>
    private static (double[][] Singles, double[] Mean) OneByOne(InstrumentMoment moment, NetworkPass pass)
    {
        Tensor x = pass.Objective.Features.Detach(), t = pass.Objective.Targets.Detach();
        Tensor[] leaves = [.. moment.Parameters.Named.Select(parameter => parameter.Value)];
        double[][] singles = [.. Enumerable.Range(0, pass.Samples).Select(i =>
        {
            Tensor loss = Loss.SoftmaxCrossEntropy.Compute(moment.Trainer.Module.Forward(x.Slice(0, i, 1)), t.Slice(0, i, 1));
            return Gradients.Of(loss, leaves).SelectMany(Plain.Values).ToArray();
        })];
        return (singles, [.. Enumerable.Range(0, singles[0].Length).Select(j => singles.Average(single => single[j]))]);
    }
}
