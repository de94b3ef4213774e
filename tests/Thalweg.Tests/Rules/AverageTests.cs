using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

public sealed class AverageTests
{
    [Theory]
    [InlineData("average_weights()", new double[] { 1, 1.5, 2, 2.5, 3, 3.5 })]
    [InlineData("average_weights(start=2)", new double[] { 1, 2, 3, 3.5, 4, 4.5 })]
    [InlineData("average_weights(start=2, every=2)", new double[] { 1, 2, 2, 4, 4, 5 })]
    [InlineData("average_weights(form=exponential, decay=0.5)", new double[] { 1, 1.5, 2.25, 3.125, 4.0625, 5.03125 })]
    public void Averages_the_weights_1_to_6(string text, double[] expected)
    {
        OptimizerRun run = new([new ScaleByLearningRate(1), ChainText.Parse(text)[0]], ParameterSegments.Single(1), DType.Float64);
        double[] w = [0];
        for (int t = 0; t < 6; t++)
        {
            run.Step<double>(w, [-1]);
            w[0].ShouldBe(t + 1);
            run.Average!.AsSpan<double>()[0].ShouldBe(expected[t], 1e-15);
        }
    }

    [Fact]
    public void Without_an_averaging_rule_there_is_none() =>
        new OptimizerRun(new Sgd(), ParameterSegments.Single(1)).Average.ShouldBeNull();

    [Fact]
    public void A_rule_that_changes_the_update_after_it_is_refused() =>
        Should.Throw<ThalwegException>(() => Chain.Of(new AverageWeights(), new ScaleByLearningRate(1))).Message.ShouldBe(
            "[chain] found scale_by_learning_rate(1) after average_weights(every=1, decay=0.999), which must see the weights that the " +
            "update leads to; exchange them");

    [Fact]
    public void A_plateau_multiplies_the_rate()
    {
        OptimizerRun run = new(ChainText.Parse("chain(reduce_on_plateau(factor=0.5, patience=1), scale_by_learning_rate(1))"),
            ParameterSegments.Single(1), DType.Float64);
        double[] metrics = [1, 2, 2, 2, 2, 2, 3], rates = [1, 1, 1, 0.5, 0.5, 0.25, 0.25];
        for (int i = 0; i < metrics.Length; i++)
        {
            run.Observe(metrics[i]);
            double[] w = [0];
            run.Step<double>(w, [-1]);
            w[0].ShouldBe(rates[i], $"after metric {i + 1}");
        }
    }

    [Fact]
    public void Optimizers_with_rates_of_their_own_take_no_schedule() =>
        Should.Throw<ThalwegException>(() => ChainText.Parse("rprop(linear(0.1, 10))")).Message.ShouldBe(
            "[rprop] expected one number as learning_rate, because this optimizer changes it by itself, got linear(0.1, 10); give a " +
            "number");
}
