using Shouldly;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Tests.Training;
using Thalweg.Training;
using Xunit;

namespace Thalweg.Tests.Layers;

/// <summary>Parts that are computed again train to the same bits in less memory.</summary>
public sealed class RecomputedTests
{
    [Fact]
    public void Trains_to_the_bits_of_the_plain_network()
    {
        Trainer plain = Train(new Sequential([.. Blocks(4)]));
        Trainer again = Train(Recomputed.Chain([.. Blocks(4)], 2));

        again.Parameters.Values.ToArray<float>().SequenceEqual(plain.Parameters.Values.ToArray<float>()).ShouldBeTrue();
        Buffers(again).SequenceEqual(Buffers(plain)).ShouldBeTrue();
    }

    [Fact]
    public void Takes_less_memory_for_a_deep_network()
    {
        Trainer plain = Train(new Sequential([.. Blocks(25)]), epochs: 1), again = null!;
        long inside = 0;
        Thread thread = new(() =>
        {
            again = Train(Recomputed.Chain([.. Blocks(25)]), epochs: 1);
            inside = Recomputation.Bytes;
        });
        thread.Start();
        thread.Join();

        inside.ShouldBeGreaterThan(0);
        (again.StepMemoryBytes + inside).ShouldBeLessThan(plain.StepMemoryBytes / 2);
    }

    [Fact]
    public void Derivatives_add_up_where_input_and_weights_serve_twice()
    {
        Dense layer = new(3, 3, Activation.Tanh);
        layer.Initialize(3, DType.Float64);
        Recomputed part = new(layer);
        Tensor x = Input();
        Tensor[] wanted = [x, layer.Weight.Value, layer.Bias!.Value];
        Tensor[] expected = Gradients.Of(layer.Forward(layer.Forward(x)).Add(x).Square().Sum(), wanted);

        part.Forward(part.Forward(x)).Add(x).Square().Sum().Backward();

        for (int i = 0; i < wanted.Length; i++)
            wanted[i].Gradient!.ToArray<double>().ShouldBe(expected[i].ToArray<double>(), 1e-12);
    }

    [Fact]
    public void Second_derivatives_are_those_of_the_plain_layer()
    {
        Dense layer = new(3, 3, Activation.Tanh);
        layer.Initialize(3, DType.Float64);
        Tensor x = Input(), v = Tensor.Ones([3, 3], DType.Float64);
        double[] expected = Gradients.HessianVector(layer.Forward(x).Square().Sum(), [layer.Weight.Value], [v])[0].ToArray<double>();

        double[] found = Gradients.HessianVector(
            new Recomputed(layer).Forward(x).Square().Sum(), [layer.Weight.Value], [v])[0].ToArray<double>();

        found.ShouldBe(expected, 1e-12);
        expected.Max(Math.Abs).ShouldBeGreaterThan(0.01);
    }

    [Fact]
    public void A_description_builds_the_same_parts()
    {
        Sequential network = Recomputed.Chain([.. Blocks(3)], 2);
        LayerRegistry.Build(network.Describe()).Describe().ToJsonString().ShouldBe(network.Describe().ToJsonString());
    }

    [Fact]
    public void More_parts_than_layers_are_refused() =>
        Should.Throw<ThalwegException>(() => Recomputed.Chain([new Flatten()], 2)).Message.ShouldContain("expected 1 to 1 parts");

    private static Tensor Input()
    {
        Tensor x = Tensor.From<double>([0.3, -0.7, 1.1, 0.2, 0.5, -0.4], [2, 3]);
        x.RequiresGrad = true;
        return x;
    }

    private static IEnumerable<Module> Blocks(int count) => Enumerable.Range(0, count).Select(i => (Module)new Sequential(
        new Dense(i == 0 ? 2 : 32, i == count - 1 ? 3 : 32), new BatchNorm1d(i == count - 1 ? 3 : 32), new ActivationLayer(Activation.Gelu),
        new Dropout(0.2)));

    private static Trainer Train(Module network, int epochs = 2)
    {
        Dataset data = Samples.Clusters(96);
        TrainerOptions options = new() { Optimizer = new Adam(1e-3), BatchSize = 32, Epochs = epochs, RestoreBest = false, Patience = 0 };
        Trainer trainer = new(network, new TrainingSet(data), new ValidationSet(Samples.Clusters(30, 5)), options);
        trainer.Fit();
        return trainer;
    }

    private static double[] Buffers(Trainer trainer) =>
        [.. trainer.Module.NamedBuffers().SelectMany(buffer => buffer.Value.ToArray<double>())];
}
