using System.Text.Json.Nodes;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Tests.Layers;

public sealed class LayerTests
{
    [Fact]
    public void Descriptions_build_the_same_network()
    {
        Sequential network = new(
            new Flatten(), new Dense(6, 4, Activation.None, Initializer.XavierNormal(2), bias: false), new BatchNorm1d(4, 1e-3, 0.2),
            new ActivationLayer(Activation.Gelu), new Dropout(0.25), new Sequential(new Dense(4, 2, Activation.Tanh)));
        JsonObject description = network.Describe();
        Module copy = LayerRegistry.Build((JsonObject)JsonNode.Parse(description.ToJsonString())!);
        copy.Describe().ToJsonString().ShouldBe(description.ToJsonString());
        copy.NamedParameters().Select(p => p.Name).ShouldBe(["1.weight", "2.gamma", "2.beta", "5.0.weight", "5.0.bias"]);
        copy.NamedBuffers().Select(b => b.Name).ShouldBe(["2.running_mean", "2.running_variance"]);
        copy.ParameterCount.ShouldBe(24 + 8 + 10);
    }

    [Theory]
    [InlineData("""{"type":"nothing"}""", "expected one of the layer types activation, adaptive_avg_pool1d, ")]
    [InlineData("""{"type":"dense","inputs":3}""", "expected a Int32 'outputs', got nothing")]
    [InlineData("""{"type":"dense","inputs":"x"}""", "expected a Int32 'inputs', got \"x\"")]
    [InlineData("""{"type":"sequential"}""", "expected a list 'layers'")]
    [InlineData("""{"type":"dropout","probability":2.0}""", "expected a probability in [0, 1), got 2")]
    public void Bad_descriptions_are_refused(string json, string message) =>
        Should.Throw<ThalwegException>(() => LayerRegistry.Build((JsonObject)JsonNode.Parse(json)!)).Message.ShouldContain(message);

    [Fact]
    public void Rectifiers_with_learned_parts_compute_and_describe_themselves()
    {
        Sequential network = new(new Maxout(3, 2, 4), new PRelu(2, 0.1));
        LayerRegistry.Build((JsonObject)JsonNode.Parse(network.Describe().ToJsonString())!).Describe().ToJsonString()
            .ShouldBe(network.Describe().ToJsonString());
        network.NamedParameters().Select(p => p.Name).ShouldBe(["0.maps.weight", "0.maps.bias", "1.slope"]);
        network.Initialize(3, DType.Float64);
        Tensor x = Tensor.From([1.0, -2, 0.5, 0, 1, 1], [2, 3]);
        double[] maps = ((Dense)((Maxout)network.Modules[0].Module).Modules[0].Module).Forward(x).ToArray<double>();
        double[] units = [.. maps.Chunk(4).Select(piece => piece.Max())];
        network.Forward(x).ToArray<double>().ShouldBe([.. units.Select(u => u > 0 ? u : 0.1 * u)]);
        Should.Throw<ThalwegException>(() => new Maxout(1, 1, 0)).Message.ShouldContain("got 1, 1 and 0");
        Should.Throw<ThalwegException>(() => new PRelu(0)).Message.ShouldContain("got 0");
    }

    [Fact]
    public void A_custom_module_can_be_registered()
    {
        LayerRegistry.Register("doubler", _ => new Doubler());
        LayerRegistry.Build(new Doubler().Describe()).Forward(Tensor.Ones([2])).ToArray<float>().ShouldBe([2, 2]);
        Should.Throw<ThalwegException>(() => new Silent().Describe()).Message.ShouldContain("override Describe");
    }

    [Fact]
    public void An_uninitialized_network_says_so()
    {
        Should.Throw<ThalwegException>(() => new Dense(2, 2).Forward(Tensor.Ones([1, 2]))).Message.ShouldContain("call Initialize(seed)");
        new Dense(2, 2).IsInitialized.ShouldBeFalse();
        Should.Throw<ThalwegException>(() => new Dense(0, 2));
        Should.Throw<ThalwegException>(() => new BatchNorm1d(2, momentum: -0.1));
        Should.Throw<ThalwegException>(() => new Dropout(1));
    }

