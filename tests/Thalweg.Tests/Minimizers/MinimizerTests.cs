using Thalweg.Minimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Minimizers;

public sealed class MinimizerTests
{
    private static readonly double[] s_start = [-1.2, 1];

    public static TheoryData<string> Texts => new(
        "bfgs", "lbfgs", "lbfgs(memory=3, search=strong_wolfe)", "newton", "newton(form=saddle_free)", "newton_cg",
        "newton_cg(damping=0.001)",
        "newton_cg(curvature=gauss_newton)", "gauss_newton", "levenberg_marquardt", "levenberg_marquardt(scale=identity)", "nonlinear_cg",
        "nonlinear_cg(form=fletcher_reeves)", "nonlinear_cg(form=hestenes_stiefel)", "nonlinear_cg(form=dai_yuan, restart_every=5)",
        "nonlinear_cg(search=newton)", "trust_region", "trust_region(form=dogleg)", "trust_region(form=exact, radius=0.1)");

    [Theory]
    [MemberData(nameof(Texts))]
    public void Each_reads_back_its_text_and_solves_rosenbrock_written_with_tensors(string text)
    {
        Minimizer minimizer = Settings.Parse<Minimizer>(text);
        Settings.Parse<Minimizer>(minimizer.ToString()).ShouldBe(minimizer);
        minimizer.Formula.ShouldNotBeEmpty();
        minimizer.Source.ShouldContain(",");
        MinimizerResult result = minimizer.Minimize(Rosenbrock(), s_start);
        result.Status.ShouldBe(MinimizerStatus.GradientSmall, result.Text);
        result.Point.ShouldAllBe(v => Math.Abs(v - 1) < 1e-6);
    }

    [Fact]
    public void Every_minimizer_is_among_the_texts_or_has_a_test_of_its_own() =>
        Settings.Names<Minimizer>().Except(Texts.Select(row => row.Data.Split('(')[0])).ShouldBe(["coordinate_descent"]);

    [Theory]
    [InlineData(CoordinateOrder.Cyclic)]
    [InlineData(CoordinateOrder.Random)]
    [InlineData(CoordinateOrder.Greedy)]
    public void Coordinate_descent_goes_along_one_coordinate_at_a_time(CoordinateOrder order)
    {
        CoordinateDescent descent = new() { Order = order, MaximumIterations = 1 };
        MinimizerRun run = descent.Start([3, -2, 1]);
        double[] before = run.Point.ToArray();
        run.Advance(Coupled);
        before.Zip(run.Point.ToArray(), (a, b) => a != b).Count(changed => changed).ShouldBe(1);
        MinimizerResult result = (descent with { MaximumIterations = 500 }).Minimize(Coupled, [3, -2, 1]);
        result.Status.ShouldBe(MinimizerStatus.GradientSmall, result.Text);
        Settings.Parse<Minimizer>(descent.ToString()).ShouldBe(descent);
    }

    [Fact]
    public void At_a_saddle_the_forms_of_newton_part()
    {
        // f = x^4 / 4 - x^2 / 2 + y^2 has a saddle at 0 and minima at x = 1 and -1.
        double[] start = [0.1, 1];
        MinimizerResult exact = new Newton { Form = NewtonVariant.Exact, Search = LineSearch.None }.Minimize(Double(), start);
        exact.Point[0].ShouldBe(0, 3e-3);
        exact.Status.ShouldBe(MinimizerStatus.NoDescent);
        Minimizer[] others =
        [
            new Newton(), new Newton { Form = NewtonVariant.SaddleFree }, new NewtonCg(), new TrustRegion(),
            new TrustRegion { Form = TrustRegionVariant.Dogleg }, new TrustRegion { Form = TrustRegionVariant.Exact },
        ];
        foreach (Minimizer minimizer in others)
        {
            MinimizerResult result = minimizer.Minimize(Double(), start);
            result.IsConverged.ShouldBeTrue(result.Text);
            Math.Abs(result.Point[0]).ShouldBe(1, 1e-6, minimizer.ToString());
        }
    }

