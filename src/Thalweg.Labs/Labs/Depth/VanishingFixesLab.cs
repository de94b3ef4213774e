using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Labs.Depth;

/// <summary>What cures vanishing and exploding gradients fifty layers deep.</summary>
internal sealed class VanishingFixesLab : Lab
{
    /// <summary>Decades by which the gradient changes over the layers without a cure, at least.</summary>
    public const double Disease = 15;

    /// <summary>Decades by which it changes with a cure, at most.</summary>
    public const double Cured = 7;

    /// <summary>Final loss from exploding weights with a cure over that without, at most.</summary>
    public const double LossWithCure = 0.8;

    public override string Name => "vanishing-fixes";

    public override LabClaim Claim => new(
        ("ReLU, residual connections, batch normalization and good starts cure vanishing gradients; a lower rate or clipping cures "
            + "exploding ones.",
            "ReLU、残差连接、批量归一化和良好的初始化可以治好梯度消失；降低学习率或梯度裁剪可以治好梯度爆炸。"),
        ["000", "004"],
        [
            new("000", "很多论文都是解决这个问题的，比如ReLU激活函数，再比如Residual Network。",
                "Many papers solve this problem, such as the ReLU activation, or the residual network."),
            new("004", "如果梯度特别大，那么将其投影到一个比较小的尺度上。", "Where the gradient is very large, it is projected to a smaller scale."),
        ],
        """
        <mfrac><mrow><mo>&#x2202;</mo><mi>L</mi></mrow><mrow><mo>&#x2202;</mo><msub><mi>z</mi><mn>1</mn></msub></mrow></mfrac>
        <mo>=</mo><munderover><mo>&#x220F;</mo><mrow><mi>l</mi><mo>=</mo><mn>2</mn></mrow><mn>50</mn></munderover><msub>
        <mi>D</mi><mi>l</mi></msub><msub><mi>W</mi><mi>l</mi></msub><mo>&#x22C5;</mo><mfrac><mrow><mo>&#x2202;</mo><mi>L</mi>
        </mrow><mrow><mo>&#x2202;</mo><msub><mi>z</mi><mn>50</mn></msub></mrow></mfrac>
        """);

    public override LabText Question => ("What keeps gradients alive in fifty layers?", "在五十层的网络中，什么能保住梯度？");

    public override LabText Method => (
        "Noise goes back through 50 sigmoid layers started by Xavier, and through the same depth with one cure each: ReLU with He's "
            + "start, tanh with Xavier's, residual connections, batch normalization. The decades between the gradient of the last and "
            + "the first layer are the disease. "
        + "For explosion, ReLU networks of 8 layers with weights 2.5 times too large learn glyphs at a rate of 0.02, at a thousandth of "
            + "it, and with the norm of the gradient clipped to 1.",
        "噪声反向通过 50 层以 Xavier 初始化的 sigmoid 网络，以及同样深度但各带一种治法的网络：ReLU 加 He、tanh 加 Xavier、残差连接、批量归一化。首末两层梯度相差的数量级即为病症。对于爆炸：8 层 ReLU 网络，权重放大 "
            + "2.5 倍，以学习率 0.02、其千分之一，以及梯度范数裁剪到 1 学习字形图像。");

    public override LabText Refutation => (
        $"Less than {Disease} decades without a cure, more than {Cured} with one of them, or a loss that a lower rate or clipping does "
            + $"not bring below {LossWithCure} of that without.",
        $"不加治法时不到 {Disease} 个数量级，某种治法下超过 {Cured} 个数量级，或较低学习率、裁剪未能把损失降到 {LossWithCure} 倍以下。");

    public override IReadOnlyList<LabOption> Options =>
    [
        new("initializer", "he_normal", ("start of the ReLU cure", "ReLU 治法的初始化")),
        new("clip", "1", ("largest norm of the gradient in the cure by clipping", "裁剪治法中梯度的最大范数")),
    ];

