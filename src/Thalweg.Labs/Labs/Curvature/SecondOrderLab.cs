using Thalweg.Minimizers;

namespace Thalweg.Labs.Curvature;

/// <summary>Conjugate gradients end in n steps on a quadratic; BFGS and L-BFGS come near Newton without the Hessian.</summary>
internal sealed class SecondOrderLab : Lab
{
    /// <summary>Iterations of conjugate gradients beyond the number of variables, at most.</summary>
    public const double ExtraIterations = 2;

    /// <summary>Evaluations of BFGS and L-BFGS over those of Newton's method, at most; a Hessian product counts as an evaluation.</summary>
    public const double OverNewton = 2;

    /// <summary>Iterations of BFGS and L-BFGS over those of Newton's method, at most.</summary>
    public const double IterationsOverNewton = 5;

    /// <summary>Evaluations of steepest descent with the same search over those of BFGS, at least.</summary>
    public const double SteepestOverBfgs = 5;

    private const double Tolerance = 1e-6;

    private static readonly (string Name, Func<Tensor, Tensor> Function, double[] Start)[] s_problems =
    [
        ("Rosenbrock", x => Pairs(x, (a, b) => (100 * (b - a.Square()).Square()) + (1 - a).Square()), [-1.2, 1]),
        ("Rosenbrock, 10", x => Pairs(x, (a, b) => (100 * (b - a.Square()).Square()) + (1 - a).Square()), [.. Repeat([-1.2, 1], 5)]),
        ("Beale", x => Pairs(x, (a, b) => (1.5 - (a * (1 - b))).Square() + (2.25 - (a * (1 - b.Square()))).Square()
            + (2.625 - (a * (1 - (b.Square() * b)))).Square()), [1, 1]),
        ("Powell, 8", Powell, [.. Repeat([3, -1, 0, 1], 2)]),
        ("Wood", Wood, [-3, -1, -3, -1]),
        ("Dixon-Price, 6", DixonPrice, [1, 1, 1, 1, 1, 1]),
    ];

    public override string Name => "second-order";

    public override LabClaim Claim => new(
        ("Conjugate gradients end in n steps on a quadratic of n variables; BFGS and L-BFGS come near Newton's method without the Hessian.",
            "共轭梯度法在 n 维二次函数上 n 步结束；BFGS 与 L-BFGS 不用 Hessian 也接近牛顿法。"),
        ["003"],
        [
            new("003", "与一阶方法相比，二阶方法使用二阶导数改进了优化，最广泛使用的是牛顿法。",
                "Compared with first-order methods, second-order methods use second derivatives to improve optimization; the most widely "
                    + "used is Newton's method."),
        ],
        "<msub><mi>d</mi><mi>t</mi></msub><mo>=</mo><mo>-</mo><mo>&#x2207;</mo><mi>J</mi><mo>+</mo><msub><mi>&#x3B2;</mi><mi>t</mi></msub>"
        + "<msub><mi>d</mi><mrow><mi>t</mi><mo>-</mo><mn>1</mn></mrow></msub>");

    public override LabText Question => ("How close to Newton do methods come that never see the Hessian?", "从不计算 Hessian 的方法离牛顿法有多近？");

    public override LabText Method => (
        "Conjugate gradients with the exact length on random quadratics of 5, 10, 20 and 40 variables with eigenvalues evenly "
            + "spread from 1 to "
        + "20, to a gradient a millionth of the first. Then six standard problems (Rosenbrock, Beale, Powell, Wood, "
        + "Dixon-Price) from their "
        + "usual starts, each shifted by up to 10 % for each seed: evaluations of value and gradient, and Hessian products, until every "
        + "element of the gradient is "
        + "below 1e-6; ratios are geometric means over the problems.",
        "共轭梯度（精确步长）用于 5、10、20、40 个变量、特征值均匀分布在 1 到 20 的随机二次函数，直到梯度降到最初的百万分之一。再取六个标准问题（Rosenbrock、Beale、Powell、Wood、Dixon-Price），"
        + "起点按种子最多偏移 10%：计数函数与梯度的求值以及 Hessian 乘积，直到梯度各分量小于 1e-6；比值取各问题的几何平均。");