    [Fact]
    public void The_first_saddle_free_step_turns_the_sign_of_negative_curvature()
    {
        // At (.1, 1): g = (-.099, 2), H = diag(-.97, 2): the step is (.099 / .97, -1) where Newton's is (-.099 / .97, -1).
        Newton newton = new() { Form = NewtonVariant.SaddleFree, Search = LineSearch.None, MaximumIterations = 1 };
        newton.Minimize(Double(), [0.1, 1]).Point[0].ShouldBe(0.1 + (0.099 / 0.97), 1e-12);
        (newton with { Form = NewtonVariant.Exact }).Minimize(Double(), [0.1, 1]).Point[0].ShouldBe(0.1 - (0.099 / 0.97), 1e-12);

        // The shift is the first of beta 2^k, from beta - least: beta = 2e-3, alpha = .97 + 2e-3.
        (newton with { Form = NewtonVariant.Shifted }).Minimize(Double(), [0.1, 1]).Point[0].ShouldBe(0.1 + (0.099 / 0.002), 1e-6);
    }

    [Fact]
    public void The_exact_region_finds_the_boundary_in_the_hard_case()
    {
        // f = y^2 - x^2 from (0, 1): the gradient has no part along x, where the curvature is negative.
        MinimizerRun run = new TrustRegion { Form = TrustRegionVariant.Exact, Radius = 2, MaximumIterations = 1 }.Start([0, 1]);
        run.Advance(ObjectiveFunction.Of(x => Elements(x, 1).Square().Subtract(Elements(x, 0).Square()).Sum()));
        Math.Sqrt((run.Point[0] * run.Point[0]) + ((run.Point[1] - 1) * (run.Point[1] - 1))).ShouldBe(2, 1e-9);
        Math.Abs(run.Point[0]).ShouldBeGreaterThan(1.5);
    }

    [Fact]
    public void Gauss_newton_solves_a_linear_system_at_once_and_one_of_lower_rank_too()
    {
        foreach (double last in (double[])[3, 0])
        {
            ObjectiveFunction system = ObjectiveFunction.OfResiduals(3, (x, r, j) =>
            {
                (r[0], r[1], r[2]) = (x[0] - 1, (2 * x[0]) + (last * x[1]) - 8, (last * x[1]) - 6);
                new double[] { 1, 0, 2, last, 0, last }.CopyTo(j);
            });
            MinimizerResult result = new GaussNewton().Minimize(system, [5, 5]);
            result.Status.ShouldBe(MinimizerStatus.GradientSmall, result.Text);
            result.Iterations.ShouldBeLessThanOrEqualTo(last == 0 ? 3 : 1);
        }
    }

    [Fact]
    public void Products_of_tensors_are_those_of_the_formulas_and_are_counted()
    {
        ObjectiveFunction function = Rosenbrock();
        double[] x = [0.5, -0.3], product = new double[2];
        function.MultiplyHessian(x, [1, 2], product);
        double h11 = 2 - (400 * (x[1] - (3 * x[0] * x[0]))), h12 = -400 * x[0];
        product[0].ShouldBe(h11 + (2 * h12), 1e-9);
        product[1].ShouldBe(h12 + 400, 1e-9);
        function.MultiplyGaussNewton(x, [1, 2], product);

        // J = [[-20 x, 10], [-1, 0]], and the loss is the sum of squares: G = 2 J'J.
        product[0].ShouldBe(2 * ((400 * x[0] * x[0]) + 1 - (400 * x[0])), 1e-9);
        product[1].ShouldBe(2 * ((-200 * x[0]) + 200), 1e-9);
        MinimizerResult exact = new NewtonCg().Minimize(function, s_start);
        exact.HessianProducts.ShouldBeGreaterThan(0);
        exact.Text.ShouldContain("Hessian products");
        MinimizerResult differences = new NewtonCg().Minimize((point, gradient) => function.Evaluate(point, gradient), s_start);
        differences.HessianProducts.ShouldBe(0);
        differences.Status.ShouldBe(MinimizerStatus.GradientSmall, differences.Text);
        differences.GradientEvaluations.ShouldBeGreaterThan(exact.GradientEvaluations);
    }

