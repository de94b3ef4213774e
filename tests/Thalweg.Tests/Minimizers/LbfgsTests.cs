using Thalweg.Minimizers;

namespace Thalweg.Tests.Minimizers;

public sealed class LbfgsTests
{
    private static readonly double[] s_start = [-1.2, 1];

    [Theory]
    [InlineData("strong_wolfe")]
    [InlineData("backtracking")]
    public void Rosenbrock_is_solved_from_its_standard_start(string search)
    {
        int evaluations = 0;
        MinimizerResult result = new Lbfgs { Search = Named(search) }.Minimize(
            (x, g) => Counted(Rosenbrock(x, g), ref evaluations), s_start);
        result.Status.ShouldBe(MinimizerStatus.GradientSmall, result.Text);
        result.IsConverged.ShouldBeTrue();
        result.Point[0].ShouldBe(1, 1e-7);
        result.Point[1].ShouldBe(1, 1e-7);
        result.FunctionEvaluations.ShouldBe(evaluations);
        result.GradientEvaluations.ShouldBe(evaluations);
        evaluations.ShouldBeLessThan(100);
    }

    [Fact]
    public void A_long_valley_of_200_variables_is_solved_with_a_short_memory()
    {
        double[] start = [.. Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? -1.2 : 1)];
        MinimizerResult result = new Lbfgs { Memory = 5 }.Minimize(ExtendedRosenbrock, start);
        result.Status.ShouldBe(MinimizerStatus.GradientSmall, result.Text);
        result.Point.ShouldAllBe(v => Math.Abs(v - 1) < 1e-6);
    }

    [Fact]
    public void Two_steps_without_a_search_are_those_of_the_two_loops()
    {
        // f = x^2 / 20 + y^2 from (-7, 2): g = (-.7, 4), first length .5 / 4.7; numbers of the second step from a separate computation.
        MinimizerRun run = new Lbfgs { Search = LineSearch.None, LearningRate = 0.5, MaximumIterations = 1 }.Start([-7, 2]);
        run.Advance(Bowl);
        run.Point[0].ShouldBe(-7 + (0.7 * 0.5 / 4.7), 1e-14);
        run.Point[1].ShouldBe(2 - (4 * 0.5 / 4.7), 1e-14);
        MinimizerResult second = run.Advance(Bowl);
        second.Point[0].ShouldBe(-6.611615991903667, 1e-13);
        second.Point[1].ShouldBe(0.7596816047516939, 1e-13);
        second.Iterations.ShouldBe(2);
        second.Status.ShouldBe(MinimizerStatus.IterationLimit);
    }

    [Fact]
    public void A_run_continues_where_the_last_call_ended()
    {
        MinimizerResult whole = new Lbfgs().Minimize(Rosenbrock, s_start);
        MinimizerRun run = new Lbfgs { MaximumIterations = 3 }.Start(s_start);
        MinimizerResult part = run.Advance(Rosenbrock);
        while (part.Status is MinimizerStatus.IterationLimit or MinimizerStatus.EvaluationLimit)
        {
            double value = Rosenbrock(part.Point, new double[2]);
            part = run.Advance(Rosenbrock);
            part.StartValue.ShouldBe(value);
        }

        part.Point.ShouldBe(whole.Point);
        part.Iterations.ShouldBe(whole.Iterations);
    }

    [Fact]
    public void Each_end_has_its_status_and_a_line_that_says_what_to_do()
    {
        Status(new Lbfgs { MaximumIterations = 2, MaximumEvaluations = 100 }, Rosenbrock, "not converged: all iterations",
            "raise the iterations").ShouldBe(MinimizerStatus.IterationLimit);
        Status(new Lbfgs { MaximumEvaluations = 4 }, Rosenbrock, "not converged: all evaluations", "raise the evaluations")
            .ShouldBe(MinimizerStatus.EvaluationLimit);
        Status(new Lbfgs { ChangeTolerance = 1e-2 }, Bowl, "stopped", "")
            .ShouldBeOneOf(MinimizerStatus.StepSmall, MinimizerStatus.ValueSettled, MinimizerStatus.NoDescent);
        Status(new Lbfgs(), (_, g) => Fail(g), "failed", "start nearer").ShouldBe(MinimizerStatus.NotFinite);
        Status(new Lbfgs { Search = LineSearch.Backtracking }, Uphill, "stopped: no lower", "check the gradient")
            .ShouldBe(MinimizerStatus.NoLowerPoint);
        Status(new Lbfgs { GradientTolerance = 100, MaximumIterations = 1 }, Bowl, "converged", "1 function and 1 gradient evaluations")
            .ShouldBe(MinimizerStatus.GradientSmall);
    }

    [Theory]
    [InlineData("strong_wolfe", 0.001)]
    [InlineData("strong_wolfe", 0.1)]
    [InlineData("strong_wolfe", 30)]
    [InlineData("more_thuente", 0.001)]
    [InlineData("more_thuente", 0.1)]
    [InlineData("more_thuente", 30)]
    [InlineData("more_thuente", 1000)]
    public void A_wolfe_search_meets_both_conditions_from_any_first_length(string name, double length)
    {
        // f(t) = -t / (t^2 + 2) from 0 along 1: More and Thuente's (1994) first function.
        int evaluations = 0;
        Evaluator evaluator = new((x, g) => Counted(Thuente(x, g), ref evaluations));
        SearchLine line = Line(evaluator);
        LinePoint found = LineSearch.All.Single(search => search.Name == name).Kernel!.Find(line, length);
        found.Value.ShouldBeLessThanOrEqualTo(-1e-4 * 0.5 * found.Length);
        Math.Abs(found.Slope).ShouldBeLessThanOrEqualTo(0.9 * 0.5);
        evaluations.ShouldBeInRange(1, 26);
    }

    [Fact]
    public void A_first_length_far_too_long_still_ends_lower()
    {
        // The search of minFunc keeps the lower end of its bracket, and here it stays among those that fall less than Armijo asks.
        Evaluator evaluator = new(Thuente);
        LinePoint found = new StrongWolfeSearch().Find(Line(evaluator), 1000);
        found.Value.ShouldBeInRange(-0.01, -1e-3);
        evaluator.Count.ShouldBeLessThanOrEqualTo(26);
    }

    [Fact]
    public void Bad_settings_are_refused()
    {
        Should.Throw<ThalwegException>(() => new Lbfgs { Memory = 0 }).Message.ShouldContain("memory to be a whole number of at least 1");
        Should.Throw<ThalwegException>(
            () => new Lbfgs { LearningRate = 0 }).Message.ShouldContain("learning_rate to be a finite number above 0");
        Should.Throw<ThalwegException>(
            () => new Lbfgs { MaximumIterations = 0 }).Message.ShouldContain("maximum_iterations to be a whole number of at least 1");
        Should.Throw<ThalwegException>(() => new Lbfgs().Start([])).Message.ShouldContain("got none");
        Should.Throw<ThalwegException>(() => new Lbfgs().Start([double.NaN])).Message.ShouldContain("not finite");
    }

    private static SearchLine Line(Evaluator evaluator) =>
        new(new CurrentPoint([0.0]) { Evaluator = evaluator }, [1], new LinePoint(0, 0, [-0.5], -0.5));

    private static MinimizerStatus Status(Lbfgs minimizer, Objective objective, string what, string advice)
    {
        MinimizerResult result = minimizer.Minimize(objective, s_start);
        result.Text.ShouldStartWith(what);
        result.Text.ShouldContain(advice);
        return result.Status;
    }

    private static LineSearch Named(string name) => name == "backtracking" ? LineSearch.Backtracking : LineSearch.StrongWolfe;

    private static double Counted(double value, ref int count)
    {
        count++;
        return value;
    }

    private static double Bowl(ReadOnlySpan<double> x, Span<double> gradient)
    {
        (gradient[0], gradient[1]) = (x[0] / 10, 2 * x[1]);
        return (x[0] * x[0] / 20) + (x[1] * x[1]);
    }

    private static double Thuente(ReadOnlySpan<double> x, Span<double> gradient)
    {
        double t = x[0], below = (t * t) + 2;
        gradient[0] = ((t * t) - 2) / (below * below);
        return -t / below;
    }

    /// <summary>A gradient of the wrong sign.</summary>
    private static double Uphill(ReadOnlySpan<double> x, Span<double> gradient)
    {
        double value = Bowl(x, gradient);
        (gradient[0], gradient[1]) = (-gradient[0], -gradient[1]);
        return value;
    }

    private static double Fail(Span<double> gradient)
    {
        gradient.Clear();
        return double.NaN;
    }

    private static double Rosenbrock(ReadOnlySpan<double> x, Span<double> gradient) => ExtendedRosenbrock(x, gradient);

    private static double ExtendedRosenbrock(ReadOnlySpan<double> x, Span<double> gradient)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i += 2)
        {
            double a = 1 - x[i], b = x[i + 1] - (x[i] * x[i]);
            sum += (a * a) + (100 * b * b);
            gradient[i] = (-2 * a) - (400 * x[i] * b);
            gradient[i + 1] = 200 * b;
        }

        return sum;
    }
}
