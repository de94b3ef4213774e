using Thalweg.Initialization;
using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Tests.Initialization;

public sealed class LsuvTests
{
    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Gelu)]
    public void Every_layer_gets_unit_variance(Activation activation)
    {
        Sequential network = Nets.Deep(12, activation, Initializer.Normal(0.01));
        Tensor batch = Nets.Batch(256, 32);
        IReadOnlyList<LsuvLayer> layers = Lsuv.Apply(network, batch);
        layers.Select(layer => layer.Name).ShouldBe(Enumerable.Range(0, 13).Select(i => $"{i}.weight"));
        Tensor x = batch;
        foreach (Dense dense in network.Modules.Select(m => (Dense)m.Module))
        {
            double[] z = x.Linear(dense.Weight.Value, dense.Bias!.Value).ToArray<double>();
            double mean = z.Average();
            (z.Sum(v => (v - mean) * (v - mean)) / z.Length).ShouldBe(1, 0.1);
            x = dense.Forward(x);
        }
    }

    [Fact]
    public void Weights_are_a_multiple_of_orthonormal_ones_and_of_the_given_ones_where_asked()
    {
        Sequential network = Nets.Deep(1, Activation.Relu, Initializer.Normal(0.01));
        Tensor before = ((Dense)network.Modules[0].Module).Weight.Value.Clone();
        Lsuv.Apply(network, Nets.Batch(64, 32), new LsuvOptions { Orthonormal = false });
        double[] ratio = ((Dense)network.Modules[0].Module).Weight.Value.Divide(before).ToArray<double>();
        ratio.Max().ShouldBe(ratio.Min(), 1e-9 * ratio.Max());
        ratio[0].ShouldBeGreaterThan(5);

        Lsuv.Apply(network, Nets.Batch(64, 32));
        Tensor weight = ((Dense)network.Modules[0].Module).Weight.Value;
        double[] product = weight.Transpose().MatMul(weight).ToArray<double>();
        double scale = product[0];
        for (int i = 0; i < product.Length; i++)
            product[i].ShouldBe(i / 32 == i % 32 ? scale : 0, 1e-9);
    }

    [Fact]
    public void Convolutions_count_and_running_statistics_stay()
    {
        Sequential network = new(new Conv2d(3, 8, 3), new BatchNorm2d(8), new ActivationLayer(Activation.Relu), new Conv2d(8, 4, 3),
            new Flatten(), new Dense(4 * 4 * 4, 5));
        network.Initialize(1);
        RandomStream stream = new(1, RandomPurpose.User);
        IReadOnlyList<LsuvLayer> layers = Lsuv.Apply(network, Tensor.Normal([16, 3, 8, 8], 0, 3, ref stream));
        layers.Select(layer => layer.Name).ShouldBe(["0.weight", "3.weight", "5.weight"]);
        layers.ShouldAllBe(layer => Math.Abs(layer.VarianceAfter - 1) < 0.1);
        ((BatchNorm2d)network.Modules[1].Module).RunningMean!.ToArray<double>().ShouldAllBe(mean => mean == 0);
    }

    [Fact]
    public void Inputs_that_do_not_vary_are_refused()
    {
        Sequential network = Nets.Deep(2, Activation.Relu, Initializer.HeNormal());
        Should.Throw<ThalwegException>(
            () => Lsuv.Apply(network, Tensor.Zeros([8, 32], DType.Float64))).Message.ShouldContain("to vary over the batch");
        Should.Throw<ThalwegException>(
            () => Lsuv.Apply(new Sequential(new Flatten()), Nets.Batch(4, 32))).Message.ShouldContain("nothing to scale");
        Should.Throw<ThalwegException>(
            () => Lsuv.Apply(network, Nets.Batch(8, 32), new LsuvOptions { Tolerance = 0 })).Message.ShouldContain("tolerance above 0");
    }
}
