using Thalweg.Data;
using Thalweg.Training;

namespace Thalweg.Labs.Landscapes;

/// <summary>Local descent can point away from good regions: the start matters more than the rule.</summary>
internal sealed class LocalGlobalLab : Lab
{
    /// <summary>Share of starts in the wide bad basin from which a rule reaches the good one, at most.</summary>
    public const double Crossings = 0.1;

    /// <summary>Spread of the final loss over starts, over its spread over rules, at least.</summary>
    public const double StartOverRule = 1;

    private static readonly string[] s_scales = ["normal(0.001)", "normal(0.02)", "xavier_uniform", "he_normal", "normal(0.5)",
        "normal(2)"];

    private static readonly string[] s_rules = ["sgd", "momentum", "rmsprop", "adam"];

    public override string Name => "local-global";

    public override LabClaim Claim => new(
        ("Local descent can point away from good regions; a good start matters more than the update rule.",
            "局部下降可能远离好的区域；好的初始点比更新规则更重要。"),
        ["003"],
        [
            new("003", "还有些情况下，局部移动太过贪心，朝着下坡的方向移动，但是却和所以可行解越来越远。",
                "In other cases local moves are too greedy: they go downhill, but farther and farther away from all acceptable solutions."),
            new("003", "许多现有的研究方法在研究求解具有困难全局结构的问题时，着力于寻找良好的初始点，而不是在局部范围内更新的算法，因为前者实现目标更加可行。",
                "For problems whose global structure is difficult, many methods of research work at finding good starting points "
                    + "rather than at "
                + "algorithms of local updates, because the former is the more feasible."),
        ],
        "<mi>f</mi><mo>(</mo><mi>x</mi><mo>)</mo><mo>=</mo><mo>-</mo><msup><mi>e</mi><mrow><mo>-</mo><msup><mrow><mo>(</mo><mi>"
            + "x</mi><mo>-</mo>"
        + "<mn>4</mn><mo>)</mo></mrow><mn>2</mn></msup></mrow></msup><mo>+</mo><mfrac><msup><mi>x</mi><mn>2</mn></msup><mn>"
        + "50</mn></mfrac>");

    public override LabText Question => ("What decides where training ends: the start or the rule?", "训练终点由什么决定：初始点还是更新规则？");

    public override LabText Method => (
        "Two basins: f(x) = x²/50 - exp(-(x-4)²) falls on the left of x = 2.5 toward x = 0, away from the better minimum near 3.85; each "
            + "rule at its own rate "
        + "from points drawn in [-6, 2]. And a real network: six tanh layers of 32 units on glyphs, from six starts of different "
        + "scale, with four "
        + "rules at the best of five rates each: the deviation of the logarithm of the final loss over starts (mean over rules) over that "
        + "over rules (mean over starts).",
        "两个盆地：f(x) = x²/50 - exp(-(x-4)²) 在 x = 2.5 左侧朝 x = 0 下降，远离 3.85 附近更好的极小值；各规则从 [-6, 2] 中随机点出发。以及真实网络：glyphs 上六层、每层 32 个 "
            + "tanh 单元，六种尺度的初始化，"
        + "四种规则各取五个学习率中最好的：最终损失对数在初始点之间的标准差（对规则平均）除以在规则之间的标准差（对初始点平均）。");

    public override LabText Refutation => (
        $"A rule that crosses from the bad basin in more than {Crossings} of the runs, or final losses that vary more over rules "
            + "than over starts.",
        $"某规则从差的盆地越过的比例超过 {Crossings}，或最终损失在规则之间的变化大于在初始点之间的变化。");

    public override LabText Limits => (
        "The ratio belongs to these starts and rules: among starts of sensible scale alone rules would differ more.",
        "该比值取决于所选的初始化与规则：若只比较尺度合理的初始化，规则之间的差别会更大。");

    public override IReadOnlyList<LabOption> Options =>
    [
        new("starts", string.Join(' ', s_scales), ("initializers, with spaces between", "初始化方法，以空格分隔")),
        new("rules", string.Join(' ', s_rules), ("optimizers, with spaces between", "优化方法，以空格分隔")),
    ];

