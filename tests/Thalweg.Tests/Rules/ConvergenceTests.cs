using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Tests.Rules;

/// <summary>Named optimizers go downhill.</summary>
public sealed class ConvergenceTests
{
    public static TheoryData<string> Quadratic =>
    [
        "sgd(0.15)", "momentum(0.02)", "momentum(0.02, rate_inside=true)", "momentum(0.2, form=averaged, debias=true)", "nesterov(0.02)",
        "adam(cosine(0.1, steps=500))", "adam(cosine(0.1, steps=500), form=folded, epsilon=1e-7)", "adam(cosine(0.1, steps=500), " +
        "ams_grad=raw_maximum)",
        "adamw(cosine(0.1, steps=500, warmup=20))", "chain(clip_by_global_norm(1), scale_by_learning_rate(linear(0.15, steps=500)))",
    ];

    public static TheoryData<string> Rosenbrock =>
    [
        "sgd(0.0015)", "momentum(0.0005)", "nesterov(0.0005)", "adam(0.02)", "adamw(0.02, decay=1e-6)",
    ];

    [Theory]
    [MemberData(nameof(Quadratic))]
    public void Finds_the_minimum_of_a_quadratic(string text)
    {
        double[] w = [-7, 2];
        OptimizerRun run = new(RuleText.Parse(text), ParameterSegments.Single(2), DType.Float64);
        for (int t = 0; t < 500; t++)
            run.Step<double>(w, [w[0], 10 * w[1]]);
        Math.Sqrt(w[0] * w[0] + w[1] * w[1]).ShouldBeLessThan(1e-3);
    }

    [Theory]
    [MemberData(nameof(Rosenbrock))]
    public void Follows_the_valley_of_Rosenbrock(string text)
    {
        double[] w = [-1.2, 1];
        OptimizerRun run = new(RuleText.Parse(text), ParameterSegments.Single(2), DType.Float64);
        for (int t = 0; t < 20_000; t++)
        {
            double valley = w[1] - w[0] * w[0];
            run.Step<double>(w, [-2 * (1 - w[0]) - 400 * w[0] * valley, 200 * valley]);
        }

        w[0].ShouldBe(1, 1e-2);
        w[1].ShouldBe(1, 2e-2);
    }
}
