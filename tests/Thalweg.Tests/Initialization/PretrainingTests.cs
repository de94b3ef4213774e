using Thalweg.Data;
using Thalweg.Initialization;
using Thalweg.Layers;
using Thalweg.Optimizers;

namespace Thalweg.Tests.Initialization;

public sealed class PretrainingTests
{
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 0.3)]
    public void Reconstruction_improves_layer_by_layer_and_the_last_layer_stays(bool tied, double corruption)
    {
        Sequential network = Make();
        float[] head = Weight(network, 5);
        IReadOnlyList<PretrainedLayer> layers = Pretraining.ByAutoencoders(network, Data(), new PretrainingOptions
        {
            Epochs = 30,
            BatchSize = 32,
            Optimizer = new Adam(0.01),
            TiedWeights = tied,
            Corruption = corruption,
        });
        layers.Select(layer => layer.Name).ShouldBe(["0.weight", "2.weight"]);
        foreach (PretrainedLayer layer in layers)
        {
            layer.LastLoss.ShouldBeLessThan(0.5 * layer.FirstLoss);
            layer.Steps.ShouldBe(30 * 8);
        }

        Weight(network, 5).ShouldBe(head);
        network.IsTraining.ShouldBeTrue();
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        PretrainingOptions options = new() { Epochs = 2, Corruption = 0.2 };
        Sequential a = Make(), b = Make(), c = Make();
        Pretraining.ByAutoencoders(a, Data(), options);
        Pretraining.ByAutoencoders(b, Data(), options);
        Pretraining.ByAutoencoders(c, Data(), options with { Seed = 2 });
        Weight(a, 0).ShouldBe(Weight(b, 0));
        Weight(a, 0).ShouldNotBe(Weight(c, 0));
    }

    [Fact]
    public void What_cannot_be_done_is_refused()
    {
        Sequential flat = (Sequential)new Sequential(new Dense(6, 2)).Initialize(1);
        Should.Throw<ThalwegException>(() => Pretraining.ByAutoencoders(flat, Data())).Message.ShouldContain("nothing to reconstruct");
        Should.Throw<ThalwegException>(() => Pretraining.ByAutoencoders(Make(), Data(),
            new PretrainingOptions { Corruption = 1 })).Message.ShouldContain("corruption in [0, 1)");
        Should.Throw<ThalwegException>(() => Pretraining.ByAutoencoders(Make(), Data(),
            new PretrainingOptions { Optimizer = new Sgd(1e30) })).Message.ShouldContain("ten times smaller");
    }

    private static Sequential Make() => (Sequential)new Sequential(
        new Dense(6, 4, Activation.Tanh), new Dropout(0), new Dense(4, 3, bias: false), new BatchNorm1d(3),
        new ActivationLayer(Activation.Tanh), new Dense(3, 2)).Initialize(1);

    private static float[] Weight(Sequential network, int position) =>
        ((Dense)network.Modules[position].Module).Weight.Value.ToArray<float>();

    /// <summary>Six numbers that follow from two.</summary>
    private static TrainingSet Data()
    {
        RandomStream stream = new(5, RandomPurpose.User);
        float[] features = new float[256 * 6];
        for (int row = 0; row < 256; row++)
        {
            double a = stream.NextNormal(), b = stream.NextNormal();
            ((ReadOnlySpan<double>)[a, b, a + b, a - b, (a + b) / 2, -a]).ToArray().Select(v => (float)v).ToArray()
                .CopyTo(features, row * 6);
        }

        return new TrainingSet(Dataset.ForClassification(features, [6], [.. Enumerable.Range(0, 256).Select(i => i % 2)], ["a", "b"]));
    }
}
