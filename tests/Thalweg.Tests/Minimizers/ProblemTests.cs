using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Tests.Minimizers.Problems;

namespace Thalweg.Tests.Minimizers;

public sealed class ProblemTests
{
    /// <summary>Evaluations at most: what is not solved by then counts as not solved.</summary>
    private const int Evaluations = 3000;

    /// <summary>The six digits that the paper prints, where the minimum is not zero; problem 15 rounded, not cut.</summary>
    private static readonly Dictionary<int, double> s_printed = new()
    {
        [2] = 48.9842,
        [6] = 124.362,
        [8] = 8.21487e-3,
        [9] = 1.12793e-8,
        [10] = 87.9458,
        [15] = 3.07505e-4,
        [16] = 85822.2,
        [17] = 5.46489e-5,
        [18] = 5.65565e-3,
        [19] = 4.01377e-2,
        [20] = 1.39976e-6,
        [23] = 7.08765e-5,
        [24] = 2.93660e-4,
        [26] = 2.79506e-5,
        [27] = 1,
        [32] = 10,
        [33] = 190 / 41.0,
        [34] = 454 / 74.0,
        [35] = 3.51687e-3,
    };

    [Fact]
    public void There_are_35_problems_and_their_minima_are_those_that_the_paper_prints()
    {
        MoreGarbowHillstrom.All.Select(problem => problem.Number).ShouldBe(Enumerable.Range(1, 35));
        foreach (TestProblem problem in MoreGarbowHillstrom.All)
        {
            double minimum = problem.Minima[^1];
            if (s_printed.TryGetValue(problem.Number, out double printed))
                minimum.ShouldBe(printed, 3e-6 * printed, problem.Name);
            else
                minimum.ShouldBe(0, problem.Name);
        }
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        foreach (TestProblem problem in MoreGarbowHillstrom.All)
        {
            double[] x = [.. problem.Start.Select((v, i) => v + (0.01 * (1 + i) / problem.Variables))], gradient = new double[x.Length],
                other = new double[x.Length];
            problem.Evaluate(x, gradient);
            double scale = gradient.Max(Math.Abs);
            for (int i = 0; i < x.Length; i++)
            {
                double middle = x[i], h = 1e-6 * Math.Max(1e-2, Math.Abs(middle));
                x[i] = middle + h;
                double above = problem.Evaluate(x, other);
                x[i] = middle - h;
                double below = problem.Evaluate(x, other);
                x[i] = middle;
                gradient[i].ShouldBe((above - below) / (2 * h), 1e-5 * scale, $"{problem.Name}, {i}");
            }
        }
    }

    [Theory]
    [InlineData("newton_cg", 34)]
    [InlineData("bfgs", 35)]
    [InlineData("lbfgs", 35)]
    [InlineData("trust_region (Steihaug)", 34)]
    [InlineData("trust_region (exact)", 32)]
    [InlineData("trust_region (dogleg)", 33)]
    [InlineData("nonlinear_cg", 30)]
    public void Each_method_solves_as_many_of_the_35_as_the_table_says(string name, int solved)
    {
        Minimizer minimizer = Pairing.All.Single(pairing => pairing.Name == name).Minimizer with { MaximumEvaluations = Evaluations };
        List<string> failed = [];
        foreach (TestProblem problem in MoreGarbowHillstrom.All)
        {
            Watch watch = new(problem);
            MinimizerResult result = minimizer.Minimize(watch.Evaluate, problem.Start);
            result.FunctionEvaluations.ShouldBe(watch.Evaluations, problem.Name);
            if (watch.Solved == 0)
                failed.Add($"{problem.Name}: {result.Text}");
        }

        (35 - failed.Count).ShouldBeGreaterThanOrEqualTo(solved, string.Join("; ", failed));
    }

    [Fact]
    public void Levenberg_and_marquardt_solve_the_problems_as_least_squares()
    {
        foreach ((Minimizer minimizer, int least) in new (Minimizer, int)[]
        {
            (new LevenbergMarquardt(), 34), (new LevenbergMarquardt { Scale = DampingScale.Identity }, 33), (new GaussNewton(), 26),
        })
        {
            List<string> failed = [];
            foreach (TestProblem problem in MoreGarbowHillstrom.All)
            {
                MinimizerResult result = (minimizer with { MaximumIterations = 2000, MaximumEvaluations = Evaluations })
                    .Minimize(problem.AsLeastSquares(), problem.Start);
                double[] gradient = new double[problem.Variables];
                double value = problem.Evaluate(result.Point, gradient);
                if (!problem.IsSolved(value, gradient))
                    failed.Add($"{problem.Name}: {result.Text[..40]} {value} {result.GradientMaximum}");
            }

            (35 - failed.Count).ShouldBeGreaterThanOrEqualTo(least, $"{minimizer}: {string.Join("; ", failed)}");
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(200)]
    public void On_a_quadratic_newton_takes_one_step_and_conjugate_gradients_n(int n)
    {
        foreach (Newton newton in Enum.GetValues<NewtonVariant>().Select(form => new Newton { Form = form }))
        {
            MinimizerResult result = QuadraticBowl.Run(newton, n, 100);
            (result.Status, result.Iterations, result.HessianProducts).ShouldBe((MinimizerStatus.GradientSmall, 1, n), result.Text);
        }

        MinimizerResult conjugate = QuadraticBowl.Run(QuadraticBowl.ConjugateGradients, n, 100);
        conjugate.Status.ShouldBe(MinimizerStatus.GradientSmall, conjugate.Text);
        conjugate.Iterations.ShouldBeLessThanOrEqualTo(n + 2);

        // With 1e6 rounding delays it, the more the closer together the small eigenvalues lie.
        MinimizerResult delayed = QuadraticBowl.Run(QuadraticBowl.ConjugateGradients, n, 1e6, isLogarithmic: true);
        delayed.Status.ShouldBe(MinimizerStatus.GradientSmall, delayed.Text);
        delayed.Iterations.ShouldBeInRange(n, 40 * n);
    }

    [Fact]
    public void On_the_noisy_quadratic_three_optimizers_end_within_a_hundredth_of_the_noise_floor()
    {
        QuadraticDeep problem = new();
        problem.Floor.ShouldBe(0.18 * ((90 * 0.5) + (10 * 45)), 8);
        foreach (NamedOptimizer optimizer in (NamedOptimizer[])[new Sgd(0.01), new Momentum(0.001) { Mu = 0.99 }, new Adam(0.03)])
        {
            QuadraticDeep.Outcome outcome = problem.Train(optimizer);
            outcome.Expected.ShouldBeInRange(problem.Floor, 1.01 * problem.Floor, optimizer.ToString());
            outcome.TestCurve[^1].ShouldBeInRange(problem.TestFloor, 1.01 * problem.TestFloor, optimizer.ToString());
            outcome.TestCurve[0].ShouldBeGreaterThan(1.5 * problem.TestFloor);
        }
    }
}
