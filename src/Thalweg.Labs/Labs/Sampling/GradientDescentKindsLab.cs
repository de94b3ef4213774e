using Thalweg.Data;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Sampling;

/// <summary>Full batch, single sample and mini-batch differ in noise, in work for an update, and in parallel use.</summary>
internal sealed class GradientDescentKindsLab : Lab
{
    /// <summary>Share of updates that raise the training loss: single samples over mini-batches, and those over full batches, differ by at
    /// least
    /// this.</summary>
    public const double Noisier = 0.05;

    /// <summary>Samples to the target of full batches over those of mini-batches, at least.</summary>
    public const double FullOverMini = 2;

    /// <summary>Updates to the target of single samples over those of mini-batches, at least: work that is done one after the
    /// other.</summary>
    public const double SingleOverMini = 2;

    private const int Looks = 150;

    private static readonly (string Name, string Chinese, int Batch)[] s_kinds = [("full", "全批量", 0), ("single", "单样本", 1),
        ("mini", "小批量", 32)];

    public override string Name => "gradient-descent-kinds";

    public override LabClaim Claim => new(
        ("Full batch, single sample and mini-batch differ in noise, in time for an update, and in parallel use.",
            "全批量、单样本与小批量梯度下降在噪声、单次更新时间与并行性上不同。"),
        ["004"],
        [
            new("004", "当样本数目很大时，每迭代一步都需要对所有样本计算，训练过程会很慢。", "With many samples each iteration computes all of them, and training is slow "
                + "[full batch]."),
            new("004", "不易于并行实现。", "Not easy to run in parallel [single sample]."),
            new("004", "每次使用一个batch可以大大减小收敛所需要的迭代次数，同时可以使收敛到的结果更加接近梯度下降的效果；",
                "A batch for each update greatly reduces the iterations to convergence, and its result comes closer to that of gradient "
                    + "descent [mini-batch]."),
        ],
        "<mi>&#x3B8;</mi><mo>&#x2190;</mo><mi>&#x3B8;</mi><mo>-</mo><mi>&#x3B5;</mi><mfrac><mn>1</mn><mi>B</mi></mfrac>"
            + "<munderover><mo>&#x2211;</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>B</mi></munderover>"
        + "<mo>&#x2207;</mo><msub><mi>L</mi><mi>i</mi></msub>");

    public override LabText Question => ("What do full batches, single samples and mini-batches cost and give?", "全批量、单样本与小批量各付出什么、得到什么？");

    public override LabText Method => (
        "A ReLU network 784-32-10 on glyphs (Fashion-MNIST and MNIST in full mode), gradient descent with all samples, one, or 32 for an "
            + "update, at the best of three rates for each seed. "
        + "Updates, and samples looked at, until the training loss is 0.5; noise: the share of 150 updates at the rate 0.03 that raise "
        + "the training loss. "
        + "Updates follow one another, samples of an update can be computed at the same time: their ratio is the use for parallel work.",
        "784-32-10 的 ReLU 网络，glyphs（完整模式另有 Fashion-MNIST 与 MNIST），每次更新用全部、1 个或 32 个样本，每个种子取三个学习率中最好的。记录训练损失降到 0.5 所需的更新次数与样本数；"
        + "噪声：学习率 0.03 的 150 次更新中使训练损失上升的比例。更新必须依次进行，一次更新内的样本可以并行计算。");

    public override LabText Refutation => (
        $"Shares of rising updates of single samples and mini-batches, or of mini-batches and full batches, that differ by less than "
            + $"{Noisier}; full batches that look at less than {FullOverMini} times the samples, or single samples with less than "
            + $"{SingleOverMini} times the updates of mini-batches.",
        $"单样本与小批量、或小批量与全批量的上升比例相差不到 {Noisier}；全批量所看样本不到小批量的 {FullOverMini} 倍；或单样本的更新次数不到小批量的 {SingleOverMini} 倍。");

    public override IReadOnlyList<LabOption> Options =>
        [.. s_kinds.Select(kind => new LabOption(kind.Name, $"{kind.Batch}", ($"samples of an update, "
            + $"{kind.Name}; 0 for all", $"单次更新的样本数，{kind.Chinese}；0 表示全部")))];

