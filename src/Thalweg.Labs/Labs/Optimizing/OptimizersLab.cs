using Thalweg.Data;
using Thalweg.Training;

namespace Thalweg.Labs.Optimizing;

/// <summary>On images the other methods learn faster than SGD; AdaGrad a little ahead; Adam best overall.</summary>
internal sealed class OptimizersLab : Lab
{
    /// <summary>Updates that a method needs for what SGD reaches, over those of SGD, at most.</summary>
    public const double OverSgd = 0.9;

    /// <summary>Updates of AdaGrad, and of Adam, over those of the fastest other method, at most.</summary>
    public const double OverNext = 1;

    /// <summary>Least validation loss of a method over that of SGD, at most: it ends better as well.</summary>
    public const double LossOverSgd = 1;

    /// <summary>Shares of the run at which the loss of SGD is the target.</summary>
    private static readonly double[] s_shares = [0.25, 0.5, 0.75];

    private static readonly string[] s_rules = ["sgd", "momentum", "adagrad", "adam"];

    public override string Name => "optimizers";

    public override LabClaim Claim => new(
        ("On real images the other methods learn faster than SGD; AdaGrad is a little ahead; Adam is the best choice overall.",
            "在真实图像上，其他方法都比 SGD 学得快；AdaGrad 略快；整体来讲 Adam 是最好的选择。"),
        ["001", "004"],
        [
            new("001", "与SGD相比，其他3种方法学习速度更快，精度更高，其中，AdaGrad法的速度略高于其他两种方法。",
                "Compared with SGD the other 3 methods learn faster and reach higher accuracy; of them AdaGrad is slightly faster than "
                    + "the other two."),
            new("004", "整体来讲，**Adam 是最好的选择**。", "On the whole, Adam is the best choice."),
        ],
        "<msub><mi>w</mi><mrow><mi>t</mi><mo>+</mo><mn>1</mn></mrow></msub><mo>=</mo><msub><mi>w</mi><mi>t</mi></msub><mo>-</mo>"
            + "<mi>&#x3B7;</mi>"
        + "<mfrac><msub><mover><mi>m</mi><mo>^</mo></mover><mi>t</mi></msub><mrow><msqrt><msub><mover><mi>v</mi><mo>^</mo></mover><mi>"
        + "t</mi></msub></msqrt><mo>+</mo><mi>&#x3B5;</mi></mrow></mfrac>");

    public override LabText Question => ("Which rule learns images in the fewest updates?", "哪种方法用最少的更新学会图像？");

    public override LabText Method => (
        "A ReLU network with two hidden layers of 50 units on glyphs, batches of 50; Fashion-MNIST and MNIST in full mode. Each rule gets "
        + "the same budget: five learning rates, the best by validation loss for each seed. Then the targets are the "
        + "validation losses that SGD has reached after 25, 50 and 75 % of the run, and the figure is how many updates a rule takes to "
        + "reach them, over those of SGD "
        + "(geometric mean); a rule that never does counts with all updates.",
        "两个隐藏层、每层 50 个 ReLU 单元的网络学习 glyphs，批量 50；完整模式另有 Fashion-MNIST 与 MNIST。每种方法预算相同：五个学习率，每个种子按验证损失取最好的。"
        + "然后以 SGD 在训练 25%、50%、75% 处已达到的验证损失为目标，记录各方法到达它们所需更新次数与 SGD 之比（几何平均）；未到达者按全部更新次数计。");

    public override LabText Refutation => (
        $"A method that needs more than {OverSgd} of the updates of SGD, or ends at a higher loss; AdaGrad or Adam that need more than "
            + "the fastest of the others.",
        $"某方法所需更新超过 SGD 的 {OverSgd}，或最终损失更高；AdaGrad 或 Adam 比其他最快的方法需要更多更新。");

    public override LabText Limits => (
        "AdaGrad and Adam cannot both be the fastest; which is depends on data and length of the run. The source compares at fixed rates, "
        + "0.01 and 0.001, at which SGD looks slower than it is at its best.",
        "AdaGrad 与 Adam 不可能同时最快，孰快取决于数据与训练长度。原文用固定学习率（0.01 与 0.001）比较，SGD 因此显得比其最佳状态更慢。");

