using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Starts;

/// <summary>The scale of starting weights decides what training reaches.</summary>
internal sealed class InitScaleLab : Lab
{
    /// <summary>Final loss at the smallest and at the largest scale over that at the best, at least.</summary>
    public const double LossOffScale = 1.5;

    /// <summary>Growth of gradients per layer at the largest scale, at least: they explode.</summary>
    public const double Explosion = 1.5;

    /// <summary>Growth of signals per layer at the smallest scale, at most: they are lost.</summary>
    public const double Loss = 0.5;

    /// <summary>Final loss of a dense, an orthogonal and a sparse start of the best scale over the best, at most.</summary>
    public const double LossOfStructure = 2;

    private const int Depth = 5;
    private const double Cap = 5;

    public override string Name => "init-scale";

    public override LabClaim Claim => new(
        ("Larger initial weights break symmetry and pass signals, too large ones explode; the scale is worth tuning.",
            "较大的初始权重能打破对称、传递信号，过大则会爆炸；初始权重的范围值得调节。"),
        ["003"],
        [
            new("003", "更大的初始权重具有更强的破坏对称性的作用，有助于避免冗余的单元，也有助于避免在每层线性成分的前向或反向传播中丢失信号。",
                "Larger initial weights break symmetry more strongly, which helps to avoid redundant units, and to avoid that signals "
                    + "are lost forward or backward in the linear part of each layer."),
            new("003", "如果权重初始太大，那么会在前向或者反向中产生爆炸的值。",
                "Weights that start too large produce values that explode forward or backward."),
        ],
        """
        <mi>W</mi><mo>&#x223C;</mo><mi>N</mi><mrow><mo>(</mo><mn>0</mn><mo>,</mo><mfrac><msup><mi>g</mi><mn>2</mn></msup>
        <mi>n</mi></mfrac><mo>)</mo></mrow>
        """);

    public override LabText Question => ("How much does the scale of the starting weights matter?", "初始权重的范围有多重要？");

    public override LabText Method => (
        $"Tanh networks with {Depth} hidden layers learn glyphs by SGD from weights of N(0, g²/n), g from 1/16 to 16. Measured are the "
            + $"training loss after a fixed number of updates, the "
        + "growth of signals and of gradients per layer, and the loss from an orthogonal and a sparse start of the best scale.",
        $"含 {Depth} 个隐藏层的 tanh 网络以 SGD 学习字形图像，权重取 N(0, g²/n)，g 从 1/16 到 16。测量固定更新次数后的训练损失、信号与梯度逐层的增长率，以及最佳范围下正交与稀疏初始化的损失。");

    public override LabText Refutation => (
        $"A loss at the smallest or at the largest scale less than {LossOffScale} times the best one.",
        $"最小或最大范围的损失不到最佳损失的 {LossOffScale} 倍。");

    public override IReadOnlyList<LabOption> Options =>
        [new("family", "xavier_normal", ("initializer that is scaled: its gain is replaced", "被缩放的初始化方法：替换其增益"))];

