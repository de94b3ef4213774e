using Thalweg.Minimizers;
using Thalweg.Optimizers;

namespace Thalweg.Labs.Optimizing;

/// <summary>Nesterov's look ahead corrects momentum, and on convex problems turns O(1/k) into O(1/k^2).</summary>
internal sealed class NagLab : Lab
{
    /// <summary>Exponent of the excess error of gradient descent, at least: not faster than 1/k but for the error of the fit.</summary>
    public const double PlainExponent = -1.2;

    /// <summary>Exponent of the excess error of the accelerated method, at most: 1/k^2 but for the error of the fit.</summary>
    public const double AcceleratedExponent = -1.8;

    /// <summary>Overshoot with the look ahead over that without, at most.</summary>
    public const double Overshoot = 0.9;

    private const int Modes = 1500;

    private const double Smallest = 1e-7;

    public override string Name => "nag";

    public override LabClaim Claim => new(
        ("Looking ahead corrects momentum; on convex full-batch problems the excess error goes from O(1/k) to O(1/k²).",
            "Nesterov 动量为标准动量添加了校正因子；在凸的全批量问题上，额外误差的收敛率由 O(1/k) 提高到 O(1/k²)。"),
        ["000", "003"],
        [
            new("003", "在凸优化问题使用批量梯度下降的情况下，Nesterov 动量将 k 步之后额外误差收敛率从",
                "For convex problems and batch gradient descent, Nesterov momentum brings the rate at which the excess error falls after k "
                + "steps from [O(1/k) to O(1/k²)]."),
            new("000", "既然我们已经知道了下一步的走向，我们不妨先走一步，到达新的位置”展望”未来，然后在新位置上求梯度, 而不是原始的位置。",
                "Since we already know where the next step leads, we may take it first, look ahead from the new position, and take the "
                + "gradient there and not at the old one."),
        ],
        "<mi>f</mi><mo>(</mo><msub><mi>w</mi><mi>k</mi></msub><mo>)</mo><mo>-</mo><msup><mi>f</mi><mo>*</mo></msup><mo>=</mo>"
        + "<mi>O</mi><mo>(</mo><msup><mi>k</mi><mrow><mo>-</mo><mn>2</mn></mrow></msup><mo>)</mo>");

    public override LabText Question => ("What does Nesterov's look ahead gain over gradient descent and over plain momentum?",
        "Nesterov 的“展望”比梯度下降和普通动量好多少？");

    public override LabText Method => (
        $"A convex quadratic of {Modes} independent variables with curvatures from {Smallest} to 1, the excess error spread "
            + "evenly over them "
        + "but for a random factor of each seed: no strong convexity within the range of the fit. Gradient descent with rate 1, and the "
        + "accelerated method with momentum 1 - 3/(k+3); slopes of the logarithms between updates 10 and 1000. Overshoot: how far y goes "
        + "beyond 0 in the ravine x²/20 + y², momentum 0.9 with and without the look ahead, from drawn starts.",
        $"{Modes} 个独立变量的凸二次函数，曲率从 {Smallest} 到 1，额外误差均匀分布（每个种子乘以随机因子），在拟合范围内没有强凸性。梯度下降学习率为 1，加速方法动量为 1-3/(k+3)；"
        + "在第 10 到 1000 次更新之间拟合双对数斜率。过冲：在谷 x²/20 + y² 中 y 越过 0 多远，动量 0.9，有或没有展望。");

    public override LabText Refutation => (
        $"An exponent of gradient descent below {PlainExponent}, one of the accelerated method above {AcceleratedExponent}, or "
            + "an overshoot "
        + $"that is not below {Overshoot} of that of momentum.",
        $"梯度下降的指数低于 {PlainExponent}，加速方法的指数高于 {AcceleratedExponent}，或过冲没有低于动量法的 {Overshoot} 倍。");

    public override IReadOnlyList<LabOption> Options =>
        [new("accelerated", "nesterov(1)", ("the method under test; its mu is set by the lab "
            + "where it has one", "被测方法；若为 nesterov 则由实验设定 mu"))];