    [Fact]
    public void What_a_method_lacks_is_said_with_a_remedy()
    {
        Should.Throw<ThalwegException>(
            () => new LevenbergMarquardt().Minimize(Coupled, [1, 1, 1])).Message.ShouldContain("give its residuals");
        Should.Throw<ThalwegException>(() => new Newton().Start(new double[10_000_000])).Message.ShouldContain("take lbfgs, newton_cg");
        Should.Throw<ThalwegException>(() => Settings.Parse<Minimizer>("lbfsg")).Message.ShouldContain("lbfgs");
        Should.Throw<ThalwegException>(() => Settings.Parse<Minimizer>("lbfgs(search=golden)")).Message.ShouldContain("more_thuente");
        Should.Throw<ThalwegException>(
            () => new TrustRegion { Radius = 2, MaximumRadius = 1 }.Start([1])).Message.ShouldContain("maximum_radius");
        Should.Throw<ThalwegException>(() => new Bfgs { SlopeShare = 1 }).Message.ShouldContain("slope_share");
        Should.Throw<ThalwegException>(
            () => ObjectiveFunction.OfResiduals(0, (_, _, _) => { })).Message.ShouldContain("1 or more residuals");
        Should.Throw<ThalwegException>(() => new Bfgs().Minimize(ObjectiveFunction.Of(x => x), [1, 2])).Message.ShouldContain("scalar");
    }

    [Fact]
    public void Powells_restart_and_the_restart_every_few_steps_turn_straight_down()
    {
        CurrentPoint current = new([1.0, 1]) { Evaluator = new((Objective)Double().Evaluate) };
        double[] direction = new double[2];
        NonlinearCgDescent descent = new(new NonlinearCg { Form = ConjugateGradientVariant.FletcherReeves }, 2);
        Turn(descent, current, direction, [1, 0]).ShouldBe([-1, 0]);

        // Orthogonal gradients conjugate: beta = 4 / 1. Nearly parallel ones restart, and so does the second step in two dimensions.
        Turn(descent, current, direction, [0, 2]).ShouldBe([-4, -2]);
        Turn(descent, current, direction, [1, 0]).ShouldBe([-1, 0]);
        Turn(descent, current, direction, [0.5, 0.5]).ShouldBe([-0.5, -0.5]);
    }

    private static double[] Turn(NonlinearCgDescent descent, CurrentPoint current, double[] direction, double[] gradient)
    {
        gradient.CopyTo(current.Gradient, 0);
        descent.Direct(current, direction);
        return [.. direction];
    }

    /// <summary>One element of a vector, <c>[1]</c>.</summary>
    private static Tensor Elements(Tensor x, int index) => x.Slice(0, index, 1);

    private static ObjectiveFunction Double() => ObjectiveFunction.Of(
        x =>
        {
            Tensor a = Elements(x, 0).Square(), b = Elements(x, 1);
            return a.Square().Multiply(0.25).Subtract(a.Multiply(0.5)).Add(b.Square()).Sum();
        });

    private static ObjectiveFunction Rosenbrock() => ObjectiveFunction.Of(
        x =>
        {
            Tensor a = Elements(x, 0), b = Elements(x, 1);
            return Tensor.Concatenate(0, b.Subtract(a.Square()).Multiply(10), a.Negate().Add(1));
        },
        outputs => outputs.Square().Sum());

    private static double Coupled(ReadOnlySpan<double> x, Span<double> gradient)
    {
        double shared = x[0] + x[1] + x[2];
        for (int i = 0; i < 3; i++)
            gradient[i] = ((i + 1) * x[i]) + (0.1 * shared);
        return ((x[0] * x[0]) + (2 * x[1] * x[1]) + (3 * x[2] * x[2]) + (0.1 * shared * shared)) / 2;
    }
}
