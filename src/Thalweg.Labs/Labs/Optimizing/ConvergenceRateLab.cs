using Thalweg.Minimizers;
using Thalweg.Optimizers;

namespace Thalweg.Labs.Optimizing;

/// <summary>The excess error of SGD falls as 1/sqrt(k) on convex problems, and as 1/k on strongly convex ones.</summary>
internal sealed class ConvergenceRateLab : Lab
{
    /// <summary>How far a fitted exponent may lie from the claimed one.</summary>
    public const double Tolerance = 0.15;

    /// <summary>Work of an update on the largest data over that on the smallest, at most.</summary>
    public const double WorkRatio = 1;

    private const int Variables = 10;

    public override string Name => "convergence-rate";

    public override LabClaim Claim => new(
        ("The excess error of SGD after k steps is O(1/√k) on convex and O(1/k) on strongly convex problems; the cost of an update does "
            + "not depend on the size of the data.",
            "SGD 用于凸问题时 k 步后的额外误差为 O(1/√k)，强凸时为 O(1/k)；每步更新的计算时间不依赖训练样本总数。"),
        ["003"],
        [
            new("003", "SGD应用于凸问题时，k步迭代之后误差的量级是", "For convex problems the error of SGD after k steps is of the order [O(1/√k)]."),
            new("003", "在没有额外假设和辅助信息之下，以上的界限不能进一步改进。", "Without more assumptions these bounds cannot be improved."),
            new("003", "一个重要的性质是每一步更新的计算时间不依赖与总的训练样本的多少。",
                "An important property: the time of an update does not depend on the number of training samples."),
        ],
        "<mi>J</mi><mo>(</mo><msub><mi>&#x3B8;</mi><mi>k</mi></msub><mo>)</mo><mo>-</mo><munder><mi>min</mi><mi>&#x3B8;</mi></munder>"
        + "<mi>J</mi><mo>=</mo><mi>O</mi><mo>(</mo><mn>1</mn><mo>/</mo><msqrt><mi>k</mi></msqrt><mo>)</mo>");

    public override LabText Question => ("How fast does the error of SGD fall?", "SGD 的误差下降得有多快？");

    public override LabText Method => (
        $"{Variables} variables. Convex: the sum of |w|, whose slope does not shrink toward the minimum, with normal noise of "
            + "deviation 1 in "
        + "each derivative and rate 0.5/√(1+t). Strongly convex: the sum of w²/2 with the same noise and rate 1/(1+t). Excess error of the "
        + "iterates, mean over independent copies in one run, at 20 numbers of updates; the slope of the logarithms is the "
        + "exponent. The work "
        + "of an update is counted in samples that it looks at, for 10³ to 10⁶ samples of data.",
        $"{Variables} 个变量。凸：|w| 之和（斜率在极小值附近不变小），每个导数加标准差为 1 的正态噪声，学习率 0.5/√(1+t)。强凸：w²/2 之和，噪声相同，学习率 1/(1+t)。"
        + "取若干独立副本的平均额外误差，在 20 个更新次数处拟合双对数斜率。单次更新的工作量以所看样本数计，数据量从 10³ 到 10⁶。");

    public override LabText Refutation => (
        $"An exponent that is not -0.5 or -1 within {Tolerance}, or an update that looks at more samples when there are more data.",
        $"指数与 -0.5 或 -1 相差超过 {Tolerance}，或数据增多时单次更新要看更多样本。");

    public override IReadOnlyList<LabOption> Options =>
    [
        new("convex-rate", "inverse_time(0.5, decay=1, power=0.5)", ("schedule of the rate on the convex problem", "凸问题的学习率安排")),
        new("strong-rate", "inverse_time(1, decay=1)", ("schedule of the rate on the strongly convex problem", "强凸问题的学习率安排")),
        new("batch", "64", ("samples of an update", "单次更新的样本数")),
    ];

    public override void Run(LabContext context)
    {
        int[] shown = LabMath.Geometric(20, context.Pick(500, 4000, 40_000), 20);
        double[] x = [.. shown.Select(step => (double)step)];
        var runs = context.OverSeeds(seed => (
            Convex: Excess(context, context.Setting<Schedule>("convex-rate"), seed, shown, isStrong: false),
            Strong: Excess(context, context.Setting<Schedule>("strong-rate"), seed, shown, isStrong: true)));
        Judge("convex", ("exponent, convex", "凸问题的指数"), runs.Select(run => run.Convex), -0.5);
        Judge("strong", ("exponent, strongly convex", "强凸问题的指数"), runs.Select(run => run.Strong), -1);

        int[] sizes = [1000, 10_000, 100_000, 1_000_000];
        double[] work = [.. sizes.Select(size => (double)new Training.TrainerOptions { BatchSize = int.Parse(context.Option("batch"),
            null) }
            .StepsFor(size)).Zip(sizes, (steps, size) => size * 20 / steps)];
        LabFigure ratio = context.Measure("work-ratio", ("samples of an update, 10⁶ over 10³ samples of data", "数据为 10⁶ 与 10³ 时单次更新样本数之比"),
            Math.Round(work[^1] / work[0], 1));
        context.Expect(ratio, LabRelation.AtMost, WorkRatio);

        context.Draw(new LinePicture(
            ("Excess error", "额外误差"), new(("update k", "更新次数 k"), LabScale.Logarithmic),
                new(("excess error", "额外误差"), LabScale.Logarithmic),
            [
                LabSeries.Of(("convex", "凸"), x, [.. runs.Select(run => run.Convex)], LabScale.Logarithmic),
                LabSeries.Of(("strongly convex", "强凸"), x, [.. runs.Select(run => run.Strong)], LabScale.Logarithmic),
                new("1/√k", x, [.. x.Select(k => runs[0].Convex[0] * Math.Sqrt(x[0] / k))]) { IsDashed = true },
                new("1/k", x, [.. x.Select(k => runs[0].Strong[0] * x[0] / k)]) { IsDashed = true },
            ]));

        void Judge(string name, LabText label, IEnumerable<double[]> curves, double claimed)
        {
            LabFigure exponent = context.Measure($"exponent-{name}", label, curves.Select(curve => LabMath.Exponent(x, curve)));
            context.Expect(exponent, LabRelation.AtLeast, claimed - Tolerance, isEssential: true);
            context.Expect(exponent, LabRelation.AtMost, claimed + Tolerance, isEssential: true);
        }
    }

    /// <summary>Many copies of the problem side by side are one vector: their mean error is what is expected.</summary>
    private static double[] Excess(LabContext context, Schedule rate, ulong seed, int[] shown, bool isStrong)
    {
        const int Copies = 60;
        double[] start = new double[Variables * Copies], excess = new double[shown.Length];
        Array.Fill(start, 1);
        RandomStream noise = new(seed, RandomPurpose.GradientNoise, index: isStrong ? 1UL : 0);
        double Value(ReadOnlySpan<double> point)
        {
            double sum = 0;
            foreach (double w in point)
                sum += isStrong ? w * w / 2 : Math.Abs(w);
            return sum / Copies;
        }

        Objective noisy = (point, gradient) =>
        {
            for (int i = 0; i < point.Length; i++)
                gradient[i] = (isStrong ? point[i] : Math.Sign(point[i])) + noise.NextNormal();
            return 0;
        };
        LabDescent.Follow(context, new Sgd(rate), noisy, start, shown[^1], (step, point, _) =>
        {
            if (Array.IndexOf(shown, step) is >= 0 and int at)
                excess[at] = Value(point);
        });
        return excess;
    }
}