    public override LabText Refutation => (
        $"More than n + {ExtraIterations} iterations of conjugate gradients, or BFGS or L-BFGS with more than {OverNewton} times the "
            + $"evaluations or {IterationsOverNewton} times the iterations of Newton's method.",
        $"共轭梯度超过 n + {ExtraIterations} 次迭代；或 BFGS、L-BFGS 的求值次数超过牛顿法的 {OverNewton} 倍或迭代次数超过 {IterationsOverNewton} 倍。");

    public override IReadOnlyList<LabOption> Options =>
    [
        new("cg", "nonlinear_cg(search=newton)", ("conjugate gradients", "共轭梯度")),
        new("bfgs", "bfgs", ("BFGS", "BFGS 方法")), new("lbfgs", "lbfgs", ("L-BFGS", "L-BFGS 方法")),
    ];

    public override void Run(LabContext context)
    {
        int[] sizes = context.Pick<int[]>([5, 10], [5, 10, 20, 40], [5, 10, 20, 40, 80]);
        string[] names = ["newton", "bfgs", "lbfgs", "steepest descent"];
        Minimizer[] methods = [new Newton(), context.Setting<Minimizer>("bfgs"), context.Setting<Minimizer>("lbfgs"),
            new SteepestDescent()];
        var runs = context.OverSeeds(seed =>
        {
            MinimizerResult[][] ends = [.. methods.Select(method =>
                s_problems.Select(problem => Solve(method, problem.Function, problem.Start, seed)).ToArray())];
            return (
                Extra: sizes.Select(size => (double)(ConjugateSteps(context.Setting<Minimizer>("cg"), size, seed) - size)).ToArray(),
                Counts: ends.Select(row => row.Select(end => (double)(end.FunctionEvaluations + end.HessianProducts)).ToArray()).ToArray(),
                Iterations: ends.Select(row => row.Select(end => (double)end.Iterations).ToArray()).ToArray());
        });
        LabFigure extra = context.Measure("extra-iterations", ("most iterations beyond n", "超出 n 的最多迭代次数"),
            runs.Select(run => run.Extra.Max()));
        context.Expect(extra, LabRelation.AtMost, ExtraIterations, isEssential: true);
        foreach (int method in (int[])[1, 2])
        {
            context.Expect(
                context.Measure($"{names[method]}-over-newton", ($"evaluations of {names[method]} "
                    + "over Newton's", $"{names[method]} 与牛顿法求值次数之比"),
                    runs.Select(run => Ratio(run.Counts[method], run.Counts[0])), LabScale.Logarithmic),
                LabRelation.AtMost, OverNewton);
            context.Expect(
                context.Measure($"{names[method]}-iterations", ($"iterations of {names[method]} "
                    + "over Newton's", $"{names[method]} 与牛顿法迭代次数之比"),
                    runs.Select(run => Ratio(run.Iterations[method], run.Iterations[0])), LabScale.Logarithmic),
                LabRelation.AtMost, IterationsOverNewton);
        }

        context.Expect(
            context.Measure("steepest-over-bfgs", ("evaluations of steepest descent over those of BFGS", "最速下降与 BFGS 求值次数之比"),
                runs.Select(run => Ratio(run.Counts[3], run.Counts[1])), LabScale.Logarithmic),
            LabRelation.AtLeast, SteepestOverBfgs);
        context.Draw(new TablePicture(
            ("Evaluations and Hessian products, median "
                + "over the seeds", "求值与 Hessian 乘积次数（各种子的中位数）"), [("problem", "问题"), .. names.Select(name => (LabText)name)],
            [.. s_problems.Select((problem, i) => (IReadOnlyList<LabText>)
                [problem.Name, .. names.Select((_, method) =>
                    (LabText)$"{runs.Select(run => run.Counts[method][i]).Order().ElementAt(runs.Length / 2):f0}")])]));
        context.Draw(new LinePicture(
            ("Iterations of conjugate gradients", "共轭梯度的迭代次数"), new(("variables n", "变量数 n")), new(("iterations", "迭代次数")),
            [
                LabSeries.Of(context.Option("cg"), [.. sizes.Select(size => (double)size)],
                    [.. runs.Select(run => run.Extra.Zip(sizes, (more, size) => more + size).ToArray())]),
                new("n", [.. sizes.Select(size => (double)size)], [.. sizes.Select(size => (double)size)]) { IsDashed = true },
            ]));
    }

