using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Starts;

/// <summary>For ReLU, He's start keeps the variance and Xavier's halves it.</summary>
internal sealed class HeLab : Lab
{
    /// <summary>Growth of the mean square from one layer to the next within which it counts as kept.</summary>
    public const double LeastGrowth = 0.8, MostGrowth = 1.25;

    /// <summary>Growth with Xavier's start, at most.</summary>
    public const double GrowthOfXavier = 0.7;

    /// <summary>Updates to the target loss with Xavier's start over those with He's, at least.</summary>
    public const double TimesSlower = 1.1;

    public override string Name => "he";

    public override LabClaim Claim => new(
        ("With ReLU, He's start keeps the variance and Xavier's does not.", "激活函数为 ReLU 时，He 初始化保持方差不变，Xavier 初始化则不能。"),
        ["000", "002"],
        [
            new("000", "正向传播时，状态值的方差保持不变；反向传播时，关于激活值的梯度的方差保持不变。",
                "Going forward, the variance of the states stays the same; going backward, the variance of the gradients by the "
                    + "activations stays the same."),
            new("002", "当激活函数使用ReLU时，权重初始值使用He初始值；", "Where the activation is ReLU, use He's initial values."),
        ],
        """
        <mi>W</mi><mo>&#x223C;</mo><mi>N</mi><mrow><mo>(</mo><mn>0</mn><mo>,</mo><mfrac><mn>2</mn><msub><mi>n</mi><mi>in</mi>
        </msub></mfrac><mo>)</mo></mrow>
        """);

    public override LabText Question => ("Which start keeps signals in size through a deep ReLU net?", "对于深层 ReLU 网络，哪种初始化能让信号保持大小？");

    public override LabText Method => (
        "Noise of N(0, 1) goes through networks of 6 to 50 equal ReLU layers, and noise goes back; the growth of the mean square of x W "
            + "+ b and of the gradient by it is measured from layer to layer. "
        + "Then networks of 10 hidden layers learn glyphs by SGD with both starts; counted are the updates to a training loss of 1.",
        "N(0, 1) 的噪声通过 6 到 50 层的 ReLU 网络，再反向传播噪声，测量 x W + b 的均方及其梯度均方逐层的增长率。然后用两种初始化、以 SGD 训练含 10 个隐藏层的网络学习字形图像，统计训练损失降到 1 所需的更新次数。");

    public override LabText Refutation => (
        $"Growth with He outside {LeastGrowth} to {MostGrowth} in either direction, growth with Xavier above {GrowthOfXavier}, or a "
            + $"target loss that Xavier's start reaches as soon.",
        $"He 的增长率在任一方向上超出 {LeastGrowth} 到 {MostGrowth}；Xavier 的增长率高于 {GrowthOfXavier}；或 Xavier 初始化同样快地达到目标损失。");

    public override IReadOnlyList<LabOption> Options =>
        [new("initializer", "he_normal", ("initializer under test", "被检验的初始化方法"))];

