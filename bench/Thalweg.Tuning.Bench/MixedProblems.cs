namespace Thalweg.Tuning.Bench;

/// <summary>Functions with choices and conditions, most of them shaped like the error of a model that is trained.</summary>
internal static class MixedProblems
{
    private static readonly string[] s_activations = ["relu", "gelu", "tanh", "silu", "elu"];

    public static IEnumerable<Problem> All() =>
    [
        new("choice-bowls", SearchSpace.Parse("kind=choice(a, b, c, d)", "x=uniform(-3, 3)", "y=uniform(-3, 3)", "z=uniform(-3, 3)", "scale=log(1e-4, 1)"),
            Bowls, 0),
        new("optimizer-conditional", SearchSpace.Parse(
            "optimizer=choice(sgd, momentum, adam)", "rate=log(1e-5, 10)", "mu=uniform(0, 0.99) if optimizer = momentum",
            "b2=uniform(0.9, 0.9999) if optimizer = adam", "decay=log(1e-6, 0.1)"), Optimizer, 0),
        new("depth-conditional", SearchSpace.Parse(
            "depth=int(1, 4)", "units0=logint(16, 512)", "units1=logint(16, 512) if depth >= 2", "units2=logint(16, 512) if depth >= 3",
            "units3=logint(16, 512) if depth >= 4", "rate=log(1e-5, 1)", "dropout=uniform(0, 0.6)", "activation=choice(relu, gelu, tanh, silu, elu)"),
            Depth, 0),
        new("choices-pairs6", SearchSpace.Parse(Enumerable.Range(0, 6).Select(i => $"c{i}=choice(a, b, c, d)")), Pairs, -3.5),
        new("kernel-conditional", SearchSpace.Parse(
            "kernel=choice(linear, rbf, poly)", "c=log(1e-3, 1e3)", "gamma=log(1e-5, 10) if kernel in [rbf, poly]",
            "degree=int(2, 6) if kernel = poly"), Kernel, 0),
        new("few-matter8", SearchSpace.Parse(
            "rate=log(1e-6, 1)", "decay=log(1e-8, 1)", "batch=logint(8, 1024)", "clip=log(0.01, 100)", "warmup=int(0, 1000)",
            "smoothing=uniform(0, 0.3)", "norm=choice(none, batch, layer)", "init=choice(he, xavier, orthogonal)"), Few, 0),
        new("corner-log5", SearchSpace.Parse("a=log(1e-6, 1)", "b=log(1e-6, 1)", "c=log(1e-6, 1)", "x=uniform(0, 1)", "y=uniform(0, 1)"), Corner, 0),
        new("mixed-noise6", SearchSpace.Parse(
            "rate=log(1e-5, 1)", "units=logint(8, 512)", "layers=int(1, 5)", "dropout=steps(0, 0.5, 0.1)", "activation=choice(relu, gelu, tanh)",
            "schedule=choice(none, cosine, step)"), MixedNoise, -0.1),
    ];

    private static double Bowls(TrialPoint point)
    {
        int kind = "abcd".IndexOf(point.Word("kind")[0], StringComparison.Ordinal);
        double offset = ((double[])[0.6, 0.0, 1.5, 0.3])[kind], shift = kind - 1.5;
        return offset + (0.4 * (Math.Pow(point.Number("x") - shift, 2) + Math.Pow(point.Number("y") + shift, 2)
            + Math.Pow(point.Number("z") - (0.5 * shift), 2))) + (0.3 * Math.Pow(point.Log10("scale") + 1.5 + (0.3 * kind), 2));
    }

    private static double Optimizer(TrialPoint point)
    {
        double rate = point.Log10("rate"), decay = Math.Pow(point.Log10("decay") + 3.5, 2) * 0.01;
        return decay + point.Word("optimizer") switch
        {
            "sgd" => 0.08 + Valley(rate, -0.3),
            "momentum" => 0.02 + Valley(rate - Math.Log10(1 - point.Number("mu")), 0.2) + (0.1 * Math.Pow(point.Number("mu") - 0.9, 2)),
            _ => Valley(rate, -2.7) + (0.03 * Math.Abs(Math.Log10(1 - point.Number("b2")) + 2.5)),
        };
    }