    public override void Run(LabContext context)
    {
        foreach (LabData set in context.Images(context.Pick(300, 1000, 4000), 50))
        {
            Outcome[][] runs = context.OverSeeds(seed =>
            {
                DataSplit data = set.Split(seed);
                return s_kinds.Select(kind => Best(context, data, int.Parse(context.Option(kind.Name), null), seed)).ToArray();
            });
            Differ("noise-single-mini", ("share of updates that raise the loss, "
                + "single minus mini", "使损失上升的更新比例之差：单样本 - 小批量"), run => run[1].Noise - run[2].Noise);
            Differ("noise-mini-full", ("share of updates that raise the loss, "
                + "mini minus full", "使损失上升的更新比例之差：小批量 - 全批量"), run => run[2].Noise - run[0].Noise);
            Expect("samples-full-over-mini", ("samples to the target, "
                + "full over mini", "样本数：全批量/小批量"), run => run[0].Samples / run[2].Samples, FullOverMini);
            Expect("updates-single-over-mini", ("updates to the target, "
                + "single over mini", "更新次数：单样本/小批量"), run => run[1].Updates / run[2].Updates, SingleOverMini);
            context.Draw(new TablePicture(($"To a training loss of 0.5, geometric mean, {set.Name}", $"达到训练损失 0.5（几何平均），{set.Name}"),
                [("kind", "种类"), ("updates", "更新次数"), ("samples", "样本数"), ("samples at a time", "可并行样本数"),
                    ("updates that raise the loss", "使损失上升的更新")],
                [.. s_kinds.Select((kind, i) => (IReadOnlyList<LabText>)
                [
                    (kind.Name, kind.Chinese), Text(run => run[i].Updates), Text(run => run[i].Samples),
                        Text(run => run[i].Samples / run[i].Updates), Text(run => run[i].Noise),
                ])]));

            void Expect(string name, LabText label, Func<Outcome[], double> ratio, double threshold) => context.Expect(
                context.Measure($"{name}-{set.Name}", ($"{label.English}, {set.Name}", $"{label.Chinese}，{set.Name}"), runs.Select(ratio),
                    LabScale.Logarithmic),
                LabRelation.AtLeast, threshold);

            void Differ(string name, LabText label, Func<Outcome[], double> difference) => context.Expect(
                context.Measure($"{name}-{set.Name}", ($"{label.English}, {set.Name}", $"{label.Chinese}，{set.Name}"),
                    runs.Select(difference)),
                LabRelation.AtLeast, Noisier);

            LabText Text(Func<Outcome[], double> value) => Math.Exp(runs.Average(run => Math.Log(Math.Max(value(run), 1e-3))))
                .ToString("g4", System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private static Outcome Best(LabContext context, DataSplit data, int batch, ulong seed)
    {
        (double updates, _) = ((double[])(batch == 1 ? [0.003, 0.01, 0.03] : [0.1, 0.3, 1]))
            .Select(rate => Train(context, data, (batch, rate, context.Pick(160, batch == 1 ? 3000 : 200, batch == 1 ? 20_000 : 2000)),
                seed)).MinBy(run => run.Updates);
        (_, double rises) = Train(context, data, (batch, 0.03, Looks), seed);
        return new Outcome(updates, updates * (batch == 0 ? data.Training.Data.Count : batch), rises);
    }

    /// <summary>Updates to the target, and the share of those looked at that raise the loss.</summary>
    private static (double Updates, double Rises) Train(LabContext context, DataSplit data, (int Batch, double Rate, int Steps) plan,
        ulong seed)
    {
        const double Target = 0.5;
        Dataset training = data.Training.Data;
        Trainer trainer = new(
            LabNetworks.Mlp(Activation.Relu, 784, 32, training.ClassNames.Count), data.Training,
                LabNetworks.Steps(new Sgd(plan.Rate), plan.Batch, plan.Steps, seed));
        Dataset judged = LabNetworks.Take(training, [.. Enumerable.Range(0, Math.Min(200, training.Count))]);
        int every = plan.Batch == 1 && plan.Steps > Looks ? 10 : 1;
        (double before, double updates, int rises, int looks) = (LabNetworks.Evaluate(trainer.Module, judged).Loss, plan.Steps, 0, 0);
        context.Fit(trainer, step =>
        {
            if (step.Updates % every != 0)
                return;
            double loss = LabNetworks.Evaluate(trainer.Module, judged).Loss;
            (looks, rises, before) = (looks + 1, rises + (loss > before ? 1 : 0), loss);
            if (loss > Target || plan.Steps <= Looks)
                return;
            updates = step.Updates;
            trainer.RequestStop("the loss is reached");
        });
        return (updates, rises / (double)Math.Max(1, looks));
    }

    private sealed record Outcome(double Updates, double Samples, double Noise);
}
