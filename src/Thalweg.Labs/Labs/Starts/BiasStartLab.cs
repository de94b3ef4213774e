using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Starts;

/// <summary>Biases that keep ReLU units alive, and the forget gate of an LSTM open.</summary>
internal sealed class BiasStartLab : Lab
{
    /// <summary>Share of dead ReLU units with the bias minus that without, at most.</summary>
    public const double DeadUnits = -0.01;

    /// <summary>Updates to the target with the bias over those without, at most: below 1, which a bias that does nothing
    /// reaches.</summary>
    public const double UpdatesToTarget = 0.995;

    /// <summary>Accuracy of recall with an open forget gate minus that with a forget bias of 0, mean over training, at least.</summary>
    public const double Recall = 0.1;

    private const int Width = 24, Depth = 8;

    public override string Name => "bias-start";

    public override LabClaim Claim => new(
        ("Biases that keep ReLU units alive (0.1) or the forget gate open (1) help the start.",
            "使 ReLU 单元保持激活的偏置（0.1）或使遗忘门打开的偏置（1）有助于训练的开始。"),
        ["003"],
        [
            new("003", "有时需要选择偏置以避免初始化引起太大饱和", "Sometimes the bias must be chosen so that the start does not cause too much saturation."),
            new("003", "有时一个单元会控制其他单元能否参与到等式中", "Sometimes a unit controls whether other units take part in an equation."),
        ],
        """
        <msub><mi>f</mi><mi>t</mi></msub><mo>=</mo><mi>&#x3C3;</mi><mo>(</mo><msub><mi>W</mi><mi>f</mi></msub><msub><mi>x</mi>
        <mi>t</mi></msub><mo>+</mo><msub><mi>U</mi><mi>f</mi></msub><msub><mi>h</mi><mrow><mi>t</mi><mo>&#x2212;</mo>
        <mn>1</mn></mrow></msub><mo>+</mo><msub><mi>b</mi><mi>f</mi></msub><mo>)</mo>
        """);

    public override LabText Question => ("When is a bias better not 0 at the start?", "什么时候偏置的初值不应为 0？");

    public override LabText Method => (
        $"(1) ReLU networks of {Depth} layers of {Width} units: units that are 0 for all samples at the start, and updates to a training "
            + $"loss of 1 on glyphs, with biases of 0 and of the option bias. "
        + "(2) An LSTM must tell the first symbol of a sequence after a distance, with a forget bias of 0 and of the option forget: "
            + "accuracy on validation data, as a mean over the epochs.",
        $"(1) {Depth} 层、每层 {Width} 个单元的 ReLU 网络：偏置为 0 与选项 bias 时，初始对所有样本输出为 0 的单元比例，以及在字形图像上训练损失降到 1 的更新次数。(2) LSTM 须在一段距离之后说出序列的首个符号，"
            + $"遗忘偏置为 0 与选项 forget：各轮验证正确率的平均。");

    public override LabText Refutation => (
        $"As many dead units with the bias as without, more updates to the target, or a recall that gains less than {Recall} by an open "
            + $"forget gate.",
        $"带偏置时死亡单元一样多、达到目标的更新次数更多，或打开遗忘门使正确率提高不足 {Recall}。");

    public override LabText Limits => (
        "With He's start hardly a ReLU unit is dead at the start, so that a bias of 0.1 has nothing to revive; an open forget gate matters "
        + "where something must be kept over time.",
        "用 He 初始化时，初始几乎没有死亡的 ReLU 单元，0.1 的偏置无可挽救；当需要在时间上保持信息时，打开遗忘门才重要。");

    public override IReadOnlyList<LabOption> Options =>
    [
        new("bias", "0.1", ("bias of ReLU units", "ReLU 单元的偏置")),
        new("forget", "1", ("bias of the forget gate", "遗忘门的偏置")),
    ];

