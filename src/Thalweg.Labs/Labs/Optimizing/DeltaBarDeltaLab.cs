using Thalweg.Data;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Optimizing;

/// <summary>Delta-bar-delta adapts the rate of each parameter by the sign of its gradient, and works on full batches alone.</summary>
internal sealed class DeltaBarDeltaLab : Lab
{
    /// <summary>Loss of delta-bar-delta over that of gradient descent on full batches, at most.</summary>
    public const double FullBatch = 0.9;

    /// <summary>The same on mini-batches, at least: no gain is left.</summary>
    public const double MiniBatch = 1;

    public override string Name => "delta-bar-delta";

    public override LabClaim Claim => new(
        ("Delta-bar-delta adapts per-parameter rates by the sign of the gradient, and only works on full batches.",
            "Delta-bar-delta 根据梯度符号调整每个参数的学习率，只适用于全批量。"),
        ["003"],
        [
            new("003", "如果损失对于某个给定模型参数的偏导符号保持不变，那么学习率应该增大，如果对于该参数的偏导的方向发生了变化，那么学习率应该减小。这种方法只适用于全批量优化中。",
                "If the partial derivative by a parameter keeps its sign, the learning rate should increase; if it changes its sign, the "
                    + "rate should decrease. This suits full-batch optimization only."),
        ],
        "<mi>&#x394;</mi><mi>&#x3B5;</mi><mo>=</mo><mrow><mo>{</mo><mtable><mtr><mtd><mi>&#x3BA;</mi></mtd><mtd><mover><mi>&#x3B4;</mi>"
            + "<mo>&#xAF;</mo></mover><mi>&#x3B4;</mi><mo>&gt;</mo><mn>0</mn></mtd></mtr>"
        + "<mtr><mtd><mo>-</mo><mi>&#x3C6;</mi><mi>&#x3B5;</mi></mtd><mtd><mover><mi>&#x3B4;</mi><mo>&#xAF;</mo></mover><mi>&#x3B4;</mi>"
        + "<mo>&lt;</mo><mn>0</mn></mtd></mtr></mtable></mrow>");

    public override LabText Question => ("Does adapting rates by signs survive the noise of mini-batches?", "按符号调整学习率能经受小批量的噪声吗？");

    public override LabText Method => (
        "A tanh network 784-32-10 on 500 glyphs with a fifth of the labels wrong. Delta-bar-delta from the rate 0.1 on, and gradient "
            + "descent at the best of five rates, with as many updates, on full "
        + "batches and on batches of 5; the ratio of their training losses over all samples at the end.",
        "784-32-10 的 tanh 网络，500 幅 glyphs，五分之一标签错误。Delta-bar-delta 从学习率 0.1 开始，梯度下降取五个学习率中最好的，更新次数相同，分别用全批量和批量 5；比较结束时全体样本的训练损失之比。");

    public override LabText Refutation => (
        $"A ratio above {FullBatch} on full batches, or one below {MiniBatch} on mini-batches.", $"全批量的比值高于 {FullBatch}，"
            + $"或小批量的比值低于 {MiniBatch}。");

    public override IReadOnlyList<LabOption> Options =>
        [new("rule", "delta_bar_delta(0.1, kappa=0.02, phi=0.2, allow_mini_batches=true)", ("the rule under test", "被测规则"))];

    public override void Run(LabContext context)
    {
        string[] rules = [context.Option("rule"), "sgd"];
        int[] batches = [TrainerOptions.FullBatch, 5];
        double[][][] losses = context.OverSeeds(seed => batches.Select(batch => rules.Select(rule => Train(context, rule, batch, seed))
            .ToArray()).ToArray());
        LabFigure full = Measure("full-batch", ("loss over that of gradient descent, full batches", "与梯度下降的损失之比，全批量"), 0);
        LabFigure mini = Measure("mini-batch", ("loss over that of gradient descent, batches of 5", "与梯度下降的损失之比，批量 5"), 1);
        context.Expect(full, LabRelation.AtMost, FullBatch, isEssential: true);
        context.Expect(mini, LabRelation.AtLeast, MiniBatch);
        context.Draw(new BarPicture(("Training loss at the end", "结束时的训练损失"), new(("loss", "损失"), LabScale.Logarithmic),
        [
            .. from batch in (int[])[0, 1] from rule in (int[])[0, 1]
               select LabBar.Of((batch == 0 ? $"{rules[rule]}, full batch" : $"{rules[rule]}, batch 5", batch == 0 ? $"{rules[rule]}，全批量"
                   : $"{rules[rule]}，批量 5"),
                   losses.Select(seed => seed[batch][rule]), LabScale.Logarithmic),
        ]));

        LabFigure Measure(string name, LabText label, int batch) =>
            context.Measure(name, label, losses.Select(seed => seed[batch][0] / seed[batch][1]), LabScale.Logarithmic);
    }

    private static double Train(LabContext context, string rule, int batch, ulong seed)
    {
        int steps = batch == 0 ? context.Pick(80, 100, 400) : context.Pick(150, 500, 2000);
        DataSplit data = context.Open("glyphs", context.Pick(200, 500, 1000), 50, seed);
        TrainingSet training = new(LabNetworks.Mislabel(data.Training.Data, 0.2, seed));
        return (rule == "sgd" ? LabNetworks.Rates(rule).Select(rate => (Rules.Chain)new Sgd(rate)) : [ChainText.Parse(rule)]).Min(chain =>
        {
            Trainer trainer = new(LabNetworks.Mlp(Activation.Tanh, 784, 32, 10), training, LabNetworks.Steps(chain, batch, steps, seed));
            context.Fit(trainer);
            double loss = LabNetworks.Evaluate(trainer.Module, training.Data).Loss;
            return double.IsFinite(loss) ? loss : double.MaxValue;
        });
    }
}
