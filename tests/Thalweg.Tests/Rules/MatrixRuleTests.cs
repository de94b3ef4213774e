using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

public sealed class MatrixRuleTests
{
    [Fact]
    public void Orthogonalized_updates_have_singular_values_near_1()
    {
        foreach ((int rows, int columns) in ((int, int)[])[(12, 12), (20, 8), (8, 20)])
        {
            ParameterSegments segments = new(new ParameterSegment("w", 0, rows * columns, Shape: [rows, columns]));
            double[] u = new double[rows * columns];
            RandomStream stream = new(7, RandomPurpose.User);
            double[] gradient = [.. u.Select(_ => stream.NextNormal())];
            new OptimizerRun([new Orthogonalize { Scale = OrthogonalScale.LikeAdam }], segments, DType.Float64).Step<double>(u, gradient);
            double[,] x = MatrixCases.Matrix([.. u.Select(value => value / (0.2 * Math.Sqrt(Math.Max(rows, columns))))], rows, columns);
            double[,] gram = rows <= columns
                ? MatrixCases.Product(x, MatrixCases.Transposed(x))
                : MatrixCases.Product(MatrixCases.Transposed(x), x);
            int n = gram.GetLength(0);
            double[] values = [.. gram.Cast<double>()], vectors = new double[n * n];
            SymmetricEigen.Decompose(values, vectors, n);
            for (int i = 0; i < n; i++)
                Math.Sqrt(values[i * n + i]).ShouldBeInRange(0.5, 1.3, $"[{rows}, {columns}]");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(30)]
    public void The_eigen_decomposition_gives_the_matrix_back(int n)
    {
        RandomStream stream = new(3, RandomPurpose.User, (ulong)n);
        double[] half = [.. Enumerable.Range(0, n * n).Select(_ => stream.NextNormal())];
        double[] a = [.. Enumerable.Range(0, n * n).Select(k => half[k] + half[k % n * n + k / n])], values = [.. a],
            vectors = new double[n * n];
        SymmetricEigen.Decompose(values, vectors, n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Enumerable.Range(0, n).Sum(k => vectors[i * n + k] * values[k * n + k] * vectors[j * n + k]).ShouldBe(a[i * n + j], 1e-11);
                Enumerable.Range(0, n).Sum(k => vectors[k * n + i] * vectors[k * n + j]).ShouldBe(i == j ? 1 : 0, 1e-12);
            }
        }
    }

    [Fact]
    public void Old_roots_of_Shampoo_do_not_blow_up_directions_that_no_gradient_had()
    {
        // The first gradient has rank 1; the roots of 10 steps would multiply the second, across it, by 1e-6^-1/2.
        ParameterSegments segments = new(new ParameterSegment("w", 0, 4, Shape: [2, 2]));
        double[] w = [0, 0, 0, 0];
        OptimizerRun run = new(new Shampoo(1), segments, DType.Float64);
        run.Step<double>(w, [1, 0, 0, 0]);
        run.Step<double>(w, [0, 0, 0, 1]);
        w[0].ShouldBe(-1, 1e-5);
        w[3].ShouldBe(-1, 1e-5);
        for (int t = 0; t < 50; t++)
            run.Step<double>(w, [1, 0, 0, 1]);
        WholeCases.Norm(w).ShouldBeLessThan(60);
    }

    [Fact]
    public void Shampoo_keeps_its_old_roots_while_they_do_no_harm()
    {
        double[] Moved(int every)
        {
            ParameterSegments segments = new(new ParameterSegment("w", 0, 4, Shape: [2, 2]));
            double[] w = [0, 0, 0, 0];
            OptimizerRun run = new(new Shampoo(1) { Every = every }, segments, DType.Float64);
            for (int t = 0; t < 2; t++)
                run.Step<double>(w, [1, 0.5, -0.5, 1]);
            return w;
        }

        Moved(1).ShouldNotBe(Moved(10));
    }

    [Fact]
    public void Shampoo_solves_a_matrix_problem_whose_sides_are_badly_scaled()
    {
        // f = |A W B|^2/2 with A = diag(1, sqrt(10)), B the same: condition 100 for gradient descent.
        ParameterSegments segments = new(new ParameterSegment("w", 0, 4, Shape: [2, 2]));
        double[] w = [1, 1, 1, 1], curvature = [1, 10, 10, 100];
        OptimizerRun run = new(new Shampoo(new Schedules.CosineSchedule(0.5, 300)) { Every = 1 }, segments, DType.Float64);
        for (int t = 0; t < 300; t++)
            run.Step<double>(w, [.. w.Zip(curvature, (x, c) => x * c)]);
        WholeCases.Norm(w).ShouldBeLessThan(0.05);
    }
}