    private static double Ratio(double[] above, double[] below) => Math.Exp(above.Zip(below, (a, b) => Math.Log(a / b)).Average());

    private static int ConjugateSteps(Minimizer method, int size, ulong seed)
    {
        RandomStream random = new(seed, RandomPurpose.User, (ulong)size);
        double[] values = [.. Enumerable.Range(0, size).Select(i => 1 + (19.0 * i / (size - 1)))];
        double[] start = [.. Enumerable.Range(0, size).Select(_ => random.NextNormal())];
        ObjectiveFunction function = ObjectiveFunction.Of(
            (point, gradient) =>
            {
                double sum = 0;
                for (int i = 0; i < size; i++)
                {
                    gradient[i] = values[i] * point[i];
                    sum += gradient[i] * point[i] / 2;
                }

                return sum;
            },
            (_, vector, product) =>
            {
                for (int i = 0; i < size; i++)
                    product[i] = values[i] * vector[i];
            });
        double first = start.Zip(values, (w, value) => Math.Abs(w * value)).Max();
        return (method with { GradientTolerance = first * Tolerance, MaximumIterations = 20 * size, ChangeTolerance = 0 })
            .Minimize(function, start).Iterations;
    }

    private static MinimizerResult Solve(Minimizer method, Func<Tensor, Tensor> function, double[] usual, ulong seed)
    {
        RandomStream random = new(seed, RandomPurpose.User);
        double[] start = [.. usual.Select(value => value + (0.1 * random.NextDouble(-1, 1)))];
        return (method with { GradientTolerance = Tolerance, MaximumIterations = 5000, MaximumEvaluations = 5000 })
            .Minimize(ObjectiveFunction.Of(function), start);
    }

    private static IEnumerable<double> Repeat(double[] values, int times) => Enumerable.Repeat(values, times).SelectMany(each => each);

    private static Tensor Pairs(Tensor x, Func<Tensor, Tensor, Tensor> term)
    {
        Tensor pairs = x.Reshape((int)x.Length / 2, 2);
        return term(pairs.Select(1, 0), pairs.Select(1, 1)).Sum();
    }

    private static Tensor Powell(Tensor x)
    {
        Tensor rows = x.Reshape((int)x.Length / 4, 4), a = rows.Select(1, 0), b = rows.Select(1, 1), c = rows.Select(1, 2),
            d = rows.Select(1, 3);
        return ((a + (10 * b)).Square() + (5 * (c - d).Square()) + (b - (2 * c)).Square().Square() + (10 * (a - d).Square().Square()))
            .Sum();
    }

    private static Tensor Wood(Tensor x)
    {
        Tensor a = x.Select(0, 0), b = x.Select(0, 1), c = x.Select(0, 2), d = x.Select(0, 3);
        return (100 * (b - a.Square()).Square()) + (1 - a).Square() + (90 * (d - c.Square()).Square()) + (1 - c).Square()
            + (10 * (b + d - 2).Square()) + (0.1 * (b - d).Square());
    }

    private static Tensor DixonPrice(Tensor x)
    {
        int n = (int)x.Length;
        Tensor factors = Tensor.From<double>([.. Enumerable.Range(2, n - 1).Select(i => (double)i)], [n - 1]);
        return (x.Select(0, 0) - 1).Square()
            + (factors * ((2 * x.Slice(0, 1, n - 1).Square()) - x.Slice(0, 0, n - 1)).Square()).Sum();
    }

    /// <summary>d = -g, with the line search of the others.</summary>
    private sealed record SteepestDescent : CustomMinimizer
    {
        public override string Formula => "d = -g; w = w + t d";

        public override string Source => "Cauchy, 1847";

        protected override void Direct(DescentStep step)
        {
            for (int i = 0; i < step.Direction.Length; i++)
                step.Direction[i] = -step.Gradient[i];
        }
    }
}
