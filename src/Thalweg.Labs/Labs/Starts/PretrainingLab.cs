using Thalweg.Data;
using Thalweg.Initialization;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Starts;

/// <summary>Weights from another task, or without labels, reach a target in fewer updates.</summary>
internal sealed class PretrainingLab : Lab
{
    /// <summary>Updates to the target with weights of another task over those from a random start, at most.</summary>
    public const double Transferred = 0.9;

    /// <summary>Updates to the target with weights of autoencoders over those from a random start, at most.</summary>
    public const double Unsupervised = 0.9;

    private const double Target = 0.3;

    public override string Name => "pretraining";

    public override LabClaim Claim => new(
        ("Weights from another task, or from training without labels, converge faster than random ones.", "来自其他任务或无监督训练的权重比随机权重收敛得更快。"),
        ["003"],
        [
            new("003", "一个常用的策略是使用无监督模型训练出来的参数来初始化监督模型。",
                "A common strategy is to initialize a supervised model with the parameters that an unsupervised one has learned."),
            new("003", "即使是在一个不相关的问题上运行监督训练，往往也会得到一个比随机初始化更快收敛的初始值（类似于迁移学习）。",
                "Even supervised training on an unrelated problem often yields a start that converges faster than a random one (as in "
                    + "transfer learning)."),
        ],
        """
        <msub><mi>&#x3B8;</mi><mn>0</mn></msub><mo>=</mo><munder><mi>argmin</mi><mi>&#x3B8;</mi></munder><msub><mi>L</mi>
        <mtext>other task</mtext></msub><mo>(</mo><mi>&#x3B8;</mi><mo>)</mo>
        """);

    public override LabText Question => ("Do weights from elsewhere save updates?", "来自别处的权重能节省更新次数吗？");

    public override LabText Method => (
        $"Networks with 3 hidden layers, of sigmoid units (which start slowly) and of ReLU units, learn glyphs of 5 to 9 by Adam. The "
            + $"hidden layers start at random, from a network that has learned the glyphs 0 to 4 (the option source), or from "
            + $"autoencoders. Counted are the updates until the mean loss of the last ten updates is below {Target}.",
        $"含 3 个隐藏层的网络（sigmoid 单元，起步慢；以及 ReLU 单元）以 Adam 学习字形 5 至 9。隐藏层随机初始化，或取自已学会字形 0 至 4 的网络（选项 source），或取自自编码器。统计最近十次更新的平均损失降到 "
            + $"{Target} 以下所需的更新次数。");

    public override LabText Refutation => (
        $"More than {Transferred} of the updates of a random start with weights of the other task, or more than {Unsupervised} with "
            + $"those of autoencoders.", $"用其他任务的权重时更新次数超过随机初始化的 {Transferred} 倍，或用自编码器权重时超过 {Unsupervised} 倍。");

    public override LabText Limits => (
        "The random starts here keep signals in size, and three layers of strokes are soon learned from them: there is little left to save. "
        + "Weights of the other digits save a few updates of the sigmoid network; what autoencoders keep of the images is not what tells the classes.",
        "这里的随机初始化已能保持信号大小，三层网络很快就能学会这些笔画，可节省的余地不大。其他数字的权重只为 sigmoid 网络节省少量更新；自编码器保留的信息并不是区分类别的信息。");

    public override IReadOnlyList<LabOption> Options =>
    [
        new("source", "digits", ("the other task: digits, random for weights that have learned nothing, or task for the task itself",
            "其他任务：digits、random（未经学习的权重）或 task（任务本身）")),
    ];