    [Fact]
    public void Batch_norm_uses_the_batch_in_training_and_its_averages_in_evaluation()
    {
        BatchNorm1d layer = new(2, 1e-5, momentum: 1);
        layer.Initialize(1, DType.Float64);
        Tensor x = Tensor.From([1.0, 10, 3, 30, 5, 20], [3, 2]);
        Tensor trained = layer.Forward(x);
        trained.Mean(0).ToArray<double>().ShouldAllBe(v => Math.Abs(v) < 1e-12);
        double[] mean = layer.NamedBuffers().First().Value.ToArray<double>(), variance = layer.NamedBuffers()
            .Last().Value.ToArray<double>();
        mean[0].ShouldBe(3, 1e-12);
        mean[1].ShouldBe(20, 1e-12);
        variance[0].ShouldBe(4, 1e-12); // unbiased: (4 + 0 + 4) / 2
        variance[1].ShouldBe(100, 1e-12);
        layer.SetTraining(false);
        double[] evaluated = layer.Forward(x).ToArray<double>();
        evaluated[0].ShouldBe((1 - 3) / Math.Sqrt(4 + 1e-5), 1e-12);
        layer.SetTraining(true);
        Should.Throw<ThalwegException>(() => layer.Forward(Tensor.Ones([1, 2], DType.Float64))).Message.ShouldContain("2 or more values");
        Should.Throw<ThalwegException>(() => layer.Forward(Tensor.Ones([4, 3], DType.Float64))).Message.ShouldContain("[batch, 2]");
    }

    [Fact]
    public void Dropout_drops_in_training_alone_and_follows_the_step()
    {
        Sequential network = new(new Dropout(0.5), new Dropout(0.5));
        network.Initialize(3);
        Tensor x = Tensor.Ones([1000]);
        float[] first = At(0);
        first.Count(v => v == 0).ShouldBeInRange(690, 810); // the two masks are independent: 3/4
        At(1).ShouldNotBe(first);
        At(0).ShouldBe(first);
        network.SetTraining(false);
        network.Forward(x).ToArray<float>().ShouldAllBe(v => v == 1);

        float[] At(long step)
        {
            using ForwardScope context = ForwardContext.Training(step);
            return network.Forward(x).ToArray<float>();
        }
    }

    [Fact]
    public void Losses_have_their_values()
    {
        Tensor y = Tensor.From([0.0, 2.0], [2, 1]), t = Tensor.From([1.0, 0.0], [2, 1]);
        Loss.MeanSquaredError.Compute(y, t).Item().ShouldBe(2.5);
        Loss.MeanSquaredError.Compute(y, t, Reduction.Sum).Item().ShouldBe(5);
        Loss.MeanSquaredError.Compute(y, t, Reduction.None).ToArray<double>().ShouldBe([1, 4]);
        Loss.BinaryCrossEntropy.Compute(y, t).Item().ShouldBe((Math.Log(2) + Math.Log(1 + Math.Exp(2))) / 2, 1e-12);
        double.IsFinite(Loss.BinaryCrossEntropy.Compute(Tensor.From([1e4, -1e4], [2, 1]), t).Item()).ShouldBeTrue();
        Should.Throw<ThalwegException>(
            () => Loss.MeanSquaredError.Compute(y, Tensor.Vector(1.0, 0))).Message.ShouldContain("targets like the outputs");
        Should.Throw<ThalwegException>(() => Loss.BinaryCrossEntropy.Compute(y, Tensor.From([1f, 0], [2, 1])));
        Loss.SoftmaxCrossEntropy.Name.ShouldBe("softmax_cross_entropy");
        Loss.BinaryCrossEntropy.Name.ShouldBe("binary_cross_entropy");
        Loss.MeanSquaredError.Name.ShouldBe("mean_squared_error");
    }

    private sealed class Doubler : Module
    {
        protected override Tensor ForwardCore(Tensor x) => x * 2;

        public override JsonObject Describe() => new() { ["type"] = "doubler" };
    }

    private sealed class Silent : Module
    {
        protected override Tensor ForwardCore(Tensor x) => x;
    }
}
