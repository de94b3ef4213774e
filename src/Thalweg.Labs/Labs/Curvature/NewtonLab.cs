using Thalweg.Minimizers;

namespace Thalweg.Labs.Curvature;

/// <summary>Newton's method: one step on a quadratic, a few on convex functions, and a shift where the Hessian is not positive.</summary>
internal sealed class NewtonLab : Lab
{
    /// <summary>Steps on a positive definite quadratic, at most.</summary>
    public const double StepsOnQuadratic = 1;

    /// <summary>Steps on logistic regression, at least 2 (it iterates), and at most.</summary>
    public const double FewestSteps = 2, MostSteps = 20;

    /// <summary>Share of starts with an indefinite Hessian from which the shifted method goes down to a minimum, at least.</summary>
    public const double SharedSolved = 0.9;

    /// <summary>The same share without the shift, at most.</summary>
    public const double SolvedWithoutShift = 0.5;

    private const string MethodOption = "method", ShiftedOption = "shifted";

    public override string Name => "newton";

    public override LabClaim Claim => new(
        ("Newton's method takes one step on a positive definite quadratic, iterates on other convex functions, and needs H + αI where H "
            + "is not positive definite.",
            "牛顿法在正定二次函数上一步到达极小值，在其他凸函数上需要迭代；H 不正定时需要 H + αI。"),
        ["003"],
        [
            new("003", "对于局部的具有正定 H 的二次函数，用 H^{-1} 调整梯度，牛顿法会直接跳到极小值，如果目标函数是凸的但非二次，该更新将是迭代的",
                "For a quadratic with positive definite H, Newton's method, which adjusts the gradient by H⁻¹, jumps straight to "
                    + "the minimum; if "
                + "the function is convex but not quadratic, the update is iterated."),
            new("003", "牛顿法只适用于Hessian矩阵是正定的情况，而在深度学习中，目标函数的表面通常是非凸的，因此使用牛顿法是有问题的，这种情况下可以通过正则化Hessian矩阵来避免，常用的方法是在Hessian矩阵对角线上增加常数 alpha：",
                "Newton's method suits only positive definite Hessians. The surfaces of deep learning are usually not convex, "
                    + "so its use is "
                + "problematic; this is avoided by regularizing the Hessian, usually by adding a constant alpha on its diagonal."),
        ],
        "<msup><mi>&#x3B8;</mi><mo>*</mo></msup><mo>=</mo><msub><mi>&#x3B8;</mi><mn>0</mn></msub><mo>-</mo><msup><mrow><mo>[</mo><mi>H</mi>"
        + "<mo>+</mo><mi>&#x3B1;</mi><mi>I</mi><mo>]</mo></mrow><mrow><mo>-</mo><mn>1</mn></mrow></msup><mo>&#x2207;</mo><mi>f</mi>");

    public override LabText Question => ("When does one Newton step suffice, and when does the method need help?", "什么时候一步牛顿法就够，什么时候需要修正？");

    public override LabText Method => (
        "Steps without a line search until every element of the gradient is below 1e-8: on random positive definite quadratics "
            + "of 5, 20 and "
        + "50 variables, and on logistic regression with a penalty. Then from 40 points for each seed at which the Hessian of "
        + "Σ(x⁴/4 - x²/2) in 4 rotated variables has eigenvalues of both signs: the share of runs that end in a minimum, with the exact "
        + "Hessian (option method) and with the shifted one (option shifted).",
        "不做线搜索，迭代到梯度各分量小于 1e-8：5、20、50 个变量的随机正定二次函数，以及带惩罚项的逻辑回归。然后每个种子取 40 个 Σ(x⁴/4 - x²/2)（4 个旋转变量）的 Hessian 正负特征值并存的点："
        + "用精确 Hessian（选项 method）和加移位的 Hessian（选项 shifted）分别有多大比例到达极小值。");

    public override LabText Refutation => (
        $"A second step on a quadratic, more than {MostSteps} on logistic regression, fewer than {SharedSolved} of the runs with the shift "
        + $"that reach a minimum, or more than {SolvedWithoutShift} of those without it.",
        $"二次函数上需要第二步；逻辑回归需要 {MostSteps} 步以上；加移位后到达极小值的比例低于 {SharedSolved}；或不加移位时高于 {SolvedWithoutShift}。");

    public override IReadOnlyList<LabOption> Options =>
    [
        new(MethodOption, "newton(form=exact, search=none)", ("Newton's method", "牛顿法")),
        new(ShiftedOption, "newton(form=shifted)", ("Newton's method with a shifted Hessian", "移位的牛顿法")),
    ];

