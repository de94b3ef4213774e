using Thalweg.Data;
using Thalweg.Initialization;
using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Tests.Initialization;

public sealed class OutputBiasTests
{
    [Fact]
    public void A_softmax_without_inputs_gives_the_frequencies()
    {
        Sequential network = (Sequential)new Sequential(new Dense(4, 3, initializer: Initializer.Zeros)).Initialize(1, DType.Float64);
        OutputBias.FromClassFrequencies(network, [70, 20, 10], smoothing: 0);
        double[] shares = network.Forward(Tensor.Ones([1, 4], DType.Float64)).Softmax().ToArray<double>();
        shares[0].ShouldBe(0.7, 1e-12);
        shares[1].ShouldBe(0.2, 1e-12);
        shares[2].ShouldBe(0.1, 1e-12);
        OutputBias.FromClassFrequencies(network, [8, 0, 0]);
        network.Forward(Tensor.Ones([1, 4], DType.Float64)).Softmax().ToArray<double>()[1].ShouldBe(1 / 11.0, 1e-12);
    }

    [Fact]
    public void Data_decide_between_frequencies_and_mean()
    {
        Sequential classes = (Sequential)new Sequential(new Dense(1, 2, initializer: Initializer.Zeros)).Initialize(1);
        OutputBias.FromData(classes, new TrainingSet(Dataset.ForClassification([1, 2, 3, 4], [1], [0, 0, 0, 1], ["a", "b"])));
        float[] bias = ((Dense)classes.Modules[0].Module).Bias!.Value.ToArray<float>();
        (bias[0] - bias[1]).ShouldBe(MathF.Log(2), 1e-6f);

        Sequential mean = (Sequential)new Sequential(new Dense(1, 1, initializer: Initializer.Zeros)).Initialize(1);
        OutputBias.FromData(mean, new TrainingSet(Dataset.ForRegression([1, 2], [1], [3, 5])));
        ((Dense)mean.Modules[0].Module).Bias!.Value.ToArray<float>()[0].ShouldBe(4);
    }

    [Fact]
    public void What_has_no_such_bias_is_refused()
    {
        Sequential network = (Sequential)new Sequential(new Dense(4, 3, bias: false)).Initialize(1);
        Should.Throw<ThalwegException>(
            () => OutputBias.FromClassFrequencies(network, [1, 1, 1])).Message.ShouldContain("ends in a bias of shape [3]");
        Sequential other = (Sequential)new Sequential(new Dense(4, 2)).Initialize(1);
        Should.Throw<ThalwegException>(() => OutputBias.FromClassFrequencies(other, [1, 1, 1])).Message.ShouldContain("'0.bias' [2]");
        Should.Throw<ThalwegException>(() => OutputBias.FromClassFrequencies(other, [1, 0], smoothing: 0)).Message.ShouldContain("class 1");
        Should.Throw<ThalwegException>(() => OutputBias.FromTargetMean(other, double.NaN)).Message.ShouldContain("finite mean");
    }
}