    /// <summary>Slow below the best rate, divergence soon above it.</summary>
    private static double Valley(double rate, double best) => rate > best
        ? Math.Min(0.9, 0.15 * Math.Pow(rate - best, 2) + (rate > best + 0.7 ? 0.5 : 0))
        : Math.Min(0.9, 0.06 * Math.Pow(rate - best, 2));

    private static double Depth(TrialPoint point)
    {
        int depth = (int)point.Number("depth");
        double fit = 0;
        for (int i = 0; i < depth; i++)
            fit += Math.Pow(Math.Log2(point.Number($"units{i}")) - 7.5 + (0.8 * i), 2) * 0.01;
        double activation = ((double[])[0.01, 0, 0.05, 0.005, 0.02])[Array.IndexOf(s_activations, point.Word("activation"))];
        double best = -2.2 - (0.25 * depth);
        return (fit / depth) + (0.02 * Math.Abs(depth - 3)) + activation + Valley(point.Log10("rate"), best)
            + (0.2 * Math.Pow(point.Number("dropout") - (0.1 * (depth - 1)), 2));
    }

    private static double Pairs(TrialPoint point)
    {
        double sum = 0;
        for (int i = 0; i < 6; i++)
        {
            int own = point.Word($"c{i}")[0] - 'a', next = point.Word($"c{(i + 1) % 6}")[0] - 'a';
            sum += new RandomStream(17, RandomPurpose.User, (ulong)((i * 4) + own)).NextDouble()
                + (0.7 * new RandomStream(18, RandomPurpose.User, (ulong)((i * 16) + (own * 4) + next)).NextDouble());
        }

        return sum - 3.5;
    }

    private static double Kernel(TrialPoint point)
    {
        double c = point.Log10("c");
        switch (point.Word("kernel"))
        {
            case "linear":
                return 0.15 + (0.01 * Math.Pow(c + 0.5, 2));
            case "rbf":
                double ridge = c + (1.2 * (point.Log10("gamma") + 2));
                return 0.02 + (0.015 * Math.Pow(ridge - 0.8, 2)) + (0.004 * Math.Pow(point.Log10("gamma") + 1.7, 2));
            default:
                return 0.08 + (0.01 * Math.Pow(c + (2 * point.Log10("gamma")) + 2, 2)) + (0.02 * Math.Pow(point.Number("degree") - 3, 2));
        }
    }

    private static double Few(TrialPoint point) => Valley(point.Log10("rate"), -2.4) + (0.01 * Math.Pow(point.Log10("decay") + 4, 2))
        + (point.Word("norm") == "batch" ? 0 : 0.08) + (0.002 * Math.Pow(Math.Log2(point.Number("batch")) - 6, 2))
        + (0.001 * Math.Abs(point.Log10("clip"))) + (0.00001 * point.Number("warmup")) + (0.05 * Math.Abs(point.Number("smoothing") - 0.1))
        + (point.Word("init") == "he" ? 0 : 0.005);

    private static double Corner(TrialPoint point)
    {
        double a = point.Log10("a") + 5.8, b = point.Log10("b") + 5.5, c = point.Log10("c") + 0.3;
        return Math.Sqrt((a * a) + (b * b) + (c * c) + (4 * Math.Pow(point.Number("x") - 0.95, 2)) + (4 * Math.Pow(point.Number("y") - 0.05, 2)))
            + (0.1 * Math.Sin(3 * a) * Math.Sin(3 * b)) + 0.1;
    }

    private static double MixedNoise(TrialPoint point) =>
        Valley(point.Log10("rate"), -2 - (0.2 * point.Number("layers")))
        + (0.01 * Math.Pow(Math.Log2(point.Number("units")) - 6.5, 2)) + (0.02 * Math.Abs(point.Number("layers") - 3))
        + (0.3 * Math.Pow(point.Number("dropout") - 0.2, 2)) + (point.Word("activation") == "gelu" ? 0 : 0.03)
        + (point.Word("schedule") switch { "cosine" => 0, "step" => 0.01, _ => 0.04 }) + (0.02 * NumberProblems.Noise(point));
}