    public override void Run(LabContext context)
    {
        Minimizer newton = context.Setting<Minimizer>(MethodOption) with { MaximumIterations = 200, GradientTolerance = 1e-8 };
        Minimizer shifted = context.Setting<Minimizer>(ShiftedOption) with { MaximumIterations = 200, GradientTolerance = 1e-8 };
        int starts = context.Pick(10, 40, 200);
        int[] sizes = context.Pick<int[]>([5, 20], [5, 20, 50], [5, 20, 50, 100]);
        var runs = context.OverSeeds(seed => (
            Quadratic: (double)sizes.Max(size => Steps(newton, Quadratic(size, seed), size)),
            Logistic: (double)Steps(newton, Logistic(seed), 10),
            Exact: ShareSolved(newton, seed, starts), Shifted: ShareSolved(shifted, seed, starts)));
        context.Expect(
            context.Measure("quadratic-steps", ("most steps on a quadratic", "二次函数上的最多步数"), runs.Select(run => run.Quadratic)),
            LabRelation.AtMost, StepsOnQuadratic, isEssential: true);
        LabFigure logistic = context.Measure("logistic-steps", ("steps on logistic regression", "逻辑回归的步数"),
            runs.Select(run => run.Logistic));
        context.Expect(logistic, LabRelation.AtLeast, FewestSteps);
        context.Expect(logistic, LabRelation.AtMost, MostSteps);
        LabFigure exact = context.Measure("solved-exact", ("share that reaches a minimum, exact Hessian", "精确 Hessian 到达极小值的比例"),
            runs.Select(run => run.Exact));
        LabFigure moved = context.Measure("solved-shifted", ("share that reaches a minimum, H + αI", "H + αI 到达极小值的比例"),
            runs.Select(run => run.Shifted));
        context.Expect(exact, LabRelation.AtMost, SolvedWithoutShift);
        context.Expect(moved, LabRelation.AtLeast, SharedSolved);
        context.Draw(new BarPicture(
            ("Share of starts with an indefinite Hessian that reach a minimum", "从 Hessian 不定的点出发到达极小值的比例"), new(("share", "比例")),
            [LabBar.Of(context.Option(MethodOption), exact), LabBar.Of(context.Option(ShiftedOption), moved)]));
    }

    private static int Steps(Minimizer minimizer, Func<Tensor, Tensor> function, int variables)
    {
        MinimizerResult result = minimizer.Minimize(ObjectiveFunction.Of(function), new double[variables]);
        return result.Status == MinimizerStatus.GradientSmall ? result.Iterations : int.MaxValue;
    }

    /// <summary>(w - 1)'A A'(w - 1)/2 + |w - 1|^2/2 with a random A.</summary>
    private static Func<Tensor, Tensor> Quadratic(int size, ulong seed)
    {
        RandomStream random = new(seed, RandomPurpose.User, (ulong)size);
        Tensor a = Tensor.Normal([size, size], 0, 1 / Math.Sqrt(size), ref random, DType.Float64);
        return w => ((w - 1).Reshape(1, size).MatMul(a).Square().Sum() + (w - 1).Square().Sum()) * 0.5;
    }

    private static Func<Tensor, Tensor> Logistic(ulong seed)
    {
        RandomStream random = new(seed, RandomPurpose.Data);
        Tensor x = Tensor.Normal([200, 10], 0, 1, ref random, DType.Float64),
            truth = Tensor.Normal([10, 1], 0, 1, ref random, DType.Float64);
        Tensor sign = (x.MatMul(truth) + Tensor.Normal([200, 1], 0, 1, ref random, DType.Float64)).Sign();
        return w => (-(sign * x.MatMul(w.Reshape(10, 1)))).Softplus().Mean() + (0.001 * w.Square().Sum());
    }

    private static double ShareSolved(Minimizer minimizer, ulong seed, int starts)
    {
        const int Size = 4;
        RandomStream random = new(seed, RandomPurpose.User, index: 1);
        Tensor mix = Tensor.From<double>([.. from i in Enumerable.Range(0, 16) select ((i / 4 & i % 4) is 0 or 3 ? 0.5 : -0.5)],
            [Size, Size]);
        ObjectiveFunction wells = ObjectiveFunction.Of(w =>
        {
            Tensor z = w.Reshape(1, Size).MatMul(mix).Square();
            return ((z.Square() * 0.25) - (z * 0.5)).Sum();
        });
        int solved = 0;
        for (int run = 0; run < starts; run++)
        {
            // Second derivatives 3 z^2 - 1: two of them below 0, two above.
            double[] z = [.. Enumerable.Range(0, Size).Select(i =>
                random.NextDouble(i < 2 ? 0.05 : 0.8, i < 2 ? 0.5 : 1.5) * (random.NextInt32(2) == 0 ? -1 : 1))];
            double[] start = Tensor.From(z, [1, Size]).MatMul(mix.Transpose()).ToArray<double>();
            double value = minimizer.Minimize(wells, start).Value;
            solved += Math.Abs(value + (Size / 4.0)) < 1e-6 ? 1 : 0;
        }

        return solved / (double)starts;
    }
}
