using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

/// <summary>Rules that take gradients elsewhere than at the weights.</summary>
public sealed class EvaluationTests
{
    private const double Rate = 0.05, Mu = 0.9;

    [Fact]
    public void Looking_ahead_takes_the_gradient_where_the_velocity_leads()
    {
        double[] w = [-7, 2], expected = [-7, 2], v = [0, 0];
        OptimizerRun run = new(new Nesterov(Rate) { Form = NesterovVariant.LookAhead }, ParameterSegments.Single(2), DType.Float64);
        for (int t = 1; t <= 50; t++)
        {
            Step(run, w, Gradient);
            double[] gradient = Gradient([expected[0] + Mu * v[0], expected[1] + Mu * v[1]]);
            for (int i = 0; i < 2; i++)
                expected[i] += v[i] = Mu * v[i] - Rate * gradient[i];
            w.ShouldBe(expected, 1e-12);
        }
    }

    [Theory]
    [InlineData("sam(0.05, mu=0, rho=0.3)", 0, 0.3)]
    [InlineData("asam(0.05, mu=0, rho=0.2, eta=0.5)", 0.5, 0.2)]
    public void Sharpness_aware_descent_takes_the_gradient_uphill(string text, double eta, double rho)
    {
        double[] w = [-7, 2], expected = [-7, 2];
        OptimizerRun run = new(ChainText.Parse(text), ParameterSegments.Single(2), DType.Float64);
        for (int t = 1; t <= 50; t++)
        {
            Step(run, w, Gradient);
            double[] first = Gradient(expected), scales = eta == 0 ? [1, 1] : [Math.Abs(expected[0]) + eta, Math.Abs(expected[1]) + eta];
            double norm = Math.Sqrt(Math.Pow(scales[0] * first[0], 2) + Math.Pow(scales[1] * first[1], 2));
            double[] second = Gradient([.. expected.Select((x, i) => x + (rho * scales[i] * scales[i] * first[i] / norm))]);
            expected = [.. expected.Select((x, i) => x - (Rate * second[i]))];
            w.ShouldBe(expected, 1e-12);
        }

        string printed = Settings.Parse<NamedOptimizer>(text).ToString();
        Settings.Parse<NamedOptimizer>(printed).ToString().ShouldBe(printed);
        Should.Throw<ThalwegException>(() => ChainText.Parse("sam(maximize=true)")).Message.ShouldContain("the way uphill");
    }

    [Fact]
    public void The_points_looked_at_are_the_weights_of_the_rearranged_form()
    {
        double[] ahead = [-7, 2], rearranged = [-7, 2];
        OptimizerRun first = new(new Nesterov(Rate) { Form = NesterovVariant.LookAhead }, ParameterSegments.Single(2), DType.Float64);
        OptimizerRun second = new(new Nesterov(Rate), ParameterSegments.Single(2), DType.Float64);
        for (int t = 1; t <= 50; t++)
        {
            double[] stored = [.. rearranged];
            Step(first, ahead, point =>
            {
                point.ShouldBe(stored, 1e-12);
                return Gradient(point);
            });
            Step(second, rearranged, Gradient);
        }
    }

    [Fact]
    public void Rmsprop_with_nesterov_momentum_follows_algorithm_8_6()
    {
        double[] w = [-7, 2], expected = [-7, 2], v = [0, 0], r = [0, 0];
        OptimizerRun run = new(
            new RmsProp(Rate) { Mu = Mu, LookAhead = true, Alpha = 0.9, Epsilon = 1e-12 }, ParameterSegments.Single(2), DType.Float64);
        for (int t = 1; t <= 50; t++)
        {
            Step(run, w, Gradient);
            double[] gradient = Gradient([expected[0] + Mu * v[0], expected[1] + Mu * v[1]]);
            for (int i = 0; i < 2; i++)
            {
                r[i] = 0.9 * r[i] + 0.1 * gradient[i] * gradient[i];
                v[i] = Mu * v[i] - Rate / Math.Sqrt(r[i]) * gradient[i];
                expected[i] += v[i];
            }

            w.ShouldBe(expected, 1e-9);
        }
    }

