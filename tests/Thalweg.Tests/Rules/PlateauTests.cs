using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Tests.Rules;

/// <summary>What counts as better, for metrics of either sign.</summary>
public sealed class PlateauTests
{
    [Theory]
    [InlineData("patience=2", "0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5", 0.01)]
    [InlineData("patience=2", "-0.5 -0.5 -0.5 -0.5 -0.5 -0.5 -0.5 -0.5", 0.01)]
    [InlineData("patience=2", "0 0 0 0 0 0 0 0", 0.01)]
    [InlineData("patience=0, threshold=0.1", "-1 -1.05", 0.1)]
    [InlineData("patience=0, threshold=0.1", "-1 -1.05 -1.15 -1.2 -1.3", 1e-4)]
    [InlineData("patience=0, threshold=0.1", "-1 -0.95", 0.1)]
    [InlineData("patience=0, threshold=0.1", "-1 -0.85", 1)]
    [InlineData("patience=0, threshold=0.1", "1 1.05", 0.1)]
    [InlineData("patience=0, threshold=0.1", "1 1.15", 1)]
    [InlineData("patience=0, threshold=0.1", "-1 1", 1)]
    [InlineData("patience=0, threshold=2", "-1 5", 1)]
    [InlineData("patience=0, threshold=0.1, less_is_better=true", "-1 -0.95", 0.1)]
    [InlineData("patience=0, threshold=0.1, less_is_better=true", "-1 -1.05", 0.1)]
    [InlineData("patience=0, threshold=0.1, less_is_better=true", "-1 -1.15", 1)]
    [InlineData("patience=0, threshold=0.1, less_is_better=true", "1 0.95", 0.1)]
    [InlineData("patience=0, threshold=0.1, less_is_better=true", "1 0.85", 1)]
    [InlineData("patience=0, threshold=1, less_is_better=true", "1 -1", 1)]
    [InlineData("patience=0, threshold=0.1, threshold_form=absolute", "-10 -9.95", 0.1)]
    public void A_relative_threshold_is_a_share_of_the_size_of_the_best(string settings, string metrics, double scale)
    {
        OptimizerRun run = new(ChainText.Parse($"chain(reduce_on_plateau({settings}), scale_by_learning_rate(1))"),
            ParameterSegments.Single(1), DType.Float64);
        foreach (string metric in metrics.Split(' '))
            run.Observe(double.Parse(metric, System.Globalization.CultureInfo.InvariantCulture));
        double[] w = [0];
        run.Step<double>(w, [1]);
        w[0].ShouldBe(-scale, 1e-15);
    }

    [Theory]
    [InlineData(-1, -0.95, false)]
    [InlineData(-1, -0.85, true)]
    [InlineData(1, 1.05, false)]
    [InlineData(1, 1.15, true)]
    [InlineData(-1, -1.15, false)]
    public void Early_stopping_measures_as_the_rule_does(double best, double next, bool isBetter)
    {
        EarlyStopping stopping = new(3, new MinDelta { Delta = 0.1, Form = MinDeltaMode.Relative });
        stopping.Observe(0, best);
        stopping.Observe(1, next).ShouldBe(isBetter);
    }
}
