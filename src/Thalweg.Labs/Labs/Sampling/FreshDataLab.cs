using Thalweg.Data;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Sampling;

/// <summary>While samples are not reused, SGD follows the gradient of the generalization error.</summary>
internal sealed class FreshDataLab : Lab
{
    /// <summary>Loss of the batches of the first pass, before their update, over the loss on fresh data: 1 within this.</summary>
    public const double Tolerance = 0.1;

    /// <summary>The same in the last pass, at most.</summary>
    public const double LastPass = 0.7;

    private const int Batch = 10;

    public override string Name => "fresh-data";

    public override LabClaim Claim => new(
        ("While samples are not reused, SGD follows the gradient of the generalization error.",
            "只要没有重复使用样本，SGD 就遵循真实泛化误差的梯度。"),
        ["003"],
        [
            new("003", "小批量随机梯度下降的一个有趣的事实是，只要没有重复使用样本，它将遵循着真实泛化误差的梯度。",
                "An interesting fact about mini-batch gradient descent: as long as samples are not reused, it follows the gradient of the "
                    + "true generalization error."),
            new("003", "如果只在第一次随机打乱数据顺序后不再改变顺序，只有第一次遍历数据符合泛化误差梯度的无偏估计，额外的训练仍然可以继续减小训练误差而获得好处。",
                "With data shuffled once, only the first pass gives unbiased estimates of the gradient of the generalization error; "
                    + "further passes still gain by reducing the training error."),
        ],
        "<mi>E</mi><mo>[</mo><mover><mi>g</mi><mo>^</mo></mover><mo>]</mo><mo>=</mo><mo>&#x2207;</mo><msub><mi>E</mi><mrow><mi>x</mi><mo>"
            + ",</mo><mi>y</mi><mo>~</mo><msub><mi>p</mi><mi>data</mi></msub></mrow></msub><mi>L</mi>");

    public override LabText Question => ("When does training begin to look better than it is?", "训练从什么时候起显得比实际更好？");

    public override LabText Method => (
        "A ReLU network 784-64-10, Adam 0.001, batches of 10, 20 passes over 1000 glyphs (and the image sets in full mode) of which a "
            + "tenth have wrong labels. At every update of the "
        + "first and of the last pass: the loss of the batch before its update, and the loss on fresh samples with the same share of "
        + "wrong labels; the ratio of their means over a pass.",
        "784-64-10 的 ReLU 网络，Adam 0.001，批量 10，在 1000 幅 glyphs（完整模式另有图像集）上遍历 20 遍，十分之一标签错误。在第一遍和最后一遍的每次更新处，"
            + "记录批量在更新前的损失与同样错误比例的新样本的损失，取一遍内均值之比。");

    public override LabText Refutation => (
        $"A ratio in the first pass that is not 1 within {Tolerance}, or one in the last pass "
            + $"above {LastPass}.", $"第一遍的比值与 1 相差超过 {Tolerance}，或最后一遍的比值高于 {LastPass}。");

    public override IReadOnlyList<LabOption> Options => [new("sampler", "shuffled", ("sampler of the run", "训练的采样器"))];

    public override void Run(LabContext context)
    {
        int passes = context.Pick(3, 20, 40);
        foreach (LabData set in context.Images(context.Pick(1000, 1000, 2000), context.Pick(200, 400, 1000)))
        {
            (double[] Batch, double[] Fresh)[] runs = context.OverSeeds(seed => Follow(context, set.Split(seed), passes, seed));
            LabFigure first = context.Measure($"first-pass-{set.Name}", ($"loss of the batches over that of fresh data, first "
                + $"pass, {set.Name}", $"批量与新样本损失之比，第一遍，{set.Name}"), runs.Select(run => run.Batch[0] / run.Fresh[0]));
            LabFigure last = context.Measure($"last-pass-{set.Name}", ($"loss of the batches over that of fresh data, last "
                + $"pass, {set.Name}", $"批量与新样本损失之比，最后一遍，{set.Name}"), runs.Select(run => run.Batch[^1] / run.Fresh[^1]));
            context.Expect(first, LabRelation.AtLeast, 1 - Tolerance, isEssential: true);
            context.Expect(first, LabRelation.AtMost, 1 + Tolerance, isEssential: true);
            context.Expect(last, LabRelation.AtMost, LastPass);
            double[] x = [.. Enumerable.Range(1, passes).Select(pass => (double)pass)];
            context.Draw(new LinePicture(($"Loss of the batches before their update, and of fresh "
                + $"samples, {set.Name}", $"批量更新前的损失与新样本的损失，{set.Name}"), new(("pass", "遍")), new(("loss", "损失")),
                [LabSeries.Of(("batches", "批量"), x, [.. runs.Select(run => run.Batch)]),
                    LabSeries.Of(("fresh samples", "新样本"), x, [.. runs.Select(run => run.Fresh)])]));
        }
    }

    private static (double[] Batch, double[] Fresh) Follow(LabContext context, DataSplit data, int passes, ulong seed)
    {
        Dataset training = LabNetworks.Mislabel(data.Training.Data, 0.1, seed),
            fresh = LabNetworks.Mislabel(data.Validation.Data, 0.1, seed + 1);
        int perPass = training.Count / Batch;
        Trainer trainer = new(
            LabNetworks.Mlp(Activation.Relu, 784, 64, training.ClassNames.Count), new TrainingSet(training),
            LabNetworks.Steps(new Adam(0.001), Batch, passes * perPass, seed) with
            {
                Sampler = context.Setting<Sampler>("sampler"),
                LastBatch = LastBatch.Dropped
            });
        double[] batch = new double[passes], held = new double[passes];
        double now = LabNetworks.Evaluate(trainer.Module, fresh).Loss;
        context.Fit(trainer, step =>
        {
            // All passes but the first and the last are looked at from time to time: evaluations cost more than updates.
            int pass = (int)((step.Updates - 1) / perPass), every = pass == 0 || pass == passes - 1 ? 1 : perPass / 4;
            if (!double.IsNaN(now))
            {
                batch[pass] += step.Loss;
                held[pass] += now;
            }

            now = step.Updates % every == 0 ? LabNetworks.Evaluate(trainer.Module, fresh).Loss : double.NaN;
        });
        return (batch, held);
    }
}
