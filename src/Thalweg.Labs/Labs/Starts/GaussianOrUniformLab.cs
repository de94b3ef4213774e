using System.Globalization;
using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Starts;

/// <summary>The distribution of starting weights matters little, their scale a lot.</summary>
internal sealed class GaussianOrUniformLab : Lab
{
    /// <summary>Mean absolute logarithm of the ratio of losses between the distributions at one scale over that between scales, at
    /// most.</summary>
    public const double Share = 0.25;

    private static readonly string[] s_laws = ["normal", "uniform"];

    public override string Name => "gaussian-or-uniform";

    public override LabClaim Claim => new(
        ("Whether weights are drawn from a Gaussian or a uniform distribution makes no great difference; their scale does.",
            "权重取自高斯分布还是均匀分布没有很大的区别，但分布的范围影响很大。"),
        ["003"],
        [new("003", "我们几乎总是初始化模型的权重为高斯或者均匀分布中随机抽取的值，两者似乎没有很大的区别，然而初始分布的大小确实对优化过程的结果和网络的泛化能力都有很大的影响。",
            "Weights are almost always drawn from a Gaussian or a uniform distribution; there seems to be no great difference between "
                + "the two. The size of the distribution, however, has a great effect on the result of optimization and on "
                + "generalization.")],
        """
        <mi>N</mi><mo>(</mo><mn>0</mn><mo>,</mo><msup><mi>&#x3C3;</mi><mn>2</mn></msup><mo>)</mo><mspace width="1em"/>
        <mtext>or</mtext><mspace width="1em"/><mi>U</mi><mrow><mo>[</mo><mo>&#x2212;</mo><msqrt><mn>3</mn></msqrt>
        <mi>&#x3C3;</mi><mo>,</mo><msqrt><mn>3</mn></msqrt><mi>&#x3C3;</mi><mo>]</mo></mrow>
        """);

    public override LabText Question => ("Gaussian or uniform: does it matter?", "高斯分布还是均匀分布：有关系吗？");

    public override LabText Method => (
        "Tanh networks of 3 hidden layers learn glyphs by SGD from weights of variance g²/n, Gaussian or uniform, for g from 1/8 to 8. "
            + "The absolute logarithm of the ratio of the losses of the two distributions, "
        + "as a mean over the scales, is compared with the same between neighbouring scales.",
        "含 3 个隐藏层的 tanh 网络以 SGD 学习字形图像，权重方差为 g²/n，取高斯或均匀分布，g 从 1/8 到 8。比较两种分布之间损失比的绝对对数（对各范围取平均）与相邻范围之间的同一数值。");

    public override LabText Refutation => (
        $"A difference between the distributions above {Share} of that between neighbouring scales.", $"两种分布之间的差别超过相邻范围之间差别的 {Share} 倍。");

    public override IReadOnlyList<LabOption> Options =>
        [new("second", "variance_scaling(scale={0}, fan=fan_average, law=uniform)",
            ("the distribution beside the Gaussian; {0} is g squared", "与高斯分布比较的分布；{0} 为 g 的平方"))];

    public override void Run(LabContext context)
    {
        double[] gains = context.Pick<double[]>([0.125, 1, 8], [0.125, 0.5, 1, 2, 8], [0.125, 0.25, 0.5, 1, 2, 4, 8]);
        context.Plan(2 * gains.Length * context.Seeds.Count);
        double[][][] losses = [.. s_laws.Select((law, i) => gains.Select(gain =>
        {
            string text = i == 0 ? "variance_scaling(scale={0}, fan=fan_average, law=normal)" : context.Option("second");
            Initializer start = Settings.Parse<Initializer>(text.Replace("{0}",
                (gain * gain).ToString("R", CultureInfo.InvariantCulture), StringComparison.Ordinal));
            return context.OverSeeds(seed => Train(context, start, seed));
        }).ToArray())];
        double Distance(double a, double b) => Math.Abs(Math.Log(a / b));
        LabFigure share = context.Measure("share",
            ("difference between the distributions over that between neighbouring scales", "分布之间的差别与相邻范围之间差别之比"),
            Enumerable.Range(0, context.Seeds.Count).Select(seed =>
                Enumerable.Range(0, gains.Length).Average(i => Distance(losses[0][i][seed], losses[1][i][seed]))
                / Enumerable.Range(1, gains.Length - 1).Average(i => Distance(losses[0][i][seed], losses[0][i - 1][seed]))),
                    LabScale.Logarithmic);
        context.Expect(share, LabRelation.AtMost, Share, isEssential: true);
        context.Draw(new LinePicture(("Training loss against the scale of the starting weights", "训练损失与初始权重范围的关系"),
            new(("gain g", "增益 g"), LabScale.Logarithmic), new(("loss", "损失"), LabScale.Logarithmic),
            [.. s_laws.Select((law, i) => LabSeries.Of(law, gains,
                [.. Enumerable.Range(0, context.Seeds.Count)
                    .Select(seed => (IReadOnlyList<double>)[.. losses[i].Select(at => at[seed])])], LabScale.Logarithmic))]));
    }

    private static double Train(LabContext context, Initializer start, ulong seed)
    {
        DataSplit data = context.Open("glyphs", context.Pick(200, 400, 4000), 100, seed);
        TrainerOptions options = new()
        {
            Optimizer = new Sgd(0.1),
            Epochs = context.Pick(6, 12, 15),
            BatchSize = 32,
            Seed = seed,
            Patience = 0,
            EvaluateEvery = 1000
        };
        return context.Fit(new Trainer(Networks.Mlp(data.Training.Data, 3, 48, Activation.Tanh, start), data.Training,
            options)).FinalLoss(5);
    }
}