    [Theory]
    [InlineData("sharpness_aware(0.1)", false)]
    [InlineData("sharpness_aware(0.1, form=adaptive, eta=0.01)", true)]
    public void Sharpness_aware_steps_use_the_gradient_uphill(string text, bool isAdaptive)
    {
        double[] w = [-7, 2], expected = [-7, 2];
        OptimizerRun run = new([ChainText.Parse(text)[0], new ScaleByLearningRate(Rate)], ParameterSegments.Single(2), DType.Float64);
        run.Needs.Gradients.ShouldBe(2);
        for (int t = 1; t <= 30; t++)
        {
            Step(run, w, Gradient);
            double[] g = Gradient(expected), scale = [.. expected.Select(x => isAdaptive ? Math.Abs(x) + 0.01 : 1)];
            double norm = Math.Sqrt(g.Zip(scale, (x, s) => x * x * s * s).Sum());
            double[] uphill = Gradient([.. expected.Select((x, i) => x + 0.1 * scale[i] * scale[i] * g[i] / norm)]);
            for (int i = 0; i < 2; i++)
                expected[i] -= Rate * uphill[i];
            w.ShouldBe(expected, 1e-12);
        }
    }

    [Fact]
    public void The_weights_come_home_to_the_bit()
    {
        float[] w = [0.1f, 1e8f];
        OptimizerRun run = new([new SharpnessAware(0.3), new ScaleByLearningRate(0)], ParameterSegments.Single(2));
        float[] g = [3, -4];
        run.MoveTo<float>(0, w, g);
        w.ShouldBe([0.1f, 1e8f]);
        run.MoveTo<float>(1, w, g);
        w[0].ShouldNotBe(0.1f);
        run.Step<float>(w, g);
        w.ShouldBe([0.1f, 1e8f]);
    }

    [Fact]
    public void The_schedule_of_a_look_ahead_counts_updates_behind_a_gate()
    {
        ScaleByMomentum momentum = new() { Nesterov = NesterovVariant.LookAhead, Mu = new Schedules.LinearSchedule(0.9, 20) };
        OptimizerRun plain = new([new ScaleByLearningRate(0.1), momentum], ParameterSegments.Single(2), DType.Float64),
            gated = new([new Accumulate(2), new ScaleByLearningRate(0.1), momentum], ParameterSegments.Single(2), DType.Float64);
        double[] w = [-7, 2], expected = [-7, 2];
        for (int update = 0; update < 8; update++)
        {
            Step(plain, expected, Gradient);
            Step(gated, w, Gradient);
            Step(gated, w, Gradient);
            w.ShouldBe(expected, 1e-12);
        }
    }

    [Fact]
    public void A_step_without_the_move_is_refused()
    {
        OptimizerRun run = new(new Nesterov(Rate) { Form = NesterovVariant.LookAhead }, ParameterSegments.Single(1), DType.Float64);
        Should.Throw<ThalwegException>(() => run.Step<double>(new double[1], [1])).Message.ShouldBe(
            "[optimizer] expected 1 gradients taken after MoveTo, got 0: this chain takes them elsewhere than at the weights; call " +
            "MoveTo before each");
        Should.Throw<ThalwegException>(() => run.MoveTo<double>(1, new double[1], [1])).Message.ShouldBe(
            "[optimizer] expected evaluation 0 of 1, got 1; call MoveTo for each gradient in order, then Step");
    }

    [Fact]
    public void A_velocity_without_the_rate_cannot_look_ahead() =>
        Should.Throw<ThalwegException>(
            () => Chain.Of(new ScaleByMomentum { Nesterov = NesterovVariant.LookAhead }, new ScaleByLearningRate(1)))
            .Message.ShouldContain("whose velocity must contain the rate");

    [Fact]
    public void A_schedule_free_run_ends_at_its_average()
    {
        double[] w = [-7, 2];
        OptimizerRun run = new(new ScheduleFreeSgd(0.5), ParameterSegments.Single(2), DType.Float64);
        for (int t = 0; t < 2000; t++)
            Step(run, w, Gradient);
        foreach (double value in run.Average!.AsSpan<double>())
            Math.Abs(value).ShouldBeLessThan(1e-2);
    }

    [Fact]
    public void Prodigy_needs_no_rate()
    {
        foreach (double scale in (double[])[0.01, 1, 100])
        {
            double[] w = [-7 * scale, 2 * scale];
            OptimizerRun run = new(new Prodigy(new Schedules.CosineSchedule(1, 2000)), ParameterSegments.Single(2), DType.Float64);
            for (int t = 0; t < 2000; t++)
                Step(run, w, Gradient);
            Math.Sqrt(w[0] * w[0] + w[1] * w[1]).ShouldBeLessThan(0.05 * scale, $"start at {scale}");
        }
    }

    private static void Step(OptimizerRun run, double[] w, Func<double[], double[]> gradient)
    {
        double[] g = new double[w.Length];
        for (int k = 0; k < run.Needs.Gradients; k++)
        {
            run.MoveTo<double>(k, w, g);
            g = gradient(w);
        }

        run.Step<double>(w, g);
    }

    private static double[] Gradient(double[] w) => [w[0] / 10, 2 * w[1]];
}
