using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Tests.Layers;

public sealed class NoiseAndNormalizedWeightTests
{
    [Fact]
    public void Channels_and_samples_are_dropped_whole()
    {
        Tensor x = Tensor.Ones([50, 20, 3]);
        float[][] channels = [.. Trained(new ChannelDropout(0.25), x).Chunk(3)];
        channels.ShouldAllBe(c => c.Distinct().Count() == 1 && (c[0] == 0 || Math.Abs(c[0] - (1 / 0.75f)) < 1e-6));
        channels.Count(c => c[0] == 0).ShouldBeInRange(190, 310);
        float[][] samples = [.. Trained(new StochasticDepth(0.5), Tensor.Ones([400, 3])).Chunk(3)];
        samples.ShouldAllBe(s => s.Distinct().Count() == 1 && (s[0] == 0 || s[0] == 2));
        samples.Count(s => s[0] == 0).ShouldBeInRange(150, 250);
        Should.Throw<ThalwegException>(() => new ChannelDropout(1)).Message.ShouldContain(
            "[channel dropout] expected a probability in [0, 1), got 1");
        Should.Throw<ThalwegException>(() => new GaussianNoise(-1)).Message.ShouldContain("expected a deviation");
    }

    [Fact]
    public void Noise_has_its_mean_and_variance()
    {
        RandomStream stream = new(1, RandomPurpose.User);
        Tensor x = Tensor.Normal([40_000], 0, 1, ref stream);
        Moments(Trained(new AlphaDropout(0.3), x), 0, 1);
        Moments(Trained(new GaussianNoise(0.5), Tensor.Full([40_000], 2)), 2, 0.25);
        Moments(Trained(new GaussianDropout(0.2), Tensor.Full([40_000], 2)), 2, 4 * 0.25);
        Module layer = new AlphaDropout(0.3).Initialize(1);
        layer.SetTraining(false);
        layer.Forward(x).ShouldBeSameAs(x);

        static void Moments(float[] y, double mean, double variance)
        {
            double found = y.Average(v => (double)v);
            found.ShouldBe(mean, 0.03);
            y.Average(v => (v - found) * (v - found)).ShouldBe(variance, 0.04);
        }
    }

    [Fact]
    public void Weight_normalization_starts_as_the_layer_and_scales_by_its_gain()
    {
        Dense plain = new(5, 3);
        WeightNorm layer = new(new Dense(5, 3));
        plain.Initialize(3, DType.Float64);
        layer.Initialize(3, DType.Float64);
        layer.NamedParameters().Select(p => p.Name).ShouldBe(["gain", "module.weight", "module.bias"]);
        Tensor v = layer.NamedParameters().Single(p => p.Name == "module.weight").Parameter.Value, x = Tensor.Ones([1, 5], DType.Float64);
        double[] first = layer.Forward(x).ToArray<double>();
        double[] sums = v.Sum(0).ToArray<double>();
        for (int i = 0; i < 3; i++)
        {
            first[i].ShouldBe(sums[i], 1e-14);
        }

        layer.Gain.Value.AsSpan<double>()[1] *= 3;
        v.Assign(v.Detach() * 7);
        layer.Forward(x).ToArray<double>()[1].ShouldBe(3 * first[1], 1e-13);
        Should.Throw<ThalwegException>(
            () => new WeightNorm(new Flatten())).Message.ShouldContain("expected a dense or convolution layer, got Flatten");
        Should.Throw<ThalwegException>(
            () => new WeightNorm(new ConvTranspose1d(2, 4, 3, new() { Groups = 2 }))).Message.ShouldContain("one group");
    }

    [Fact]
    public void Spectral_normalization_divides_by_the_largest_singular_value()
    {
        Dense dense = new(2, 2, bias: false);
        SpectralNorm layer = new(dense, 50);
        layer.Initialize(3, DType.Float64);
        dense.Weight.Value.Assign(Tensor.From([3.0, 0, 4, 5], [2, 2])); // singular values sqrt(45) and sqrt(5)
        double[] y = layer.Forward(Tensor.From([1.0, 0, 0, 1], [2, 2])).ToArray<double>();
        double[] expected = [3, 0, 4, 5];
        for (int i = 0; i < 4; i++)
        {
            y[i].ShouldBe(expected[i] / Math.Sqrt(45), 1e-12);
        }

        layer.SetTraining(false);
        double[] direction = layer.NamedBuffers().Single().Value.ToArray<double>();
        layer.Forward(Tensor.Ones([1, 2], DType.Float64));
        layer.NamedBuffers().Single().Value.ToArray<double>().ShouldBe(direction);
    }

    [Fact]
    public void A_dense_block_gives_everything_side_by_side()
    {
        Dense first = new(2, 1), second = new(3, 2);
        DenseBlock block = new(first, second);
        block.Initialize(4, DType.Float64);
        Tensor x = Tensor.From([1.0, -2], [1, 2]), one = Tensor.Concatenate(1, x, first.Forward(x));
        block.Forward(x).ToArray<double>().ShouldBe(Tensor.Concatenate(1, one, second.Forward(one)).ToArray<double>());
    }

    [Fact]
    public void Batch_normalization_goes_before_or_after_the_activation()
    {
        NetworkSpec spec = new() { HiddenUnits = [4], BatchNorm = true };
        spec.Build([3], 2).Modules.Select(m => m.Module.GetType().Name).ShouldBe(["Dense", "BatchNorm1d", "ActivationLayer", "Dense"]);
        Sequential after = (spec with { Normalization = new BatchNormalization { AfterActivation = true } }).Build([3], 2);
        after.Modules.Select(m => m.Module.GetType().Name).ShouldBe(["Dense", "BatchNorm1d", "Dense"]);
        ((Dense)after.Modules[0].Module).Activation.ShouldBe(Activation.Relu);
    }

    private static float[] Trained(Module layer, Tensor x) => layer.Initialize(5).Forward(x).ToArray<float>();
}