    public override void Run(LabContext context)
    {
        double[] gains = context.Pick<double[]>([1 / 16.0, 1, 16], [1 / 16.0, 1 / 4.0, 1 / 2.0, 1, 2, 4, 16],
            [1 / 64.0, 1 / 16.0, 1 / 8.0, 1 / 4.0, 1 / 2.0, 1, 1.5, 2, 4, 8, 16]);
        string family = context.Option("family");
        Initializer Scaled(double gain) => Settings.Parse<Initializer>(
            family.Contains('(', StringComparison.Ordinal) ? family
                : $"{family}(gain={gain.ToString("R", System.Globalization.CultureInfo.InvariantCulture)})");

        context.Plan((gains.Length + 2) * context.Seeds.Count);
        double[][] losses = [.. gains.Select(gain => context.OverSeeds(seed => Train(context, Scaled(gain), seed)))];
        int best = Enumerable.Range(0, gains.Length).MinBy(i => losses[i].Average());
        DeepNetwork network = new(20, 64, Activation.Tanh, 100);
        IReadOnlyList<LayerSignal>[][] signals = [.. gains
            .Select(gain => context.Seeds.Select(seed => network.Measure(Scaled(gain), seed)).ToArray())];
        double[][] forward = [.. signals.Select(runs => runs.Select(run => DeepNetwork.Growth(run, layer => layer.Variance)).ToArray())];
        double[][] backward = [.. signals.Select(runs => runs.Select(run => 1 / DeepNetwork.Growth(run, layer => layer.GradientSquare))
            .ToArray())];
        LabFigure small = context.Measure("loss-too-small",
            ($"loss at gain {gains[0]:g3} over that at {gains[best]:g3}", $"增益 {gains[0]:g3} 与 {gains[best]:g3} 的损失之比"),
            losses[0].Zip(losses[best], (a, b) => a / b), LabScale.Logarithmic);
        LabFigure large = context.Measure("loss-too-large",
            ($"loss at gain {gains[^1]:g3} over that at {gains[best]:g3}", $"增益 {gains[^1]:g3} 与 {gains[best]:g3} 的损失之比"),
            losses[^1].Zip(losses[best], (a, b) => a / b), LabScale.Logarithmic);
        LabFigure lost = context.Measure("signal-growth-small",
            ("growth of the variance of activations per layer at the smallest gain", "最小增益时激活值方差逐层的增长率"), forward[0], LabScale.Logarithmic);
        LabFigure exploded = context.Measure("gradient-growth-large",
            ("growth of the mean square of gradients per layer at the largest gain", "最大增益时梯度均方反向逐层的增长率"), backward[^1],
            LabScale.Logarithmic);
        context.Expect(small, LabRelation.AtLeast, LossOffScale, isEssential: true);
        context.Expect(large, LabRelation.AtLeast, LossOffScale, isEssential: true);
        context.Expect(lost, LabRelation.AtMost, Loss);
        context.Expect(exploded, LabRelation.AtLeast, Explosion);
        foreach ((string name, Initializer start) in (ReadOnlySpan<(string, Initializer)>)[("orthogonal",
            Initializer.Orthogonal(gains[best])), ("sparse", Initializer.Sparse(15, gains[best] / Math.Sqrt(15)))])
        {
            LabFigure figure = context.Measure($"loss-{name}",
                ($"loss from a start of the kind {name} over the best", $"{name} 初始化的损失与最佳损失之比"),
                context.OverSeeds(seed => Train(context, start, seed)).Zip(losses[best], (a, b) => a / b), LabScale.Logarithmic);
            context.Expect(figure, LabRelation.AtMost, LossOfStructure);
        }

        context.Draw(new LinePicture(("Training loss against the gain of the starting weights", "训练损失与初始权重增益的关系"),
            new(("gain g", "增益 g"), LabScale.Logarithmic), new(("loss", "损失"), LabScale.Logarithmic),
            [Line(("loss", "损失"), gains, losses)]));
        context.Draw(new LinePicture(("Growth per layer, 20 tanh layers", "逐层增长率，20 层 tanh"),
            new(("gain g", "增益 g"), LabScale.Logarithmic), new(("growth", "增长率"), LabScale.Logarithmic),
            [Line(("signals forward", "信号，正向"), gains, forward), Line(("gradients backward", "梯度，反向"), gains, backward)]));
    }

    private static LabSeries Line(LabText name, double[] gains, double[][] values) => LabSeries.Of(
        name, gains, [.. Enumerable.Range(0, values[0].Length)
            .Select(seed => (IReadOnlyList<double>)[.. values.Select(at => at[seed])])], LabScale.Logarithmic);

    private static double Train(LabContext context, Initializer start, ulong seed)
    {
        DataSplit data = context.Open("glyphs", context.Pick(200, 400, 4000), 100, seed);
        TrainerOptions options = new()
        {
            Optimizer = new Sgd(0.1),
            Epochs = context.Pick(8, 15, 15),
            BatchSize = 32,
            Seed = seed,
            Patience = 0,
            EvaluateEvery = 1000
        };
        return context.Fit(new Trainer(Networks.Mlp(data.Training.Data, Depth, 48, Activation.Tanh, start), data.Training,
            options)).FinalLoss(Cap);
    }
}
