using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

/// <summary>All next weights from the weights w, the gradient g and the step t from 1, as the paper prints it, in plain doubles.</summary>
internal delegate double[] WholeLiteral(double[] w, double[] g, int t);

/// <summary>A row for a rule that looks at more than one element at a time.</summary>
internal sealed record WholeCase(string Name, Chain Chain, Func<WholeLiteral> MakeLiteral, double Tolerance = 1e-12);

/// <summary>Rows of the rules that look at parameters, units or matrices.</summary>
internal static class WholeCases
{
    private const double Rate = 0.01;

    /// <summary>Two dense layers, with a gap between them.</summary>
    public static readonly ParameterSegments Segments = new(
        new ParameterSegment("0.weight", 0, 12, Shape: [4, 3]), new ParameterSegment("0.bias", 12, 3, IsWeight: false, [3]),
        new ParameterSegment("1.weight", 16, 8, Shape: [3, 2]), new ParameterSegment("1.bias", 24, 2, IsWeight: false, [2]));

    public static IReadOnlyList<WholeCase> All { get; } =
    [
        new("clip each", [new ClipEach(0.5), new ScaleByLearningRate(Rate)],
            () => PerParameter((w, g, segment) => Sum(w, g, -Rate * 0.5 / Math.Max(0.5, Norm(g))))),
        new("clip each, sum of absolute values",
            [new ClipEach(0.5) { Order = 1, Denominator = ClipDenominator.NormPlusOffset }, new ScaleByLearningRate(Rate)],
            () => PerParameter((w, g, segment) => Sum(w, g, -Rate * Math.Min(1, 0.5 / (g.Sum(Math.Abs) + 1e-6))))),
        new("clip by unit", [new ClipByUnit(0.01), new ScaleByLearningRate(Rate)],
            () => PerUnit((w, g, segment) => Sum(w, g, -Rate * Math.Min(1, 0.01 * Math.Max(Norm(w), 1e-3) / Norm(g))))),
        new("centralize", [new Centralize(), new ScaleByLearningRate(Rate)],
            () => PerUnit((w, g, segment) => Sum(w, segment.IsMatrix ? [.. g.Select(x => x - g.Average())] : g, -Rate))),
        new("max-norm", [new ScaleByLearningRate(Rate), new ProjectMaxNorm(1.5)], () => PerUnit((w, g, segment) =>
        {
            double[] next = Sum(w, g, -Rate);
            return segment.IsMatrix && Norm(next) > 1.5 ? [.. next.Select(x => x * 1.5 / Norm(next))] : next;
        })),
        new("unit norm", [new ScaleByLearningRate(Rate), new ProjectUnitNorm()], () => PerUnit((w, g, segment) =>
        {
            double[] next = Sum(w, g, -Rate);
            return segment.IsMatrix ? [.. next.Select(x => x / Norm(next))] : next;
        })),
        new("scale where", [new ScaleWhere("*.bias", 3), new ScaleByLearningRate(Rate)],
            () => PerParameter((w, g, segment) => Sum(w, g, segment.IsWeight ? -Rate : -3 * Rate))),
        new("freeze", [new ScaleByLearningRate(Rate), new Freeze("0.*")],
            () => PerParameter((w, g, segment) => segment.Name.StartsWith("0.", StringComparison.Ordinal) ? w : Sum(w, g, -Rate))),
        new("decay where", [new DecayWhere("1.*", 0.1), new ScaleByLearningRate(Rate)],
            () => PerParameter((w, g, segment) =>
                Sum(w, segment.Name.StartsWith("1.", StringComparison.Ordinal) ? Sum(g, w, 0.1) : g, -Rate))),
        new("scale by depth", [new ScaleByDepth(0.5), new ScaleByLearningRate(Rate)],
            () => PerParameter((w, g, segment) => Sum(w, g, segment.Name.StartsWith("0.", StringComparison.Ordinal) ? -Rate / 2 : -Rate))),
        new("lars", new Lars(Rate) { Decay = 0.1 }, () =>
        {
            double[] v = new double[Segments.Length];
            return PerParameter((w, g, segment) =>
            {
                double ratio = segment.IsWeight ? 0.001 * Norm(w) / (Norm(g) + 0.1 * Norm(w)) : 1, decay = segment.IsWeight ? 0.1 : 0;
                for (int i = 0; i < w.Length; i++)
                    v[segment.Offset + i] = 0.9 * v[segment.Offset + i] + Rate * ratio * (g[i] + decay * w[i]);
                return [.. w.Select((x, i) => x - v[segment.Offset + i])];
            });
        }),
        new("lamb", new Lamb(Rate) { DecayScope = DecayScope.Everything }, () =>
        {
            double[] m = new double[Segments.Length], v = new double[Segments.Length];
            return PerParameter((w, g, segment, t) =>
            {
                double[] r = new double[w.Length];
                for (int i = 0, k = segment.Offset; i < w.Length; i++, k++)
                {
                    m[k] = 0.9 * m[k] + (1 - 0.9) * g[i];
                    v[k] = 0.999 * v[k] + (1 - 0.999) * g[i] * g[i];
                    r[i] = m[k] / (1 - Math.Pow(0.9, t)) / (Math.Sqrt(v[k] / (1 - Math.Pow(0.999, t))) + 1e-6) + 0.01 * w[i];
                }

                return Sum(w, r, -Rate * Norm(w) / Norm(r));
            });
        }),
        new("prodigy", new Prodigy(0.5) { Start = 0.01 }, Prodigy),
        new("adafactor", new Adafactor(Rate) { Epsilon = 1e-6 }, () => Adafactor(_ => Rate)),
        new("adafactor, relative step", new Adafactor(0.25) { Epsilon = 1e-6, RateForm = AdafactorRate.Relative },
            () => Adafactor(t => Math.Min(0.25, 1 / Math.Sqrt(t)))),
        new("adafactor, relative step with warm-up", new Adafactor(0.25) { Epsilon = 1e-6, RateForm = AdafactorRate.RelativeWithWarmup },
            () => Adafactor(t => Math.Min(0.25 * 0.25 * 0.25 * t, 1 / Math.Sqrt(t)))),
        .. MatrixCases.All, .. MatrixCases.Soaps,
    ];

