namespace Thalweg.Tuning.Bench;

/// <summary>Known functions of numbers, some of them over logarithms, whole numbers and steps.</summary>
internal static class NumberProblems
{
    private static readonly double[,] s_hartmann6 =
    {
        { 10, 3, 17, 3.5, 1.7, 8 }, { 0.05, 10, 17, 0.1, 8, 14 }, { 3, 3.5, 1.7, 10, 17, 8 }, { 17, 8, 0.05, 10, 0.1, 14 },
    };

    private static readonly double[,] s_hartmann6Centers =
    {
        { 0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886 }, { 0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991 },
        { 0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650 }, { 0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381 },
    };

    public static IEnumerable<Problem> All() =>
    [
        new("branin", Space("x0=uniform(-5, 10)", "x1=uniform(0, 15)"), point => Branin(point.Number("x0"), point.Number("x1")), 0.397887),
        new("hartmann6", Same(6, "uniform(0, 1)"), point => Hartmann6(point.Numbers(6)), -3.32237),
        new("ackley-log5", Same(5, "log(1e-5, 1)"), point => Ackley([.. point.Numbers(5).Select((x, i) => 4 * (Math.Log10(x) + 1.3 + (0.5 * i)))]), 0),
        new("rosenbrock-int4", Space("x0=uniform(-2, 2)", "x1=uniform(-2, 2)", "x2=int(-2, 2)", "x3=int(-2, 2)"),
            point => Math.Log(1 + Rosenbrock(point.Numbers(4))), 0),
        new("levy8", Same(8, "uniform(-10, 10)"), point => Levy(point.Numbers(8)), 0),
        new("widths-logint4", Same(4, "logint(8, 1024)"), point => Widths(point.Numbers(4)), 0),
        new("rastrigin3", Same(3, "uniform(-5.12, 5.12)"), point => Rastrigin([.. point.Numbers(3).Select((x, i) => x - 0.7 - (0.3 * i))]), 0),
        new("griewank-log4", Same(4, "log(1e-4, 100)"), point => Griewank([.. point.Numbers(4).Select((x, i) => 20 * (Math.Log10(x) - 0.6 + (0.4 * i)))]), 0),
        new("styblinski5", Same(5, "uniform(-5, 5)"), point => point.Numbers(5).Sum(x => 0.5 * ((x * x * x * x) - (16 * x * x) + (5 * x))) / 5, -39.16617),
        new("camel-noise", Space("x0=uniform(-3, 3)", "x1=uniform(-2, 2)"),
            point => Camel(point.Number("x0"), point.Number("x1")) + (0.2 * Noise(point)), -1.6),
        new("plateau-steps3", Same(3, "steps(-3, 3, 0.25)"), point => Math.Floor(4 * Ackley([.. point.Numbers(3).Select((x, i) => x - 0.5 - (0.25 * i))])) / 4, 0),
        new("ellipsoid12", Same(12, "uniform(-5, 5)"), point => Math.Log10(1e-3 + Ellipsoid(point.Numbers(12))), -3),
        new("michalewicz5", Same(5, "uniform(0, 3.14159265)"), point => Michalewicz(point.Numbers(5)), -4.687658),
        new("ackley-mixed10", Space([.. Enumerable.Range(0, 10).Select(i => i < 5 ? $"x{i}=int(-16, 16)" : $"x{i}=uniform(-16, 16)")]),
            point => Ackley([.. point.Numbers(10).Select((x, i) => x - (i % 4))]), 0),
    ];

    public static double Ackley(double[] x) => -20 * Math.Exp(-0.2 * Math.Sqrt(x.Sum(v => v * v) / x.Length))
        - Math.Exp(x.Sum(v => Math.Cos(2 * Math.PI * v)) / x.Length) + 20 + Math.E;

    public static double Branin(double a, double b) => Math.Pow(b - (5.1 / (4 * Math.PI * Math.PI) * a * a) + (5 / Math.PI * a) - 6, 2)
        + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(a)) + 10;

    public static double Camel(double a, double b) =>
        ((4 - (2.1 * a * a) + (a * a * a * a / 3)) * a * a) + (a * b) + ((-4 + (4 * b * b)) * b * b);

    /// <summary>A standard normal number that belongs to a point: noise that is equal whoever asks.</summary>
    public static double Noise(TrialPoint point)
    {
        ulong hash = 14695981039346656037;
        foreach (char letter in point.ToString())
            hash = (hash ^ letter) * 1099511628211;
        return new RandomStream(hash, RandomPurpose.User).NextNormal();
    }

    private static SearchSpace Space(params IEnumerable<string> texts) => SearchSpace.Parse(texts);

    private static SearchSpace Same(int count, string distribution) => Space(Enumerable.Range(0, count).Select(i => $"x{i}={distribution}"));

    private static double Hartmann6(double[] x)
    {
        double[] alpha = [1, 1.2, 3, 3.2];
        return -Enumerable.Range(0, 4).Sum(i =>
            alpha[i] * Math.Exp(-Enumerable.Range(0, 6).Sum(j => s_hartmann6[i, j] * Math.Pow(x[j] - s_hartmann6Centers[i, j], 2))));
    }

    private static double Rosenbrock(double[] x) =>
        Enumerable.Range(0, x.Length - 1).Sum(i => (100 * Math.Pow(x[i + 1] - (x[i] * x[i]), 2)) + Math.Pow(1 - x[i], 2));

    private static double Levy(double[] x)
    {
        double[] w = [.. x.Select(v => 1 + ((v - 1) / 4))];
        double middle = w[..^1].Sum(v => Math.Pow(v - 1, 2) * (1 + (10 * Math.Pow(Math.Sin((Math.PI * v) + 1), 2))));
        return Math.Pow(Math.Sin(Math.PI * w[0]), 2) + middle
            + (Math.Pow(w[^1] - 1, 2) * (1 + Math.Pow(Math.Sin(2 * Math.PI * w[^1]), 2)));
    }

    /// <summary>Too narrow layers fit badly, too wide ones overfit, and neighbors should be alike.</summary>
    private static double Widths(double[] widths)
    {
        double[] x = [.. widths.Select(width => Math.Log2(width) - 6.4)];
        return x.Sum(v => v > 0 ? 0.2 * v * v : v * v) + Enumerable.Range(0, x.Length - 1).Sum(i => 0.5 * Math.Pow(x[i + 1] - x[i], 2));
    }

    private static double Rastrigin(double[] x) => x.Sum(v => (v * v) - (10 * Math.Cos(2 * Math.PI * v)) + 10);

    private static double Griewank(double[] x) =>
        (x.Sum(v => v * v) / 4000) - x.Select((v, i) => Math.Cos(v / Math.Sqrt(i + 1))).Aggregate(1.0, (product, v) => product * v) + 1;

    /// <summary>Three directions matter; nine hardly do.</summary>
    private static double Ellipsoid(double[] x) => x.Select((v, i) => (i % 4 == 0 ? 1 : 1e-4) * Math.Pow(v - 2 + (0.3 * i), 2)).Sum();

    private static double Michalewicz(double[] x) =>
        -x.Select((v, i) => Math.Sin(v) * Math.Pow(Math.Sin((i + 1) * v * v / Math.PI), 20)).Sum();
}