    public override void Run(LabContext context)
    {
        (string Name, Activation Activation, Initializer Start)[] kinds =
            [("sigmoid", Activation.Sigmoid, Initializer.XavierNormal()), ("relu", Activation.Relu, Initializer.HeNormal())];
        context.Plan(kinds.Length * context.Seeds.Count);
        foreach ((string name, Activation activation, Initializer start) in kinds)
        {
            (double[] Random, double[] Transferred, double[] Unsupervised)[] runs = context.OverSeeds(seed =>
                Compare(context, activation, start, seed));
            LabFigure supervised = context.Measure($"transferred-{name}",
                ($"updates to the target, from another task over random, {name}", $"达到目标的更新次数之比（迁移/随机），{name}"),
                runs.Select(run => Until(run.Transferred) / Until(run.Random)), LabScale.Logarithmic);
            LabFigure encoders = context.Measure($"unsupervised-{name}",
                ($"updates to the target, from autoencoders over random, {name}", $"达到目标的更新次数之比（自编码器/随机），{name}"),
                runs.Select(run => Until(run.Unsupervised) / Until(run.Random)), LabScale.Logarithmic);
            context.Expect(supervised, LabRelation.AtMost, Transferred);
            context.Expect(encoders, LabRelation.AtMost, Unsupervised);
            double[] x = [.. Enumerable.Range(1, runs[0].Random.Length).Select(update => (double)update)];
            context.Draw(new LinePicture(($"Training loss of the last ten updates, {name}", $"最近十次更新的训练损失，{name}"),
                new(("update", "更新次数")), new(("loss", "损失"), LabScale.Logarithmic),
            [
                LabSeries.Of(("random start", "随机初始化"), x, [.. runs.Select(run => run.Random)], LabScale.Logarithmic),
                LabSeries.Of(("from the digits 0 to 4", "来自数字 0 至 4"), x, [.. runs.Select(run => run.Transferred)], LabScale.Logarithmic),
                LabSeries.Of(("from autoencoders", "来自自编码器"), x, [.. runs.Select(run => run.Unsupervised)], LabScale.Logarithmic),
            ]));
        }
    }

    private (double[] Random, double[] Transferred, double[] Unsupervised) Compare(LabContext context, Activation activation,
        Initializer start, ulong seed)
    {
        Dataset all = context.Open("glyphs", context.Pick(500, 900, 6000), 100, seed).Training.Data;
        Dataset other = Networks.OfClasses(all, 0, 5, all.Count), task = Networks.OfClasses(all, 5, 5, context.Pick(150, 250, 1000));
        Sequential Build(Dataset data, ulong name)
        {
            Sequential network = Networks.Mlp(data, 3, 48, activation, start);
            network.Initialize(name);
            return network;
        }

        Dataset learned = context.Option("source") == "task" ? task : other;
        Sequential source = Build(learned, seed + 100);
        if (context.Option("source") != "random")
            context.Fit(new Trainer(source, new TrainingSet(learned), Setup(context.Pick(8, 12, 20), seed)));
        Sequential random = Build(task, seed), transferred = Build(task, seed), unsupervised = Build(task, seed);
        foreach (string layer in (string[])["1.*", "2.*", "3.*"])
            Transfer.FromModule(transferred, source, layer);
        PretrainingOptions pretraining = new() { Epochs = context.Pick(3, 5, 10), BatchSize = 32, Seed = seed };
        Pretraining.ByAutoencoders(unsupervised, new TrainingSet(task), pretraining, context.Cancellation);
        double[] Train(Sequential network)
        {
            List<double> losses = [];
            context.Fit(new Trainer(network, new TrainingSet(task), Setup(context.Pick(15, 25, 25), seed)), step => losses.Add(step.Loss));
            return [.. Enumerable.Range(0, losses.Count).Select(at => losses[Math.Max(0, at - 9)..(at + 1)].Average())];
        }

        return (Train(random), Train(transferred), Train(unsupervised));
    }

    private static TrainerOptions Setup(int epochs, ulong seed) =>
        new() { Optimizer = new Adam(0.001), Epochs = epochs, BatchSize = 25, Seed = seed, Patience = 0 };

    private static double Until(double[] losses) => Array.FindIndex(losses, loss => loss < Target) is var at && at < 0 ? losses.Length
        : at + 1;
}