    public static TheoryData<string> Names => [.. All.Select(row => row.Name)];

    public static WholeCase Of(string name) => All.Single(row => row.Name == name);

    private static WholeLiteral Prodigy()
    {
        int n = Segments.Length;
        double[] m = new double[n], v = new double[n], s = new double[n], start = new double[n];
        double d = 0.01, r = 0, q = Math.Sqrt(0.999);
        return (w, g, t) =>
        {
            if (t == 1)
                start = w;
            double[] next = [.. w];
            double along = 0;
            for (int i = 0; i < n; i++)
            {
                along += g[i] * (start[i] - w[i]);
                m[i] = 0.9 * m[i] + (1 - 0.9) * d * g[i];
                v[i] = 0.999 * v[i] + (1 - 0.999) * d * d * g[i] * g[i];
                s[i] = q * s[i] + (1 - q) * 0.5 * d * d * g[i];
                next[i] = w[i] - 0.5 * d * m[i] / (Math.Sqrt(v[i]) + d * 1e-8);
            }

            r = q * r + (1 - q) * 0.5 * d * d * along;
            d = Math.Max(d, r / s.Sum(Math.Abs));
            return next;
        };
    }

    private static WholeLiteral Adafactor(Func<int, double> rate)
    {
        Dictionary<string, (double[] Rows, double[] Columns)> state = [];
        return PerParameter((w, g, segment, t) =>
        {
            (int rows, int columns) = segment.IsMatrix ? (segment.Rows, segment.Columns) : (1, w.Length);
            if (t == 1)
                state[segment.Name] = (new double[rows], new double[columns]);
            (double[] r, double[] c) = state[segment.Name];
            double b = 1 - Math.Pow(t, -0.8);
            double[] squares = [.. g.Select(x => x * x + 1e-6)];
            for (int i = 0; i < rows; i++)
                r[i] = b * r[i] + (1 - b) * squares.Skip(i * columns).Take(columns).Average();
            for (int j = 0; j < columns; j++)
                c[j] = b * c[j] + (1 - b) * Enumerable.Range(0, rows).Average(i => squares[i * columns + j]);
            double[] u = [.. g.Select((x, k) => x / Math.Sqrt(segment.IsMatrix ? r[k / columns] * c[k % columns] / r.Average() : c[k]))];
            double size = Math.Sqrt(u.Average(x => x * x)), scale = Math.Max(1e-3, Math.Sqrt(w.Average(x => x * x)));
            return Sum(w, u, -rate(t) * scale / Math.Max(1, size));
        });
    }

    private static WholeLiteral PerParameter(Func<double[], double[], ParameterSegment, double[]> next) =>
        PerParameter((w, g, segment, t) => next(w, g, segment));

    internal static WholeLiteral PerParameter(Func<double[], double[], ParameterSegment, int, double[]> next) => (w, g, t) =>
    {
        double[] result = [.. w];
        foreach (ParameterSegment segment in Segments.Items)
        {
            Range range = segment.Offset..(segment.Offset + segment.Size);
            next(w[range], g[range], segment, t).CopyTo(result, segment.Offset);
        }

        return result;
    };

    private static WholeLiteral PerUnit(Func<double[], double[], ParameterSegment, double[]> next) => PerParameter((w, g, segment) =>
    {
        if (!segment.IsMatrix)
            return next(w, g, segment);
        double[] result = [.. w];
        for (int j = 0; j < segment.Columns; j++)
        {
            double[] unit = next(Column(w, segment, j), Column(g, segment, j), segment);
            for (int i = 0; i < segment.Rows; i++)
                result[i * segment.Columns + j] = unit[i];
        }

        return result;
    });

    private static double[] Column(double[] matrix, ParameterSegment segment, int j) =>
        [.. Enumerable.Range(0, segment.Rows).Select(i => matrix[i * segment.Columns + j])];

    internal static double[] Sum(double[] a, double[] b, double factor) => [.. a.Zip(b, (x, y) => x + factor * y)];

    internal static double Norm(double[] x) => Math.Sqrt(x.Sum(value => value * value));
}