    public override void Run(LabContext context)
    {
        string[] starts = context.Option("starts").Split(' '), rules = context.Option("rules").Split(' ');
        var runs = context.OverSeeds(seed => (Crossed: Crossed(context, rules, seed), Losses: Losses(context, starts, rules, seed)));
        LabFigure crossings = context.Measure("crossings", ("largest share over rules that crosses into "
            + "the better basin", "各规则中越过到更好盆地的最大比例"),
            runs.Select(run => run.Crossed));
        LabFigure ratio = context.Measure("start-over-rule", ("spread over starts over spread over rules", "初始点间与规则间的差异之比"),
            runs.Select(run => Spread(run.Losses, byRow: true) / Spread(run.Losses, byRow: false)), LabScale.Logarithmic);
        context.Expect(crossings, LabRelation.AtMost, Crossings);
        context.Expect(ratio, LabRelation.AtLeast, StartOverRule, isEssential: true);
        context.Draw(new HeatMapPicture(
            ("Training loss at the end, geometric mean over the seeds", "最终训练损失（各种子的几何平均）"), ("start", "初始化"), ("rule", "规则"),
            [.. starts.Select(start => (LabText)start)], [.. rules.Select(rule => (LabText)rule)],
            [.. starts.Select((_, row) => (IReadOnlyList<double>)
                [.. rules.Select((_, column) => Math.Exp(runs.Average(run =>
                    run.Losses[row][column])))])])
        { Scale = LabScale.Logarithmic });
    }

    private static double Crossed(LabContext context, string[] rules, ulong seed)
    {
        const int Starts = 8;
        double most = 0;
        foreach (string rule in rules)
        {
            RandomStream random = new(seed, RandomPurpose.User);
            int crossed = 0;
            for (int start = 0; start < Starts; start++)
            {
                double[] path = [.. LabDescent.Path(
                    context, LabDescent.At(rule, rule == "sgd" ? 1 : 0.05), (point, gradient) =>
                    {
                        double bump = Math.Exp(-(point[0] - 4) * (point[0] - 4));
                        gradient[0] = (point[0] / 25) + (2 * (point[0] - 4) * bump);
                        return (point[0] * point[0] / 50) - bump;
                    },
                    [random.NextDouble(-6, 2)], 200).Select(point => point[0])];
                crossed += path[^1] > 3 ? 1 : 0;
            }

            most = Math.Max(most, crossed / (double)Starts);
        }

        return most;
    }

    /// <summary>Logarithms of the final training loss: [starts][rules].</summary>
    private static double[][] Losses(LabContext context, string[] starts, string[] rules, ulong seed)
    {
        DataSplit data = context.Open("glyphs", context.Pick(128, 512, 4096), 64, seed);
        int steps = context.Pick(20, 60, 600);
        return [.. starts.Select(start => rules.Select(rule => LabNetworks.Rates(rule).Min(rate =>
        {
            Trainer trainer = new(
                LabNetworks.Mlp(Activation.Tanh, Settings.Parse<Initializers.Initializer>(start), 784, 32, 32, 32, 32, 32, 10),
                    data.Training,
                LabNetworks.Steps(LabDescent.At(rule, rate), 64, steps, seed));
            context.Fit(trainer);
            double loss = LabNetworks.Evaluate(trainer.Module, data.Training.Data).Loss;
            return double.IsFinite(loss) ? Math.Log(loss) : double.MaxValue;
        })).ToArray())];
    }

    private static double Spread(double[][] losses, bool byRow)
    {
        double[][] groups = byRow
            ? [.. Enumerable.Range(0, losses[0].Length).Select(column => losses.Select(row => row[column]).ToArray())] : losses;

        // What is less than a millionth is rounding.
        return 1e-6 + groups.Average(group => Math.Sqrt(group.Sum(each =>
            (each - group.Average()) * (each - group.Average())) / (group.Length - 1)));
    }
}