    public override void Run(LabContext context)
    {
        int last = context.Pick(400, 1000, 3000);
        int[] shown = LabMath.Geometric(10, last, 25);
        NamedOptimizer accelerated = context.Setting<NamedOptimizer>("accelerated"), steady = accelerated;
        if (accelerated is Nesterov nesterov)
        {
            // mu = 1 - 3/(k + 3): the sequence of Su, Boyd and Candès (2016), eq. (1), which gives the rate of Nesterov (1983).
            accelerated = nesterov with { Mu = new AcceleratingMomentum() };
            steady = nesterov with { Mu = 0.9 };
        }

        var runs = context.OverSeeds(seed => (
            Plain: Excess(context, new Sgd(1), seed, shown), Fast: Excess(context, accelerated with { LearningRate = 1 }, seed, shown),
            Ratio: Beyond(context, steady with { LearningRate = 0.1 }, seed) / Beyond(context, new Momentum(0.1), seed)));
        double[] x = [.. shown.Select(step => (double)step)];
        LabFigure slow = context.Measure("exponent-sgd", ("exponent of gradient descent", "梯度下降的指数"),
            runs.Select(run => LabMath.Exponent(x, run.Plain)));
        LabFigure fast = context.Measure("exponent-accelerated", ("exponent of the accelerated method", "加速方法的指数"),
            runs.Select(run => LabMath.Exponent(x, run.Fast)));
        LabFigure beyond = context.Measure("overshoot", ("overshoot over that of momentum", "过冲与动量法之比"),
            runs.Select(run => run.Ratio), LabScale.Logarithmic);
        context.Expect(slow, LabRelation.AtLeast, PlainExponent);
        context.Expect(fast, LabRelation.AtMost, AcceleratedExponent, isEssential: true);
        context.Expect(beyond, LabRelation.AtMost, Overshoot);

        context.Draw(new LinePicture(
            ("Excess error", "额外误差"), new(("update k", "更新次数 k"), LabScale.Logarithmic), new(("f - f*", "f - f*"), LabScale.Logarithmic),
            [
                LabSeries.Of(("gradient descent", "梯度下降"), x, [.. runs.Select(run => run.Plain)], LabScale.Logarithmic),
                LabSeries.Of(accelerated.ToString(), x, [.. runs.Select(run => run.Fast)], LabScale.Logarithmic),
                new("1/k", x, [.. x.Select(k => runs[0].Plain[0] * x[0] / k)]) { IsDashed = true },
                new("1/k²", x, [.. x.Select(k => runs[0].Fast[0] * x[0] * x[0] / (k * k))]) { IsDashed = true },
            ]));
    }

    private static double[] Excess(LabContext context, NamedOptimizer optimizer, ulong seed, int[] shown)
    {
        RandomStream random = new(seed, RandomPurpose.User);
        double ratio = Math.Pow(Smallest, 1.0 / Modes);
        double[] curvature = [.. Enumerable.Range(0, Modes).Select(i => Math.Pow(ratio, i + 0.5))];

        // Each stretch of curvatures holds an excess in proportion to its width.
        double[] start = [.. curvature.Select(c => Math.Sqrt(1 / ratio * (1 - ratio)) * (random.NextNormal() < 0 ? -1
            : 1) * random.NextDouble(0.8, 1.2))];
        double[] excess = new double[shown.Length];
        double ExcessAt(ReadOnlySpan<double> point, Span<double> gradient)
        {
            double sum = 0;
            for (int i = 0; i < point.Length; i++)
            {
                gradient[i] = curvature[i] * point[i];
                sum += gradient[i] * point[i] / 2;
            }

            return sum;
        }

        double[] scratch = new double[Modes];
        LabDescent.Follow(context, optimizer, ExcessAt, start, shown[^1], (step, point, _) =>
        {
            if (Array.IndexOf(shown, step) is >= 0 and int at)
                excess[at] = ExcessAt(point, scratch);
        });
        return excess;
    }

    /// <summary>How far y goes beyond 0, over where it started.</summary>
    private static double Beyond(LabContext context, NamedOptimizer optimizer, ulong seed)
    {
        RandomStream random = new(seed, RandomPurpose.User, index: 1);
        double[] start = [-7 * random.NextDouble(0.5, 1.5), 2 * random.NextDouble(0.5, 1.5)];
        Objective ravine = (point, gradient) =>
        {
            (gradient[0], gradient[1]) = (point[0] / 10, 2 * point[1]);
            return (point[0] * point[0] / 20) + (point[1] * point[1]);
        };
        return LabDescent.Path(context, optimizer, ravine, start, 60).Max(point => -point[1]) / start[1];
    }

    /// <summary>1 - 3/(k + 3).</summary>
    private sealed record AcceleratingMomentum : Schedule
    {
        public override (double Low, double High) Bounds => (0, Math.BitDecrement(1.0));

        public override string Formula => "1 - 3/(t + 3)";

        public override string Source => "Su, Boyd, Candès: A differential equation for modeling Nesterov's accelerated gradient "
            + "method, 2016, eq. 1";

        protected override double Decayed(long step) => 1 - (3.0 / (step + 3));
    }
}
