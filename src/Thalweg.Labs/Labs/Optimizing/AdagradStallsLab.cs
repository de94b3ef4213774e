using Thalweg.Data;
using Thalweg.Training;

namespace Thalweg.Labs.Optimizing;

/// <summary>AdaGrad's sum of squares only grows, so that it stops early; AdaDelta and RMSProp do not.</summary>
internal sealed class AdagradStallsLab : Lab
{
    /// <summary>Exponent of the effective rate against the number of updates: that of AdaGrad at most, those of the others at least. With a
    /// gradient of steady size the sum of squares would give AdaGrad -0.5.</summary>
    public const double Exponent = -0.1;

    /// <summary>Training loss of AdaGrad at the end over that of each method that forgets, at least.</summary>
    public const double LossOverForgetting = 1.2;

    private const ulong TuningSeed = 1000;

    private static readonly string[] s_rules = ["adagrad", "rmsprop", "adadelta"];

    public override string Name => "adagrad-stalls";

    public override LabClaim Claim => new(
        ("The sum of squares only grows, so that AdaGrad stops early; AdaDelta and RMSProp do not.",
            "梯度平方的累加只增不减，AdaGrad 会提前结束训练；AdaDelta 与 RMSProp 不会。"),
        ["000", "003", "004"],
        [
            new("004", "Adagrad的缺点是在训练的中后期，分母上梯度平方的累加会越来越大，从而梯度趋近于0，使得训练提前结束。",
                "The drawback of Adagrad: in the middle and late stages the sum of squared gradients in the denominator gets larger and "
                    + "larger, so that the updates approach 0 and training ends early."),
            new("003", "AdaGrad根据平方梯度的整个历史来收缩学习率，学习率很可能在到达这样的凸碗结构之前就变得太小。而RMSProp使用指数衰减平均，丢弃遥远过去的历史，使其能够在找到凸碗结构后快速收敛",
                "AdaGrad shrinks the rate by the whole history of squared gradients; it may become too small before such a convex bowl is "
                    + "reached. RMSProp "
                + "uses an exponentially decaying average, drops the distant past, and can converge fast once it has found the bowl."),
        ],
        "<msub><mi>r</mi><mi>t</mi></msub><mo>=</mo><munderover><mo>&#x2211;</mo><mrow><mi>s</mi><mo>=</mo><mn>1</mn></mrow><mi>t</mi>"
            + "</munderover><msubsup><mi>g</mi><mi>s</mi><mn>2</mn></msubsup>");

    public override LabText Question => ("What is left of the learning rate late in a long run?", "长时间训练后期，学习率还剩多少？");

    public override LabText Method => (
        "A tanh network 2-48-48-3 on spirals with wrong labels for 15 %, so that gradients do not end, batches of 50. The rate of each "
            + "method is the best of five by the training loss after a tenth of the run, "
        + "with a seed of its own; then it runs on. Effective rate: sum of |changes| over sum of |gradients| of all weights within a "
        + "stretch, at ten numbers of updates from 2 % of the run on; "
        + "the slope of the logarithms is its exponent. And the training loss over the last tenth of the run.",
        "2-48-48-3 的 tanh 网络学习 spirals（15% 标签错误，使梯度不会消失），批量 50。各方法取五个学习率中在训练十分之一处训练损失最小者（用单独的种子），然后继续训练。有效学习率：一段内全部权重变化绝对值之和除以梯度绝对值之和，"
            + "从训练的 2% 起取十处，双对数斜率即其指数；并比较最后十分之一的训练损失。");

    public override LabText Refutation => (
        $"An exponent of AdaGrad above {Exponent}, one of the others below it, or a final loss of AdaGrad that is not "
            + $"{LossOverForgetting} times theirs.",
        $"AdaGrad 的指数高于 {Exponent}，其他方法的低于它，或 AdaGrad 的最终损失不到它们的 {LossOverForgetting} 倍。");

    public override IReadOnlyList<LabOption> Options =>
        [.. s_rules.Select(rule => new LabOption(rule, rule, ($"the rule in the role of {rule}", $"充当 {rule} 的规则")))];

    public override void Run(LabContext context)
    {
        int steps = context.Pick(400, 3000, 30_000);
        int[] marks = [.. LabMath.Geometric(steps / 50, steps, 10)];
        double[] rates = [.. s_rules.Select(rule => LabNetworks.Rates(context.Option(rule))
            .MinBy(rate => Train(context, context.Option(rule), rate, TuningSeed, [steps / 20, steps / 10]).Loss))];
        var runs = context.OverSeeds(seed => s_rules.Select((rule, i) => Train(context, context.Option(rule), rates[i], seed, marks))
            .ToArray());
        for (int i = 0; i < s_rules.Length; i++)
        {
            int rule = i;
            LabFigure exponent = context.Measure($"exponent-{s_rules[i]}", ($"exponent of the effective "
                + $"rate, {s_rules[i]}", $"有效学习率的指数，{s_rules[i]}"),
                runs.Select(run => LabMath.Exponent([.. marks.Select(mark => (double)mark)], run[rule].Rates)));
            context.Expect(exponent, i == 0 ? LabRelation.AtMost : LabRelation.AtLeast, Exponent, isEssential: i == 0);
            if (i == 0)
                continue;
            context.Expect(
                context.Measure($"loss-over-{s_rules[i]}", ($"final training loss of adagrad over that "
                    + $"of {s_rules[i]}", $"adagrad 与 {s_rules[i]} 的最终训练损失之比"),
                    runs.Select(run => run[0].Loss / run[rule].Loss), LabScale.Logarithmic),
                LabRelation.AtLeast, LossOverForgetting);
        }

        context.Draw(new LinePicture(
            ("Effective rate over "
                + "that at the start", "有效学习率与初段之比"), new(("update", "更新次数"), LabScale.Logarithmic),
                    new(("ratio", "比值"), LabScale.Logarithmic),
            [.. s_rules.Select((rule, i) => LabSeries.Of($"{context.Option(rule)}, {rates[i]}", [.. marks.Select(mark => (double)mark)],
                [.. runs.Select(run => run[i].Rates.Select(rate => rate / run[i].Rates[0]).ToArray())], LabScale.Logarithmic))]));
        context.Draw(new BarPicture(("Training loss over the last tenth", "最后十分之一的训练损失"), new(("loss", "损失"), LabScale.Logarithmic),
            [.. s_rules.Select((rule, i) => LabBar.Of(context.Option(rule), runs.Select(run => run[i].Loss), LabScale.Logarithmic))]));
    }

    private static (double Loss, double[] Rates) Train(LabContext context, string rule, double rate, ulong seed, int[] marks)
    {
        DataSplit data = context.Open("spirals", 500, 50, seed);
        TrainingSet training = new(LabNetworks.Mislabel(data.Training.Data, 0.15, seed));
        LabRates effective = new();
        Trainer trainer = new(
            LabNetworks.Mlp(Activation.Tanh, 2, 48, 48, 3), training,
            LabNetworks.Steps(LabDescent.At(rule, rate), 50, marks[^1], seed) with { Observers = [effective] });
        List<double> rates = [];
        (double loss, int counted) = (0, 0);
        context.Fit(trainer, step =>
        {
            if (step.Updates > marks[^1] - (marks[^1] / 10))
                (loss, counted) = (loss + step.Loss, counted + 1);
            if (Array.IndexOf(marks, (int)step.Updates) < 0)
                return;
            rates.Add(effective.Mean);
            effective.Clear();
        });
        return (loss / counted, [.. rates]);
    }
}
