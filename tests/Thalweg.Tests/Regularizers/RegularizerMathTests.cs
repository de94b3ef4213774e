using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Tests.Training;
using Thalweg.Training;

namespace Thalweg.Tests.Regularizers;

/// <summary>What single regularizers do to batches, losses and gradients.</summary>
public sealed class RegularizerMathTests
{
    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(3)]
    public void Beta_draws_have_the_moments_of_the_distribution(double alpha)
    {
        RandomStream stream = new(7, RandomPurpose.User);
        const int n = 100_000;
        double sum = 0, squares = 0;
        for (int i = 0; i < n; i++)
        {
            double x = RandomDraws.Beta(alpha, ref stream) - 0.5;
            (sum, squares) = (sum + x, squares + (x * x));
        }

        double variance = 1 / (4 * ((2 * alpha) + 1));
        (sum / n).ShouldBe(0, 5 * Math.Sqrt(variance / n));
        (squares / n).ShouldBe(variance, 0.02 * variance);
    }

    [Fact]
    public void Noise_has_its_deviation_and_differs_from_step_to_step()
    {
        SampleBatch batch = Batch(Tensor.Zeros([200, 50]));
        RandomStream stream = new(1, RandomPurpose.Regularization, 5), other = new(1, RandomPurpose.Regularization, 6);
        new InputNoise(0.3).Prepare(ref batch, ref stream);
        float[] noise = batch.Features.ToArray<float>();
        noise.Average(x => (double)x).ShouldBe(0, 0.015);
        Math.Sqrt(noise.Average(x => (double)x * x)).ShouldBe(0.3, 0.01);
        SampleBatch second = Batch(Tensor.Zeros([200, 50]));
        new InputNoise(0.3).Prepare(ref second, ref other);
        second.Features.ToArray<float>().ShouldNotBe(noise);
    }

    [Fact]
    public void Mixup_mixes_inputs_and_targets_by_one_share()
    {
        // Sample i has the features (i, i^2) and the label i, so the mixture can be read off.
        SampleBatch batch = new(Tensor.From([0f, 0, 1, 1, 2, 4, 3, 9], [4, 2]), Tensor.From([0, 1, 2, 3], [4])) { Outputs = 4 };
        RandomStream stream = new(3, RandomPurpose.Regularization);
        new Mixup(1).Prepare(ref batch, ref stream);
        float[] x = batch.Features.ToArray<float>(), t = batch.Targets.ToArray<float>();
        for (int i = 0; i < 4; i++)
        {
            double[] row = [.. Enumerable.Range(0, 4).Select(k => (double)t[(4 * i) + k])];
            row.Sum().ShouldBe(1, 1e-6);
            ((double)x[2 * i]).ShouldBe(row.Select((p, k) => p * k).Sum(), 1e-5);
            ((double)x[(2 * i) + 1]).ShouldBe(row.Select((p, k) => p * k * k).Sum(), 1e-5);
        }

        t.Count(p => p is > 0.01f and < 0.99f).ShouldBeGreaterThan(3);
    }

    [Fact]
    public void Numbers_to_learn_are_mixed_like_inputs()
    {
        SampleBatch batch = new(Tensor.From([1.0, 2, 3, 5], [4, 1]), Tensor.From([10.0, 20, 30, 50], [4, 1]));
        RandomStream stream = new(3, RandomPurpose.Regularization);
        new Mixup(1).Prepare(ref batch, ref stream);
        double[] x = batch.Features.ToArray<double>(), t = batch.Targets.ToArray<double>();
        x.ShouldNotBe([1.0, 2, 3, 5]);
        for (int i = 0; i < 4; i++)
            t[i].ShouldBe(10 * x[i], 1e-12);
        batch.Labels.ToArray<double>().ShouldBe([10.0, 20, 30, 50]);
    }

    [Fact]
    public void CutMix_targets_are_shares_of_the_area()
    {
        float[] pixels = [.. Enumerable.Range(0, 4).SelectMany(i => Enumerable.Repeat((float)i, 2 * 8 * 6))];
        int mixed = 0;
        for (ulong seed = 0; seed < 5; seed++)
        {
            SampleBatch batch = new(Tensor.From(pixels, [4, 2, 8, 6]), Tensor.From([0, 1, 2, 3], [4])) { Outputs = 4 };
            RandomStream stream = new(seed, RandomPurpose.Regularization);
            new CutMix(1).Prepare(ref batch, ref stream);
            float[] x = batch.Features.ToArray<float>(), t = batch.Targets.ToArray<float>();
            for (int i = 0; i < 16; i++)
                ((double)t[i]).ShouldBe(x.Skip(96 * (i / 4)).Take(96).Count(pixel => pixel == i % 4) / 96.0, 1e-6);
            mixed += t.Count(p => p is > 0 and < 1);
        }

        mixed.ShouldBeGreaterThan(15);
    }

    [Fact]
    public void Warps_put_pixels_where_they_belong()
    {
        float[] image = [.. Enumerable.Range(0, 12).Select(i => (float)(i * i))];
        PixelMap right = PixelMap.Identity with { ColumnShift = 1 };
        Warped(new Fixed(right), image).ShouldBe([1, 4, 9, 9, 25, 36, 49, 49, 81, 100, 121, 121]);
        Warped(new RandomFlip { Probability = 1 }, image).ShouldBe([9, 4, 1, 0, 49, 36, 25, 16, 121, 100, 81, 64]);
        Warped(new RandomFlip { Probability = 1, Axis = FlipAxis.Vertical }, image)
            .ShouldBe([64, 81, 100, 121, 16, 25, 36, 49, 0, 1, 4, 9]);
        Warped(new RandomFlip { Probability = 0 }, image).ShouldBe(image);
        Warped(new RandomCrop(1), image).ShouldBe(image);
        Warped(new RandomShift(0), image).ShouldBe(image);
        PixelMap half = PixelMap.Identity with { ColumnShift = 0.5 };
        Warped(new Fixed(half), [0, 2, 4, 6, 0, 0, 0, 0, 1, 1, 1, 1]).ShouldBe([1, 3, 5, 6, 0, 0, 0, 0, 1, 1, 1, 1]);
    }

    [Fact]
    public void A_rotation_turns_about_the_center()
    {
        RandomStream stream = new(1, RandomPurpose.Regularization);
        ImageSize size = new(1, 5, 5);
        for (int i = 0; i < 20; i++)
        {
            PixelMap map = new RandomRotation(180).Draw(size, ref stream);
            (map.RowOf(2, 2), map.ColumnOf(2, 2))
                .ShouldSatisfyAllConditions(at => at.Item1.ShouldBe(2, 1e-12), at => at.Item2.ShouldBe(2, 1e-12));
            double row = map.RowOf(0, 2) - 2, column = map.ColumnOf(0, 2) - 2;
            Math.Sqrt((row * row) + (column * column)).ShouldBe(2, 1e-12);
        }
    }

    [Fact]
    public void Shifts_and_crops_stay_in_their_bounds_and_reach_them()
    {
        RandomStream stream = new(1, RandomPurpose.Regularization);
        ImageSize size = new(1, 10, 10);
        PixelMap[] shifts = [.. Draws(new RandomShift(2))], crops = [.. Draws(new RandomCrop(0.25))];
        shifts.Select(map => map.RowShift).Distinct().Order().ShouldBe([-2, -1, 0, 1, 2]);
        crops.ShouldAllBe(map => map.RowByRow >= 0.5 && map.RowByRow <= 1 && map.RowShift >= 0 && map.RowOf(9, 0) <= 9 +
            1e-12 && map.ColumnOf(0, 9) <= 9 + 1e-12);
        crops.Min(map => map.RowByRow).ShouldBeLessThan(0.55);

        IEnumerable<PixelMap> Draws(ImageWarp warp) => Enumerable.Range(0, 300).Select(_ => warp.Draw(size, ref stream)).ToArray();
    }

    [Fact]
    public void Erasing_clears_boxes_of_the_asked_area()
    {
        SampleBatch batch = Batch(Tensor.Ones([400, 1, 20, 20]));
        RandomStream stream = new(1, RandomPurpose.Regularization);
        new RandomErase { Probability = 0.5, Least = 0.1, Most = 0.1 }.Prepare(ref batch, ref stream);
        float[] pixels = batch.Features.ToArray<float>();
        double[] shares = [.. pixels.Chunk(400).Select(image => image.Count(pixel => pixel == 0) / 400.0)];
        shares.Count(share => share > 0).ShouldBeInRange(160, 240);
        shares.Max().ShouldBeInRange(0.08, 0.13);
    }

    [Fact]
    public void Penalties_add_their_gradient_and_value()
    {
        (double loss, double[] plain, double[] weights) = Evaluate();
        (double l2, double[] g2, _) = Evaluate(new L2Penalty(0.3));
        (double whole, double[] gWhole, _) = Evaluate(new L2Penalty(0.15) { Factor = PenaltyFactor.Whole });
        (double elastic, double[] gElastic, _) = Evaluate(new ElasticNet(0.2, 0.3));
        double squares = weights.Take(6).Sum(w => w * w), absolutes = weights.Take(6).Sum(Math.Abs);
        l2.ShouldBe(loss + (0.15 * squares), 1e-12);
        whole.ShouldBe(l2, 1e-14);
        gWhole.ShouldBe(g2);
        elastic.ShouldBe(loss + (0.2 * absolutes) + (0.15 * squares), 1e-12);
        for (int i = 0; i < plain.Length; i++)
        {
            double decay = i < 6 ? 0.3 * weights[i] : 0;
            g2[i].ShouldBe(plain[i] + decay, 1e-14);
            gElastic[i].ShouldBe(plain[i] + decay + (i < 6 ? 0.2 * Math.Sign(weights[i]) : 0), 1e-14);
        }
    }

    [Fact]
    public void Label_smoothing_is_that_of_the_loss()
    {
        (double smoothed, double[] gradient, _) = Evaluate(new LabelSmoothing(0.1));
        (double expected, double[] expectedGradient, _) = Evaluate(null, new CrossEntropyLoss { LabelSmoothing = 0.1 });
        smoothed.ShouldBe(expected);
        gradient.ShouldBe(expectedGradient);
    }

    [Fact]
    public void The_gradient_penalty_is_the_mean_square_of_each_samples_derivative()
    {
        (double loss, _, double[] weights) = Evaluate();
        (double penalized, _, _) = Evaluate(new GradientPenalty(0.7));
        // By hand: d loss_i / d x_i = W (softmax(x W) - onehot), W [2, 3], biases 0.
        Dataset data = Samples.Clusters(30);
        float[] x = new float[60];
        int[] labels = new int[30];
        data.Gather(Dataset.AllRows(30), x.AsSpan());
        data.GatherLabels(Dataset.AllRows(30), labels);
        double sum = 0;
        for (int i = 0; i < 30; i++)
        {
            double[] e = [.. Enumerable.Range(0, 3).Select(k => Math.Exp((x[2 * i] * weights[k]) + (x[(2 * i) + 1] * weights[3 + k])))];
            double[] error = [.. e.Select((value, k) => (value / e.Sum()) - (k == labels[i] ? 1 : 0))];
            double first = Enumerable.Range(0, 3).Sum(k => weights[k] * error[k]), second = Enumerable.Range(0, 3)
                .Sum(k => weights[3 + k] * error[k]);
            sum += (first * first) + (second * second);
        }

        penalized.ShouldBe(loss + (0.7 * sum / 30), 1e-10);
    }

    private static (double Value, double[] Gradient, double[] Weights) Evaluate(Regularizer? regularizer = null, Loss? loss = null)
    {
        Sequential network = new(new Dense(2, 3));
        network.Initialize(1, DType.Float64);
        Dataset data = Samples.Clusters(30);
        Trainer trainer = new(network, new TrainingSet(data), new ValidationSet(data), new TrainerOptions
        {
            Optimizer = new Sgd(),
            BatchSize = 30,
            Loss = loss,
            Regularizers = regularizer is null ? [] : [regularizer],
        });
        trainer.Objective.Begin(Dataset.AllRows(30), 0);
        double value = trainer.Objective.Gradient();
        return (value, trainer.Parameters.Gradients.ToArray<double>(), trainer.Parameters.Values.ToArray<double>());
    }

    private static SampleBatch Batch(Tensor features) => new(features, Tensor.Zeros([features.Shape[0]], DType.Int32)) { Outputs = 2 };

    private static float[] Warped(ImageWarp warp, float[] image)
    {
        SampleBatch batch = Batch(Tensor.From(image, [1, 3, 4]));
        RandomStream stream = new(1, RandomPurpose.Regularization);
        warp.Prepare(ref batch, ref stream);
        return batch.Features.ToArray<float>();
    }

    private sealed record Fixed(PixelMap Map) : ImageWarp
    {
        public override string Formula => "fixed";

        public override string Source => "none";

        internal override PixelMap Draw(ImageSize size, ref RandomStream stream) => Map;
    }
}
