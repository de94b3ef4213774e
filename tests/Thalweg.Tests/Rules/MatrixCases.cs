using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

/// <summary>Rows of the rules that multiply matrices.</summary>
internal static class MatrixCases
{
    private const double Rate = 0.01;

    public static IReadOnlyList<WholeCase> All { get; } =
    [
        new("muon", new Muon(Rate), () => Muon((rows, columns) => Math.Sqrt(Math.Max(1, (double)columns / rows))), 1e-9),
        new("muon, like adam", new Muon(Rate) { Scale = OrthogonalScale.LikeAdam }, () => Muon((rows, columns) => 0.2 * Math.Sqrt(Math.Max(rows, columns))), 1e-9),
        new("shampoo", new Shampoo(Rate) { Epsilon = 0.1, Every = 3 }, () => Shampoo(512, 1, 1), 1e-9),
        new("shampoo, one side, averaged", new Shampoo(Rate) { Epsilon = 0.1, Every = 3, Limit = 3, Retain = 0.9 }, () => Shampoo(3, 0.9, 0.1), 1e-9),
    ];

    public static double[,] Matrix(double[] values, int rows, int columns)
    {
        double[,] matrix = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                matrix[i, j] = values[i * columns + j];
        }

        return matrix;
    }

    public static double[,] Product(double[,] a, double[,] b) =>
        Filled(a.GetLength(0), b.GetLength(1), (i, j) => Enumerable.Range(0, b.GetLength(0)).Sum(k => a[i, k] * b[k, j]));

    public static double[,] Transposed(double[,] a) => Filled(a.GetLength(1), a.GetLength(0), (i, j) => a[j, i]);

    private static double[,] Filled(int rows, int columns, Func<int, int, double> value)
    {
        double[,] matrix = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                matrix[i, j] = value(i, j);
        }

        return matrix;
    }

    private static double[,] Mix(double[,] a, double x, double[,] b, double y) => Filled(a.GetLength(0), a.GetLength(1), (i, j) => x * a[i, j] + y * b[i, j]);

    private static double[] Flattened(double[,] a) => [.. a.Cast<double>()];

    private static WholeLiteral Muon(Func<int, int, double> scale)
    {
        double[] v = new double[WholeCases.Segments.Length];
        return WholeCases.PerParameter((w, g, segment, t) =>
        {
            double[] u = new double[w.Length];
            for (int i = 0, k = segment.Offset; i < w.Length; i++, k++)
            {
                v[k] = 0.95 * v[k] + g[i];
                u[i] = g[i] + 0.95 * v[k];
            }

            if (!segment.IsMatrix)
                return WholeCases.Sum(w, u, -Rate / (WholeCases.Norm(u) / Math.Sqrt(u.Length) + 1e-7));
            double[,] x = Matrix(u, segment.Rows, segment.Columns);
            x = Mix(x, 1 / (WholeCases.Norm(u) + 1e-7), x, 0);
            for (int i = 0; i < 5; i++)
            {
                double[,] a = Product(x, Transposed(x));
                x = Mix(x, 3.4445, Product(Mix(a, -4.775, Product(a, a), 2.0315), x), 1);
            }

            return WholeCases.Sum(w, Flattened(x), -Rate * scale(segment.Rows, segment.Columns));
        });
    }

    private static WholeLiteral Shampoo(int limit, double keep, double added)
    {
        Dictionary<string, (double[,] Sum, double[,] Root)> sides = [];
        double[] s = new double[WholeCases.Segments.Length];
        return WholeCases.PerParameter((w, g, segment, t) =>
        {
            if (!segment.IsMatrix)
            {
                double[] u = new double[w.Length];
                for (int i = 0, k = segment.Offset; i < w.Length; i++, k++)
                    u[i] = g[i] / Math.Sqrt((s[k] = keep * s[k] + added * g[i] * g[i]) + 0.1);
                return WholeCases.Sum(w, u, -Rate);
            }

            double[,] gradient = Matrix(g, segment.Rows, segment.Columns);
            bool hasBoth = segment.Rows <= limit && segment.Columns <= limit;
            double[,] result = gradient;
            if (segment.Rows <= limit)
                result = Product(Root(segment.Name + " left", Product(gradient, Transposed(gradient)), hasBoth, t), result);
            if (segment.Columns <= limit)
                result = Product(result, Root(segment.Name + " right", Product(Transposed(gradient), gradient), hasBoth, t));
            return WholeCases.Sum(w, Flattened(result), -Rate);
        });

        double[,] Root(string name, double[,] square, bool hasBoth, int t)
        {
            (double[,] sum, double[,] root) = sides.TryGetValue(name, out (double[,], double[,]) side) ? side : (Mix(square, 0, square, 0), square);
            sum = Mix(sum, keep, square, added);
            if ((t - 1) % 3 == 0)
                root = InverseRoot(Filled(sum.GetLength(0), sum.GetLength(0), (i, j) => sum[i, j] + (i == j ? 0.1 : 0)), hasBoth ? 4 : 2);
            sides[name] = (sum, root);
            return root;
        }
    }

    /// <summary>a^(-1/p) by the coupled Newton iteration (Guo and Higham, 2006): no eigenvalues, unlike the library.</summary>
    private static double[,] InverseRoot(double[,] a, int p)
    {
        int n = a.GetLength(0);
        double[,] identity = Filled(n, n, (i, j) => i == j ? 1 : 0);
        double scale = Math.Sqrt(Flattened(a).Sum(x => x * x)), z = (1 + p) / (2 * scale);
        double[,] x = Mix(identity, Math.Pow(z, 1.0 / p), identity, 0), m = Mix(a, z, a, 0);
        for (int i = 0; i < 100; i++)
        {
            double[,] step = Mix(identity, (p + 1.0) / p, m, -1.0 / p);
            x = Product(x, step);
            for (int k = 0; k < p; k++)
                m = Product(step, m);
        }

        return x;
    }
}
