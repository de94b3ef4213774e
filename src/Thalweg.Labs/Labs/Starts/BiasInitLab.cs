using Thalweg.Data;
using Thalweg.Initialization;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Starts;

/// <summary>Output biases that say how frequent the classes are save the first updates.</summary>
internal sealed class BiasInitLab : Lab
{
    /// <summary>Loss before the first update with the biases over that without, at most.</summary>
    public const double LossAtStart = 0.6;

    /// <summary>Updates to the target with the biases over those without, at most.</summary>
    public const double UpdatesToTarget = 0.9;

    public override string Name => "bias-init";

    public override LabClaim Claim => new(
        ("Output biases set to the marginal statistics of the targets speed the start.", "把输出单元的偏置设为目标的边缘统计量，可以加快训练的开始阶段。"),
        ["003"],
        [new("003", "偏置作为输出单元，初始化偏置以获得正确的输出边缘统计通常是有利的",
            "For output units it is usually an advantage to initialize the bias such that the marginal statistics of the output are "
                + "right.")],
        """
        <msub><mi>b</mi><mi>c</mi></msub><mo>=</mo><mi>ln</mi><mfrac><msub><mi>n</mi><mi>c</mi></msub><mi>n</mi></mfrac>
        """);

    public override LabText Question => ("What do output biases from the class frequencies save?", "用类别频率设置输出偏置能节省什么？");

    public override LabText Method => (
        "A network with 16 hidden units learns points of which 90, 8 and 2 percent belong to three classes, by gradient descent on the "
            + "full batch. Measured are the loss before the first update, and the "
        + "updates until the loss is 0.9 times the entropy of the class frequencies, the loss of the trivial answer.",
        "含 16 个隐藏单元的网络用全批量梯度下降学习三类点（分别占 90 %、8 % 和 2 %）。测量第一次更新前的损失，以及损失降到类别频率熵（即平凡答案的损失）的 0.9 倍所需的更新次数。");

    public override LabText Refutation => (
        $"A first loss with the biases above {LossAtStart} of that without, or more than {UpdatesToTarget} of the updates.",
        $"带偏置时的初始损失超过不带时的 {LossAtStart} 倍，或更新次数超过 {UpdatesToTarget} 倍。");

    public override IReadOnlyList<LabOption> Options =>
        [new("bias", "frequencies", ("what the output biases start from: frequencies, or an initializer", "输出偏置的初值：frequencies，或某个初始化方法"))];

    public override void Run(LabContext context)
    {
        string bias = context.Option("bias");
        int most = context.Pick(150, 400, 800);
        context.Plan(context.Seeds.Count);
        (double[] With, double[] Without, double Target)[] runs = context.OverSeeds(seed =>
        {
            DataSplit data = context.Open("imbalanced", context.Pick(300, 800, 8000), 100, seed);
            int[] counts = data.Training.Data.CountClasses();
            double entropy = counts.Where(count => count > 0)
                .Sum(count => -(count / (double)data.Training.Data.Count) * Math.Log(count / (double)data.Training.Data.Count));
            return (Train(context, data, bias, most, seed), Train(context, data, "zeros", most, seed), 0.9 * entropy);
        });
        LabFigure first = context.Measure("loss-at-start",
            ("loss before the first update, with the biases over without", "第一次更新前的损失之比（带偏置/不带偏置）"),
            runs.Select(run => run.With[0] / run.Without[0]), LabScale.Logarithmic);
        LabFigure updates = context.Measure("updates-to-target",
            ("updates to the target, with the biases over without", "达到目标所需更新次数之比（带偏置/不带偏置）"),
            runs.Select(run => Until(run.With, run.Target) / Until(run.Without, run.Target)), LabScale.Logarithmic);
        context.Expect(first, LabRelation.AtMost, LossAtStart, isEssential: true);
        context.Expect(updates, LabRelation.AtMost, UpdatesToTarget);
        double[] steps = [.. Enumerable.Range(0, most).Select(step => (double)step)];
        context.Draw(new LinePicture(("Training loss", "训练损失"), new(("update", "更新次数")), new(("loss", "损失"), LabScale.Logarithmic),
        [
            LabSeries.Of(("biases from the class frequencies", "偏置取类别频率"), steps, [.. runs.Select(run => run.With)]),
            LabSeries.Of(("biases of 0", "偏置为 0"), steps, [.. runs.Select(run => run.Without)]),
        ]));
    }

    private static double Until(double[] losses, double target) =>
        Array.FindIndex(losses, loss => loss <= target) is var at && at < 0 ? losses.Length : at + 1;

    private static double[] Train(LabContext context, DataSplit data, string bias, int most, ulong seed)
    {
        Dense output = new(16, 3);
        Sequential network = new(new Dense(2, 16, Activation.Tanh), output);
        network.Initialize(seed);
        RandomStream random = new(seed, RandomPurpose.User);
        if (bias == "frequencies")
            OutputBias.FromClassFrequencies(network, data.Training.Data.CountClasses());
        else
            Settings.Parse<Initializer>(bias).Fill(output.Bias!.Value, ref random);
        TrainerOptions options = new()
        {
            Optimizer = new Sgd(0.1),
            Epochs = most,
            BatchSize = TrainerOptions.FullBatch,
            Seed = seed,
            Patience = 0
        };
        List<double> losses = [];
        context.Fit(new Trainer(network, data.Training, options), step => losses.Add(step.Loss));
        return [.. losses];
    }
}