    public override IReadOnlyList<LabOption> Options =>
        [.. s_rules.Select(rule => new LabOption(rule, rule, ($"the rule in the role of {rule}", $"充当 {rule} 的规则")))];

    public override void Run(LabContext context)
    {
        foreach (LabData set in context.Images(context.Pick(200, 4000, 20_000), context.Pick(100, 300, 1000)))
            Compare(context, set);
    }

    private static void Compare(LabContext context, LabData set)
    {
        int steps = context.Pick(60, 240, 2000), every = context.Pick(3, 8, 20);
        double[][][] curves = context.OverSeeds(seed =>
        {
            DataSplit data = set.Split(seed);
            return s_rules.Select(rule => LabNetworks.Rates(context.Option(rule))
                .Select(rate => Curve(context, data, (rule, rate), seed, (steps, every)))
                .MinBy(curve => curve.Min())!).ToArray();
        });
        double[][] updates = [.. curves.Select(seed => seed.Select(curve => Speed(curve, seed[0])).ToArray())];
        for (int i = 1; i < s_rules.Length; i++)
        {
            int rule = i;
            context.Expect(
                context.Measure($"{s_rules[i]}-over-sgd-{set.Name}", ($"updates of {s_rules[i]} over those of "
                    + $"sgd, {set.Name}", $"{s_rules[i]} 与 sgd 更新次数之比，{set.Name}"),
                    updates.Select(seed => seed[rule] / seed[0]), LabScale.Logarithmic),
                LabRelation.AtMost, OverSgd);
            context.Expect(
                context.Measure($"{s_rules[i]}-loss-{set.Name}", ($"least validation loss of {s_rules[i]} over that of "
                    + $"sgd, {set.Name}", $"{s_rules[i]} 与 sgd 最小验证损失之比，{set.Name}"),
                    curves.Select(seed => seed[rule].Min() / seed[0].Min()), LabScale.Logarithmic),
                LabRelation.AtMost, LossOverSgd);
        }

        foreach (int i in (int[])[2, 3])
        {
            context.Expect(
                context.Measure($"{s_rules[i]}-over-next-{set.Name}", ($"updates of {s_rules[i]} over those of the fastest "
                    + $"other, {set.Name}", $"{s_rules[i]} 与其他最快方法更新次数之比，{set.Name}"),
                    updates.Select(seed => seed[i] / seed.Where((_, other) => other != i).Min()), LabScale.Logarithmic),
                LabRelation.AtMost, OverNext);
        }

        double[] x = [.. Enumerable.Range(1, curves[0][0].Length).Select(point => (double)point * every)];
        context.Draw(new LinePicture(
            ($"Validation loss at the best rate of each "
                + $"rule, {set.Name}", $"各方法在最佳学习率下的验证损失，{set.Name}"), new(("update", "更新次数")), new(("loss", "损失"), LabScale.Logarithmic),
            [.. s_rules.Select((rule, i) => LabSeries.Of(context.Option(rule), x, [.. curves.Select(seed => seed[i])],
                LabScale.Logarithmic))]));
    }

    private static double[] Curve(LabContext context, DataSplit data, (string Name, double Rate) rule, ulong seed,
        (int Steps, int Every) length)
    {
        Trainer trainer = new(
            LabNetworks.Mlp(Activation.Relu, 784, 50, 50, data.Training.Data.ClassNames.Count), data.Training,
            LabNetworks.Steps(LabDescent.At(context.Option(rule.Name), rule.Rate), 50, length.Steps, seed));
        return context.Curve(trainer, data.Validation.Data, length.Every);
    }

    /// <summary>Evaluations until the losses that SGD has reached at some shares of the run, as a geometric mean.</summary>
    private static double Speed(double[] curve, double[] sgd) => Math.Exp(s_shares.Average(share =>
    {
        double target = sgd[..(int)(share * sgd.Length)].Min();
        return Math.Log(Array.FindIndex(curve, loss => loss <= target) is >= 0 and int at ? at + 1 : curve.Length);
    }));
}
