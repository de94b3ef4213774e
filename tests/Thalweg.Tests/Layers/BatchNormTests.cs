using Thalweg.Layers;

namespace Thalweg.Tests.Layers;

public sealed class BatchNormTests
{
    private static readonly Tensor s_x = Tensor.From([1.0, 10, 3, 30, 5, 20, 9, 60], [4, 2]);

    [Fact]
    public void The_momentum_weighs_the_new_batch_or_what_is_retained()
    {
        double[] found = Train(new() { Momentum = 0.25 }).ToArray<double>();
        found[0].ShouldBe(0.25 * 4.5, 1e-12);
        Train(new() { Momentum = 0.75, MomentumVariant = BatchNormMomentum.Retained }).ToArray<double>().ShouldBe(found);
        Train(new() { Momentum = 0.75 }).ToArray<double>()[0].ShouldBe(0.75 * 4.5, 1e-12);
        Train(new() { Momentum = 1, MomentumVariant = BatchNormMomentum.Retained }).ToArray<double>()[0].ShouldBe(0);
        Should.Throw<ThalwegException>(() => new BatchNorm1d(2, new BatchNormOptions { Momentum = 1.5 })).Message
            .ShouldContain("a weight of the new batch in [0, 1], got 1E-05 and 1.5");

        static Tensor Train(BatchNormOptions options)
        {
            BatchNorm1d layer = new(2, options);
            layer.Initialize(1, DType.Float64);
            layer.Forward(s_x);
            return layer.RunningMean!;
        }
    }

    [Theory]
    [InlineData(RunningVariance.Unbiased, 35.0 / 3)]
    [InlineData(RunningVariance.Biased, 35.0 / 4)]
    public void The_running_variance_is_unbiased_or_biased(RunningVariance form, double expected)
    {
        BatchNorm1d layer = new(2, new BatchNormOptions { Momentum = 1, Variance = form });
        layer.Initialize(1, DType.Float64);
        layer.Forward(s_x);
        layer.RunningVariance!.ToArray<double>()[0].ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void The_exact_pass_gives_the_moments_of_all_data_however_it_is_cut()
    {
        BatchNorm1d layer = new(2, new BatchNormOptions { Population = PopulationStatistics.Exact });
        Sequential network = new(layer, new Dense(2, 1));
        network.Initialize(1, DType.Float64);
        BatchNorm.MeasurePopulation(network, [Tensor.From([1.0, 10, 3, 30], [2, 2]), Tensor.From([5.0, 20, 9, 60], [2, 2])]);
        double[] mean = layer.RunningMean!.ToArray<double>(), variance = layer.RunningVariance!.ToArray<double>();
        mean[0].ShouldBe(4.5, 1e-12);
        mean[1].ShouldBe(30, 1e-12);
        variance[0].ShouldBe(35.0 / 3, 1e-12);
        layer.BatchesTracked.ShouldBe(0);
        network.IsTraining.ShouldBeFalse();
        Should.Throw<ThalwegException>(() => BatchNorm.MeasurePopulation(network, [])).Message.ShouldContain("got 0;");
    }

    [Fact]
    public void The_exact_pass_measures_each_layer_on_what_it_sees_in_evaluation()
    {
        RandomStream stream = new(3, RandomPurpose.Initialization, 0);
        Tensor x = Tensor.Normal([41, 3], 0, 3, ref stream, DType.Float64);
        BatchNormOptions exact = new() { Population = PopulationStatistics.Exact, Variance = RunningVariance.Biased };
        BatchNorm1d first = new(3, exact), second = new(4, exact);
        Sequential network = new(new Dropout(0.5), first, new Dense(3, 4, Activation.Relu), second);
        network.Initialize(1, DType.Float64);
        // A batch of one sample counts as any other: 41 = 7 + 20 + 13 + 1.
        BatchNorm.MeasurePopulation(network, [x.Slice(0, 0, 7), x.Slice(0, 7, 20), x.Slice(0, 27, 13), x.Slice(0, 40, 1)]);
        ShouldBeNear(first.RunningMean!, x.Mean(0));
        ShouldBeNear(first.RunningVariance!, x.Subtract(x.Mean(0)).Square().Mean(0));
        Tensor y = network.Forward(x);
        ShouldBeNear(y.Mean(0), Tensor.Zeros([4], DType.Float64));
        Tensor variance = second.RunningVariance!;
        ShouldBeNear(y.Square().Mean(0), variance.Divide(variance.Add(exact.Epsilon)));
    }

    private static void ShouldBeNear(Tensor found, Tensor expected) =>
        found.ToArray<double>().Zip(expected.ToArray<double>(), (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-12);
}