    public override void Run(LabContext context)
    {
        double bias = double.Parse(context.Option("bias"), System.Globalization.CultureInfo.InvariantCulture);
        double forget = double.Parse(context.Option("forget"), System.Globalization.CultureInfo.InvariantCulture);
        context.Plan(4 * context.Seeds.Count);
        (double Dead, double Updates)[] with = context.OverSeeds(seed => Rectified(context, bias, seed)),
            without = context.OverSeeds(seed => Rectified(context, 0, seed));
        double[][] open = context.OverSeeds(seed => Remember(context, forget, seed)),
            half = context.OverSeeds(seed => Remember(context, 0, seed));
        LabFigure dead = context.Measure("dead-units", ("share of dead units with the bias minus that without", "死亡单元比例之差（带偏置减不带偏置）"),
            with.Zip(without, (a, b) => a.Dead - b.Dead));
        LabFigure updates = context.Measure("updates-to-target",
            ("updates to the target with the bias over those without", "达到目标的更新次数之比（带偏置/不带偏置）"),
            with.Zip(without, (a, b) => a.Updates / b.Updates), LabScale.Logarithmic);
        LabFigure recall = context.Measure("recall",
            ("accuracy of recall with an open forget gate minus that without, mean over training", "打开遗忘门带来的正确率提高（训练过程平均）"), open
            .Zip(half, (a, b) => a.Average() - b.Average()));
        context.Expect(recall, LabRelation.AtLeast, Recall);
        context.Expect(dead, LabRelation.AtMost, DeadUnits);
        context.Expect(updates, LabRelation.AtMost, UpdatesToTarget);
        double[] epochs = [.. Enumerable.Range(1, open[0].Length).Select(epoch => (double)epoch)];
        context.Draw(new LinePicture(("Accuracy of recall on validation data", "验证集上的回忆正确率"), new(("epoch", "轮次")),
            new(("accuracy", "正确率")),
            [LabSeries.Of($"b_f = {forget}", epochs, open), LabSeries.Of("b_f = 0", epochs, half)]));
        context.Draw(new BarPicture(("Dead ReLU units at the start", "初始时死亡的 ReLU 单元"), new(("share", "比例")),
            [LabBar.Of($"b = {bias}", with.Select(run => run.Dead)), LabBar.Of("b = 0", without.Select(run => run.Dead))]));
    }

    private static (double Dead, double Updates) Rectified(LabContext context, double bias, ulong seed)
    {
        DataSplit data = context.Open("glyphs", context.Pick(200, 400, 4000), 100, seed);
        Sequential network = Networks.Mlp(data.Training.Data, Depth, Width, Activation.Relu, Initializer.HeNormal());
        network.Initialize(seed);
        RandomStream random = new(seed, RandomPurpose.User);
        Dense[] layers = [.. network.Modules.Select(module => module.Module).OfType<Dense>()];
        foreach (Dense layer in layers[..^1])
            Initializer.Constant(bias).Fill(layer.Bias!.Value, ref random);
        double dead = 0;
        Tensor x = data.Training.Data.Take([.. Enumerable.Range(0, 128)]).Inputs.Single.Reshape([128, 784]);
        foreach (Dense layer in layers[..^1])
        {
            x = layer.Forward(x).Detach();
            float[] values = x.ToArray<float>();
            dead += Enumerable.Range(0, Width).Count(unit =>
                Enumerable.Range(0, 128).All(row => values[(row * Width) + unit] <= 0)) / (double)(Width * Depth);
        }

        long reached = 0;
        TrainerOptions options = new()
        {
            Optimizer = new Sgd(0.05),
            Epochs = context.Pick(8, 15, 15),
            BatchSize = 32,
            Seed = seed,
            Patience = 0,
            EvaluateEvery = 1000
        };
        Trainer trainer = new(network, data.Training, options);
        context.Fit(trainer, step => reached = reached == 0 && step.EpochLoss < 1 && step.StepInEpoch >= 8 ? step.Step : reached);
        return (dead, reached == 0 ? trainer.TotalSteps : reached);
    }

    private static double[] Remember(LabContext context, double forgetBias, ulong seed)
    {
        int distance = context.Pick(6, 10, 20), count = context.Pick(200, 500, 1000);
        Dataset training = GeneratedData.Recall(count, distance, seed), validation = GeneratedData.Recall(200, distance, seed + 1000);
        Sequential network = new(new Lstm(training.FeatureShape[1], 16, new RecurrentOptions { AllSteps = false }, forgetBias),
            new Dense(16, GeneratedData.RecallSymbols));
        TrainerOptions options = new()
        {
            Optimizer = new Adam(0.01),
            Epochs = context.Pick(10, 25, 25),
            BatchSize = 25,
            Seed = seed,
            Patience = 0,
            RestoreBest = false
        };
        return [.. context.Fit(new Trainer(network, new TrainingSet(training), new ValidationSet(validation), options)).Epochs
            .Select(epoch => epoch.Validation.Accuracy)];
    }
}