    public override void Run(LabContext context)
    {
        int width = context.Pick(32, 64, 128);
        DeepNetwork sick = new(50, width, Activation.Sigmoid, context.Pick(40, 100, 200));
        Initializer xavier = Initializer.XavierNormal();
        (string Id, LabText Name, DeepNetwork Network, Initializer Start)[] cases =
        [
            ("none", ("sigmoid, no cure", "sigmoid，无治法"), sick, xavier),
            ("relu", ("ReLU, He's start", "ReLU，He 初始化"), sick with { Activation = Activation.Relu },
                context.Setting<Initializer>("initializer")),
            ("start", ("tanh, Xavier's start", "tanh，Xavier 初始化"), sick with { Activation = Activation.Tanh }, xavier),
            ("residual", ("sigmoid, residual connections", "sigmoid，残差连接"), sick with { IsResidual = true }, xavier),
            ("batchnorm", ("sigmoid, batch normalization", "sigmoid，批量归一化"),
                sick with { Normalization = units => new BatchNorm1d(units) }, xavier),
        ];
        context.Plan((cases.Length + 3) * context.Seeds.Count);
        List<LabSeries> lines = [];
        double[] layers = [.. Enumerable.Range(1, 50).Select(layer => (double)layer)];
        foreach ((string id, LabText name, DeepNetwork network, Initializer start) in cases)
        {
            IReadOnlyList<LayerSignal>[] runs = context.OverSeeds(seed => network.Measure(start, seed));
            LabFigure decades = context.Measure($"decades-{id}",
                ($"decades between the gradient of the first and the last layer: {name.English}", $"首末层梯度相差的数量级：{name.Chinese}"),
                runs.Select(run => Math.Abs(Math.Log10(Norm(run[0]) / Norm(run[^1])))));
            context.Expect(decades, id == "none" ? LabRelation.AtLeast : LabRelation.AtMost, id == "none" ? Disease : Cured,
                isEssential: id == "none");
            lines.Add(LabSeries.Of(name, layers, [.. runs.Select(run => (IReadOnlyList<double>)[.. run.Select(Norm)])],
                LabScale.Logarithmic));
        }

        context.Draw(new LinePicture(("Root mean square of the gradient by layer", "各层梯度的均方根"), new(("layer", "层")),
            new(("gradient", "梯度"), LabScale.Logarithmic), lines));
        double clip = double.Parse(context.Option("clip"), System.Globalization.CultureInfo.InvariantCulture);
        double[] wild = context.OverSeeds(seed => Train(context, new Sgd(0.02), seed)),
            slow = context.OverSeeds(seed => Train(context, new Sgd(0.00002), seed));
        double[] clipped = context.OverSeeds(seed => Train(context, [new ClipByGlobalNorm(clip), new ScaleByLearningRate(0.02)], seed));
        LabFigure lower = context.Measure("loss-lower-rate",
            ("final loss at a thousandth of the rate over that at the full rate", "千分之一学习率与原学习率的最终损失之比"), slow
            .Zip(wild, (a, b) => a / b), LabScale.Logarithmic);
        LabFigure clipping = context.Measure("loss-clipped", ("final loss with clipping over that without", "有无裁剪的最终损失之比"), clipped
            .Zip(wild, (a, b) => a / b), LabScale.Logarithmic);
        context.Expect(lower, LabRelation.AtMost, LossWithCure);
        context.Expect(clipping, LabRelation.AtMost, LossWithCure);
        context.Draw(new BarPicture(("Final training loss from weights 2.5 times too large", "权重放大 2.5 倍时的最终训练损失"),
            new(("loss", "损失"), LabScale.Logarithmic),
        [
            LabBar.Of(("rate 0.02", "学习率 0.02"), wild, LabScale.Logarithmic),
                LabBar.Of(("rate 0.00002", "学习率 0.00002"), slow, LabScale.Logarithmic),
            LabBar.Of(("rate 0.02, clipped", "学习率 0.02，裁剪"), clipped, LabScale.Logarithmic),
        ]));
    }

    private static double Norm(LayerSignal layer) => Math.Sqrt(Math.Max(layer.GradientSquare, 1e-38));

    private static double Train(LabContext context, Chain optimizer, ulong seed)
    {
        DataSplit data = context.Open("glyphs", context.Pick(150, 300, 2000), 100, seed);
        Initializer large = Settings.Parse<Initializer>("variance_scaling(scale=12.5, fan=fan_in, law=normal)");
        TrainerOptions options = new()
        {
            Optimizer = optimizer,
            Epochs = context.Pick(6, 10, 20),
            BatchSize = 32,
            Seed = seed,
            Patience = 0,
            EvaluateEvery = 1000
        };
        return context.Fit(new Trainer(Networks.Mlp(data.Training.Data, 8, 48, Activation.Relu, large), data.Training,
            options)).FinalLoss(1e6);
    }
}
