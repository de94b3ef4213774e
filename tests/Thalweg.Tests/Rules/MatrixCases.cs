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
        new("muon, like adam", new Muon(Rate) { Scale = OrthogonalScale.LikeAdam },
            () => Muon((rows, columns) => 0.2 * Math.Sqrt(Math.Max(rows, columns))), 1e-9),
        new("shampoo", new Shampoo(Rate) { Epsilon = 0.1, Every = 3 }, () => Shampoo(512, 1, 1), 1e-9),
        new("shampoo, one side, averaged", new Shampoo(Rate) { Epsilon = 0.1, Every = 3, Limit = 3, Retain = 0.9 },
            () => Shampoo(3, 0.9, 0.1), 1e-9),
    ];

    /// <summary>With an epsilon that drowns the rounding errors of directions whose gradient is 0.</summary>
    public static IReadOnlyList<WholeCase> Soaps { get; } =
    [
        new("soap", new Soap(Rate) { Every = 3, Epsilon = 1e-3 }, () => Soap(512), 1e-8),
        new("soap, one side", new Soap(Rate) { Every = 3, Limit = 3, Epsilon = 1e-3 }, () => Soap(3), 1e-8),
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

    private static double[,] Mix(double[,] a, double x, double[,] b, double y) =>
        Filled(a.GetLength(0), a.GetLength(1), (i, j) => x * a[i, j] + y * b[i, j]);

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
            double[,] result = Direction(segment, gradient, (t - 1) % 3 == 0, isNew: true);
            // No update with new roots is longer: old ones that make a longer one are out of date.
            if (WholeCases.Norm(Flattened(result)) > Math.Sqrt(Math.Min(segment.Rows, segment.Columns) / added))
                result = Direction(segment, gradient, renews: true, isNew: false);
            return WholeCases.Sum(w, Flattened(result), -Rate);
        });

        double[,] Direction(ParameterSegment segment, double[,] gradient, bool renews, bool isNew)
        {
            bool hasBoth = segment.Rows <= limit && segment.Columns <= limit;
            double[,] result = gradient;
            if (segment.Rows <= limit)
                result = Product(Root(segment.Name + " left", Product(gradient, Transposed(gradient)), hasBoth, renews, isNew), result);
            if (segment.Columns <= limit)
                result = Product(result, Root(segment.Name + " right", Product(Transposed(gradient), gradient), hasBoth, renews, isNew));
            return result;
        }

        double[,] Root(string name, double[,] square, bool hasBoth, bool renews, bool isNew)
        {
            (double[,] sum, double[,] root) = sides.TryGetValue(
                name, out (double[,], double[,]) side) ? side : (Mix(square, 0, square, 0), square);
            sum = isNew ? Mix(sum, keep, square, added) : sum;
            if (renews)
                root = InverseRoot(Filled(sum.GetLength(0), sum.GetLength(0), (i, j) => sum[i, j] + (i == j ? 0.1 : 0)), hasBoth ? 4 : 2);
            sides[name] = (sum, root);
            return root;
        }
    }

    /// <summary>The paper's algorithms 3 and 4, with the QR decomposition by Householder reflections of MathNet,
    /// unlike the library's.</summary>
    private static WholeLiteral Soap(int limit)
    {
        Dictionary<string, double[]> first = [], second = [];
        Dictionary<string, (double[,] Sum, double[,] Basis)> sides = [];
        return WholeCases.PerParameter((w, g, segment, t) =>
        {
            (int rows, int columns) = segment.IsMatrix ? (segment.Rows, segment.Columns) : (1, w.Length);
            if (t == 1)
                (first[segment.Name], second[segment.Name]) = (new double[w.Length], new double[w.Length]);
            double[] m = first[segment.Name], v = second[segment.Name];
            bool left = segment.IsMatrix && rows <= limit, right = segment.IsMatrix && columns <= limit;
            double[,] gradient = Matrix(g, rows, columns);
            if (t == 1)
            {
                sides[segment.Name + "l"] = Begin(left, Product(gradient, Transposed(gradient)));
                sides[segment.Name + "r"] = Begin(right, Product(Transposed(gradient), gradient));
            }

            double[,] ql = sides[segment.Name + "l"].Basis, qr = sides[segment.Name + "r"].Basis;
            for (int i = 0; i < w.Length; i++)
                m[i] = (0.95 * m[i]) + (0.05 * g[i]);
            double[] turned = Flattened(Product(Product(Transposed(ql), gradient), qr)),
                moment = Flattened(Product(Product(Transposed(ql), Matrix(m, rows, columns)), qr));
            for (int i = 0; i < w.Length; i++)
            {
                v[i] = (0.95 * v[i]) + (0.05 * turned[i] * turned[i]);
                moment[i] = moment[i] / (1 - Math.Pow(0.95, t)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, t))) + 1e-3);
            }

            double[] update = Flattened(Product(Product(ql, Matrix(moment, rows, columns)), Transposed(qr)));
            MoveOn(segment.Name + "l", left, Product(gradient, Transposed(gradient)), t,
                (j, k) => [.. Enumerable.Range(0, columns).Select(c => (j * columns) + c)]);
            MoveOn(segment.Name + "r", right, Product(Transposed(gradient), gradient), t,
                (j, k) => [.. Enumerable.Range(0, rows).Select(r => (r * columns) + j)]);
            return WholeCases.Sum(segment.IsWeight ? [.. w.Select(x => x * (1 - (Rate * 0.01)))] : w, update, -Rate);

            void MoveOn(string name, bool isTransposed, double[,] square, int step, Func<int, int, int[]> places)
            {
                if (!isTransposed)
                    return;
                (double[,] sum, double[,] basis) = sides[name];
                sum = step == 1 ? sum : Mix(sum, 0.95, square, 0.05);
                if (step % 3 == 0)
                {
                    int n = sum.GetLength(0);
                    double[,] product = Product(sum, basis), inside = Product(Transposed(basis), product);
                    int[] order = [.. Enumerable.Range(0, n).OrderByDescending(j => inside[j, j])];
                    double[] old = [.. v];
                    for (int j = 0; j < n; j++)
                    {
                        int[] to = places(j, 0), from = places(order[j], 0);
                        for (int k = 0; k < to.Length; k++)
                            v[to[k]] = old[from[k]];
                    }

                    double[,] sorted = Filled(n, n, (i, j) => product[i, order[j]]);
                    basis = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(sorted).QR().Q.ToArray();
                }

                sides[name] = (sum, basis);
            }
        });

        (double[,] Sum, double[,] Basis) Begin(bool isTransposed, double[,] square)
        {
            int n = square.GetLength(0);
            double[,] identity = Filled(n, n, (i, j) => i == j ? 1 : 0), sum = Mix(square, 0.05, square, 0);
            if (!isTransposed)
                return (sum, identity);
            var eigen = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(sum)
                .Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
            double[,] vectors = eigen.EigenVectors.ToArray();
            return (sum, Filled(n, n, (i, j) => vectors[i, n - 1 - j]));
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
