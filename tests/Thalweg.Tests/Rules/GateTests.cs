using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Tests.Rules;

public sealed class GateTests
{
    [Fact]
    public void Accumulated_gradients_are_one_large_batch()
    {
        Chain plain = new Adam(new LinearSchedule(0.1, 5)), collected = [new Accumulate(3), .. plain];
        double[] expected = Flat.Weights<double>(21), found = [.. expected];
        OptimizerRun large = new(plain, ParameterSegments.Single(21), DType.Float64),
            small = new(collected, ParameterSegments.Single(21), DType.Float64);
        for (int t = 1; t <= 12; t++)
        {
            double[] before = [.. found];
            small.Step<double>(found, Flat.Gradients<double>(21, t));
            if (t % 3 != 0)
            {
                found.ShouldBe(before);
                continue;
            }

            double[][] parts = [Flat.Gradients<double>(21, t - 2), Flat.Gradients<double>(21, t - 1), Flat.Gradients<double>(21, t)];
            large.Step<double>(expected, [.. Enumerable.Range(0, 21).Select(i => (parts[0][i] + parts[1][i] + parts[2][i]) / 3)]);
            found.ShouldBe(expected);
        }

        small.State.Step.ShouldBe(12);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_leaves_no_trace()
    {
        Chain chain = [new SkipNonFinite(), .. new Adam(0.1).Chain];
        double[] clean = [1, 2], dirty = [1, 2];
        OptimizerRun without = new(new Adam(0.1), ParameterSegments.Single(2), DType.Float64),
            with = new(chain, ParameterSegments.Single(2), DType.Float64);
        for (int t = 1; t <= 5; t++)
        {
            without.Step<double>(clean, [t, -t]);
            with.Step<double>(dirty, [t, -t]);
            with.Step<double>(dirty, [t, t % 2 == 0 ? double.NaN : double.NegativeInfinity]);
        }

        dirty.ShouldBe(clean);
        with.Skipped.ShouldBe(5);
    }

    [Fact]
    public void After_too_many_in_a_row_the_run_may_end()
    {
        double[] w = [1];
        OptimizerRun run = new([new SkipNonFinite { Maximum = 2 }, new ScaleByLearningRate(1)], ParameterSegments.Single(1), DType.Float64);
        run.Step<double>(w, [double.NaN]);
        run.Step<double>(w, [double.NaN]);
        w[0].ShouldBe(1);
        run.Step<double>(w, [double.NaN]);
        w[0].ShouldBe(double.NaN);
    }

    [Fact]
    public void Gates_work_behind_each_other_and_are_saved()
    {
        Chain chain = [new SkipNonFinite(), new Accumulate(2), new ScaleByLearningRate(1)];
        double[] w = [0];
        OptimizerRun first = new(chain, ParameterSegments.Single(1), DType.Float64);
        first.Step<double>(w, [double.NaN]);
        first.Step<double>(w, [-1]);
        OptimizerRun second = new(ChainText.Parse(chain.ToString()), ParameterSegments.Single(1), DType.Float64);
        second.State.Restore(first.State.Step, first.State.Slots);
        second.Step<double>(w, [-3]);
        w[0].ShouldBe(2);
        second.Skipped.ShouldBe(1);
    }

    [Fact]
    public void A_gate_behind_another_rule_or_alone_is_refused()
    {
        Should.Throw<ThalwegException>(() => Chain.Of(new Scale(1), new Accumulate(2))).Message
            .ShouldBe("[chain] found accumulate(2) after scale(1), which would have changed its state already; put it first");
        Should.Throw<ThalwegException>(() => ChainText.Parse("accumulate(2)")).Message
            .ShouldBe("[chain] found nothing after accumulate(2), which only holds gradients back; add scale_by_learning_rate(0.01)");
    }

    [Fact]
    public void A_name_that_no_parameter_has_is_refused() =>
        Should.Throw<ThalwegException>(() => new OptimizerRun([new Freeze("0.wieght")], WholeCases.Segments)).Message
            .ShouldBe("[parameters] expected '0.wieght' to match a parameter, found none; did you mean 0.weight?");

    [Fact]
    public void Noise_has_the_variance_of_its_step_and_can_be_made_again()
    {
        const int n = 100_000;
        double[] Noise(long step, int seed)
        {
            double[] w = new double[n];
            OptimizerRun run = new([new AddNoise(0.25) { Seed = seed }, new Scale(1)], ParameterSegments.Single(n), DType.Float64);
            run.State.Restore(step, []);
            run.Step<double>(w, new double[n]);
            return w;
        }

        foreach (long step in (long[])[0, 99])
        {
            double[] noise = Noise(step, 0);
            double variance = 0.25 / Math.Pow(1 + step, 0.55);
            noise.Average().ShouldBe(0, 5 * Math.Sqrt(variance / n));
            noise.Average(x => x * x).ShouldBe(variance, 0.02 * variance);
            Noise(step, 0).ShouldBe(noise);
            Noise(step, 1).ShouldNotBe(noise);
        }
    }

    [Fact]
    public void Curvature_divides_the_average_of_the_gradient()
    {
        OptimizerRun run = new(new Sophia(1) { Decay = 0, B1 = 0, Gamma = 1 }, ParameterSegments.Single(2), DType.Float64);
        run.Observe(new CurvatureSignal(Tensor.From([400.0, 100], [2])));
        double[] w = [0, 0];
        run.Step<double>(w, [-2, 0.5]);
        w[0].ShouldBe(0.5, 1e-15);
        w[1].ShouldBe(-0.5, 1e-15);
        Should.Throw<ThalwegException>(
            () => run.Observe(new CurvatureSignal(Tensor.From([1.0], [1])))).Message
                .ShouldContain("expected a curvature of 2 numbers of Float64, got 1");
    }
}