    public override void Run(LabContext context)
    {
        int[] depths = context.Pick<int[]>([6, 20], [6, 20, 50], [6, 12, 25, 50]);
        int width = context.Pick(64, 100, 256);
        Initializer he = context.Setting<Initializer>("initializer"), xavier = Initializer.XavierNormal();
        context.Plan(4 * context.Seeds.Count);
        LabBar[] Growth(string id, Initializer start)
        {
            IReadOnlyList<LayerSignal>[][] runs = context.OverSeeds(seed =>
                depths.Select(depth => new DeepNetwork(depth, width, Activation.Relu, context.Pick(100, 200, 400)).Measure(start, seed))
                    .ToArray());
            LabFigure forward = context.Measure($"{id}-forward",
                ($"{id}: growth of the mean square of x W + b per layer, depth {depths[^1]}", $"{id}：x W + b 均方逐层的增长率，深度 {depths[^1]}"),
                runs.Select(run => DeepNetwork.Growth(run[^1], layer => layer.Square)), LabScale.Logarithmic);
            LabFigure backward = context.Measure($"{id}-backward",
                ($"{id}: growth of the mean square of gradients per layer on the way back", $"{id}：梯度均方反向逐层的增长率"),
                runs.Select(run => 1 / DeepNetwork.Growth(run[^1], layer => layer.GradientSquare)), LabScale.Logarithmic);
            foreach (LabFigure figure in (LabFigure[])[forward, backward])
            {
                if (id == "he")
                    context.Expect(figure, LabRelation.AtLeast, LeastGrowth, isEssential: true);
                context.Expect(figure, LabRelation.AtMost, id == "he" ? MostGrowth : GrowthOfXavier, isEssential: true);
            }

            context.Draw(new HistogramPicture(($"Activations of six layers above 0, {id}", $"六层网络大于 0 的激活值，{id}"),
                new(("activation", "激活值")),
                [new(id, [.. runs[0][0].Select((layer, i) =>
                    LabHistogram.Of(($"layer {i + 1}", $"第 {i + 1} 层"), [.. layer.Activations.Where(a => a > 0)], 0, 3))])]));
            return [LabBar.Of(($"{id}, forward", $"{id}，正向"), forward), LabBar.Of(($"{id}, backward", $"{id}，反向"), backward)];
        }

        context.Draw(new BarPicture(("Growth per layer; 1 keeps the size", "逐层增长率；1 表示保持大小"),
            new(("growth", "增长率"), LabScale.Logarithmic), [.. Growth("he", he), .. Growth("xavier", xavier)]));
        (double Updates, double[] Losses)[] fast = context.OverSeeds(seed => Train(context, he, seed)),
            slow = context.OverSeeds(seed => Train(context, xavier, seed));
        LabFigure slower = context.Measure("times-slower",
            ("updates to the target with Xavier over those with He; the whole budget where it is not reached",
            "Xavier 与 He 达到目标所需更新次数之比；未达到时按全部预算计"),
            fast.Zip(slow, (a, b) => b.Updates / a.Updates), LabScale.Logarithmic);
        context.Expect(slower, LabRelation.AtLeast, TimesSlower);
        double[] epochs = [.. Enumerable.Range(1, fast[0].Losses.Length).Select(epoch => (double)epoch)];
        context.Draw(new LinePicture(("Training loss, 10 hidden layers", "训练损失，10 个隐藏层"), new(("epoch", "轮次")),
            new(("loss", "损失"), LabScale.Logarithmic),
            [LabSeries.Of("he", epochs, [.. fast.Select(run => run.Losses)]),
                LabSeries.Of("xavier", epochs, [.. slow.Select(run => run.Losses)])]));
    }

    private static (double Updates, double[] Losses) Train(LabContext context, Initializer start, ulong seed)
    {
        const double Target = 1;
        DataSplit data = context.Open("glyphs", context.Pick(300, 600, 4000), 100, seed);
        List<Module> layers = [new Flatten(), new Dense(784, 64, Activation.Relu, start)];
        for (int layer = 1; layer < 10; layer++)
            layers.Add(new Dense(64, 64, Activation.Relu, start));
        layers.Add(new Dense(64, 10, Activation.None, Initializer.XavierNormal()));
        TrainerOptions options = new()
        {
            Optimizer = new Sgd(0.05),
            Epochs = context.Pick(10, 25, 25),
            BatchSize = 32,
            Seed = seed,
            Patience = 0,
            EvaluateEvery = 1000,
        };
        long reached = 0;
        Trainer trainer = new(new Sequential([.. layers]), data.Training, options);
        TrainingReport report = context.Fit(trainer, step => reached = reached == 0 && step.EpochLoss < Target && step.StepInEpoch > 8
            ? step.Step : reached);
        return (reached == 0 ? trainer.TotalSteps : reached, [.. report.Epochs.Select(epoch => epoch.Training.Loss)]);
    }
}
