using Thalweg.Rules;

namespace Thalweg.Labs.Optimizing;

/// <summary>With a constant gradient the step of momentum grows to e|g|/(1 - a).</summary>
internal sealed class TerminalVelocityLab : Lab
{
    /// <summary>Relative distance of the measured step from e|g|/(1 - a), at most.</summary>
    public const double Deviation = 1e-6;

    private const double Rate = 0.01;

    private static readonly double[] s_momenta = [0.5, 0.9, 0.99];

    public override string Name => "terminal-velocity";

    public override LabClaim Claim => new(
        ("With a constant gradient the step becomes e|g|/(1-a): a = 0.9 is 10 times faster than gradient descent.",
            "若梯度始终不变，步长趋于 e|g|/(1-a)：a = 0.9 对应梯度下降 10 倍的最大速度。"),
        ["003"],
        [
            new("003", "如果动量算法始终观察到梯度 g ，那么它会在 -g 的方向上不断的加速。",
                "If momentum always observes the gradient g, it accelerates in the direction -g."),
            new("003", "对应着最大速度10倍于梯度下降算法。在实践中，一般 alpha 会取值为0.5， 0.9和0.99",
                "... corresponds to a top speed of 10 times that of gradient descent. In practice alpha is usually 0.5, 0.9 or 0.99."),
        ],
        "<mo>|</mo><mi>v</mi><mo>|</mo><mo>&#x2192;</mo><mfrac><mrow><mi>&#x3B5;</mi><mo>|</mo><mi>g</mi><mo>|</mo></mrow>"
        + "<mrow><mn>1</mn><mo>-</mo><mi>&#x3B1;</mi></mrow></mfrac>");

    public override LabText Question =>
        ("How much larger do the steps of momentum get where the gradient stays the same?", "梯度不变时，动量法的步长会增大到多少倍？");

    public override LabText Method => (
        "A linear function with a gradient drawn for each seed, 100 variables; 4000 updates with a = 0.5, 0.9 and 0.99. Measured: the "
        + "length of the last step over rate times length of the gradient.",
        "100 个变量的线性函数，每个种子随机抽取梯度；以 a = 0.5、0.9、0.99 各更新 4000 次。测量最后一步的长度除以学习率与梯度长度之积。");

    public override LabText Refutation => (
        "A ratio that is not 1/(1-a), which is 2, 10 and 100, to six digits.", "比值与 1/(1-a)（即 2、10、100）在六位数字内不符。");

    public override IReadOnlyList<LabOption> Options =>
        [new("rule", "scale_by_momentum", ("the rule under test; its mu is set by the lab where it has one", "被测规则；若有 mu 则由实验设定"))];

    public override void Run(LabContext context)
    {
        const int Variables = 100;
        int steps = context.Pick(2000, 4000, 10_000);
        double[][][] speeds = context.OverSeeds(seed =>
        {
            RandomStream random = new(seed, RandomPurpose.User);
            double[] slope = [.. Enumerable.Range(0, Variables).Select(_ => random.NextNormal())];
            return s_momenta.Select(momentum => Speeds(context, momentum, slope, steps)).ToArray();
        });
        foreach ((double momentum, int i) in s_momenta.Select((momentum, i) => (momentum, i)))
        {
            LabFigure ratio = context.Measure(
                $"speed-{momentum}", ($"last step over that of gradient descent, a = {momentum}", $"末步与梯度下降步长之比，a = {momentum}"),
                speeds.Select(seed => seed[i][^1]));
            context.Expect(ratio, LabRelation.AtLeast, (1 - Deviation) / (1 - momentum), isEssential: true);
            context.Expect(ratio, LabRelation.AtMost, (1 + Deviation) / (1 - momentum), isEssential: true);
        }

        int[] shown = LabMath.Geometric(1, steps, 40);
        context.Draw(new LinePicture(
            ("Step over that of gradient descent", "步长与梯度下降之比"), new(("update", "更新次数"), LabScale.Logarithmic),
            new(("ratio", "比值"), LabScale.Logarithmic),
            [.. s_momenta.Select((momentum, i) => LabSeries.Of(
                $"a = {momentum}", [.. shown.Select(step => (double)step)],
                [.. speeds.Select(seed => (IReadOnlyList<double>)[.. shown.Select(step => seed[i][step - 1])])]))]));
    }

    private static double[] Speeds(LabContext context, double momentum, double[] slope, int steps)
    {
        Rule rule = context.Setting<Rule>("rule");
        Chain chain = [rule is ScaleByMomentum inner ? inner with { Mu = momentum } : rule, new ScaleByLearningRate(Rate)];
        double[] speeds = new double[steps], before = new double[slope.Length];
        double length = LabMath.Distance(slope, new double[slope.Length]);
        LabDescent.Follow(
            context, chain, (_, gradient) =>
            {
                slope.CopyTo(gradient);
                return 0;
            },
            before, steps, (step, point, _) =>
            {
                speeds[step - 1] = LabMath.Distance(before, point) / (Rate * length);
                before = [.. point];
            });
        return speeds;
    }
}
