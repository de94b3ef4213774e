using System.Text.Json.Nodes;
using Thalweg.Layers;

namespace Thalweg.Tests.Layers;

public sealed class ConvolutionLayerTests
{
    private static Sequential Network() => new(
        new Conv2d(3, 8, 3, new ConvolutionOptions { Padding = 1, Activation = Activation.Relu }),
        new Conv2d(8, 8, (3, 1), new ConvolutionOptions { SamePadding = true, Stride = (1, 2), Groups = 4 }, bias: false),
        new BatchNorm2d(8, new BatchNormOptions { Momentum = null, Variance = RunningVariance.Biased }),
        new MaxPool2d(2),
        new Residual(new Sequential(new Conv2d(8, 4, 1), new GroupNorm(2, 4)), new ConvTranspose2d(8, 4, 1), Activation.Relu),
        new AvgPool2d(new PoolingOptions { KernelSize = 2, Stride = 1, DivisorOverride = 3 }),
        new InstanceNorm(4, affine: true), new AdaptiveMaxPool2d(2), new LayerNorm([2, 2]), new RmsNorm([2]), new AdaptiveAvgPool2d(),
        new Flatten(), new Dense(4, 2));

    private static Sequential SignalNetwork() => new(
        new Conv1d(2, 4, 3), new BatchNorm1d(4), new MaxPool1d(), new ConvTranspose1d(
            4, 3, 2, new ConvolutionOptions { Stride = 2 }), new AvgPool1d(),
        new AdaptiveMaxPool1d(3), new AdaptiveAvgPool1d(1));

    [Fact]
    public void Descriptions_build_the_same_network()
    {
        foreach (Sequential network in new[] { Network(), SignalNetwork() })
        {
            JsonObject description = network.Describe();
            Module copy = LayerRegistry.Build((JsonObject)JsonNode.Parse(description.ToJsonString())!);
            copy.Describe().ToJsonString().ShouldBe(description.ToJsonString());
            copy.NamedParameters().Select(p => (p.Name, p.Parameter.Shape))
                .ShouldBe(network.NamedParameters().Select(p => (p.Name, p.Parameter.Shape)));
            copy.NamedBuffers().Select(b => b.Name).ShouldBe(network.NamedBuffers().Select(b => b.Name));
        }
    }

    [Fact]
    public void Layers_give_the_documented_shapes_and_every_parameter_a_derivative()
    {
        Check(Network(), Tensor.Ones([2, 3, 8, 12]), [2, 2]);
        Check(SignalNetwork(), Tensor.Ones([2, 2, 12]), [2, 3, 1]);

        static void Check(Module network, Tensor x, Shape expected)
        {
            network.Initialize(3);
            RandomStream stream = new(4, RandomPurpose.User);
            x = Tensor.Normal(x.Shape, 0, 1, ref stream);
            Tensor y = network.Forward(x);
            y.Shape.ShouldBe(expected);
            y.Square().Sum().Backward();
            network.NamedParameters()
                .ShouldAllBe(p => p.Parameter.Value.Gradient != null && p.Parameter.Value.Gradient.Shape == p.Parameter.Shape);
            network.SetTraining(false);
            network.Forward(x).Shape.ShouldBe(expected);
        }
    }

    [Fact]
    public void A_rectifier_after_a_layer_gives_the_bits_of_one_by_itself()
    {
        Module[] layers = [new Conv2d(16, 16, 3, new ConvolutionOptions { Padding = 1 }), new BatchNorm2d(16),
            new ConvTranspose2d(16, 4, 2), new Dense(9, 5)];
        Sequential fused = new([.. layers.SelectMany(l => new Module[] { l, new ActivationLayer(Activation.Relu) })]);
        // A sequence of one keeps the rectifier apart from the layer before it.
        Sequential plain = new([.. layers.SelectMany(l => new Module[] { new Sequential(l), new ActivationLayer(Activation.Relu) })]);
        fused.Initialize(3);
        RandomStream stream = new(4, RandomPurpose.User);
        Tensor x = Tensor.Normal([3, 16, 8, 8], 0, 1, ref stream);
        float[][] expected = Run(plain), found = Run(fused);
        for (int i = 0; i < expected.Length; i++)
            found[i].AsSpan().SequenceEqual(expected[i]).ShouldBeTrue($"result {i}");

        float[][] Run(Sequential network)
        {
            Tensor y = network.Forward(x);
            y.Square().Sum().Backward();
            return [y.ToArray<float>(), .. fused.NamedParameters().Select(p => p.Parameter.Value.Gradient!.ToArray<float>())];
        }
    }

    [Fact]
    public void A_layer_with_an_activation_of_its_own_keeps_the_one_that_follows()
    {
        Dense layer = new(3, 2, Activation.Tanh);
        Sequential network = new(layer, new ActivationLayer(Activation.Relu));
        network.Initialize(1);
        Tensor x = Tensor.Ones([1, 3]);
        network.Forward(x).ToArray<float>().ShouldBe(layer.Forward(x).Relu().ToArray<float>());
    }

    [Fact]
    public void Weights_start_with_the_variance_of_their_fan_in()
    {
        Conv2d layer = new(32, 64, 3, new ConvolutionOptions { Activation = Activation.Relu });
        layer.Initialize(5);
        double[] weights = [.. layer.Weight.Value.ToArray<float>().Select(v => (double)v)];
        double variance = weights.Average(v => v * v);
        variance.ShouldBe(2.0 / (32 * 9), 0.05 * variance);
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(1, 0, 1, 1)]
    [InlineData(1, 1, 0, 1)]
    [InlineData(3, 4, 1, 2)]
    public void Channels_and_windows_out_of_range_are_refused(int inputs, int outputs, int kernel, int groups) =>
        Should.Throw<ThalwegException>(() => new Conv2d(inputs, outputs, kernel, new ConvolutionOptions { Groups = groups }))
            .Message.ShouldContain("groups that divide the channels");

    [Fact]
    public void Other_arguments_out_of_range_are_refused()
    {
        Should.Throw<ThalwegException>(() => new MaxPool2d(0)).Message.ShouldContain("1 or more");
        Should.Throw<ThalwegException>(() => new GroupNorm(3, 4)).Message.ShouldContain("divide the channels");
        Should.Throw<ThalwegException>(() => new LayerNorm([3], epsilon: 0)).Message.ShouldContain("epsilon > 0");
        Should.Throw<ThalwegException>(() => new Residual(new Dense(2, 3)).Initialize(1).Forward(Tensor.Ones([1, 2])))
            .Message.ShouldContain("[residual] expected a shortcut");
        JsonObject description = new MaxPool2d(2).Describe();
        description["stride"] = "2";
        Should.Throw<ThalwegException>(() => LayerRegistry.Build(description)).Message.ShouldContain("HEIGHTxWIDTH");
        description = new LayerNorm([3]).Describe();
        description["shape"] = "3x-1";
        Should.Throw<ThalwegException>(() => LayerRegistry.Build(description)).Message.ShouldContain("sizes such as 3x4");
        description = new BatchNorm2d(3).Describe();
        description["variance"] = "huge";
        Should.Throw<ThalwegException>(() => LayerRegistry.Build(description)).Message.ShouldContain("Unbiased, Biased");
    }
}
