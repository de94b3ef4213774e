using Thalweg.Initializers;

namespace Thalweg.Labs.Starts;

/// <summary>Weights of N(0, 1) drive sigmoid units to 0 and 1.</summary>
internal sealed class SaturationLab : Lab
{
    /// <summary>Share of activations below 0.1 or above 0.9, at least.</summary>
    public const double OuterShare = 0.6;

    /// <summary>Norm of the gradient in the first layer over that in the last, at most: it dies.</summary>
    public const double GradientLeft = 0.1;

    private const int Depth = 6;

    public override string Name => "saturation";

    public override LabClaim Claim => new(
        ("With weights of N(0, 1), the activations of six sigmoid layers pile up at 0 and 1, and the gradient dies layer by layer.",
            "权重取 N(0, 1) 时，六层 sigmoid 网络的激活值向 0 和 1 两侧靠近，梯度逐层消失。"),
        ["000", "002"],
        [
            new("000", "可以看到各层的激活值严重向两侧[0,1]靠近，从Sigmoid的函数曲线可以知道这些值的导数趋近于0，反向传播时的梯度逐步消失。",
                "The activations of all layers crowd at both ends of [0, 1]; the curve of the sigmoid shows that the derivative there "
                    + "tends to 0, so that gradients vanish step by step on their way back."),
            new("002", "偏向0和1的数据分布会造成反向传播中梯度的值不断减小，最后消失。",
                "Data that lean to 0 and 1 make the gradients ever smaller on their way back, until they vanish."),
        ],
        """
        <msup><mi>&#x3C3;</mi><mo>&#x2032;</mo></msup><mo>(</mo><mi>z</mi><mo>)</mo><mo>=</mo><mi>a</mi><mo>(</mo><mn>1</mn>
        <mo>&#x2212;</mo><mi>a</mi><mo>)</mo><mo>&#x2192;</mo><mn>0</mn><mspace width="1em"/><mtext>for</mtext>
        <mspace width="0.5em"/><mi>a</mi><mo>&#x2192;</mo><mn>0</mn><mo>,</mo><mn>1</mn>
        """);

    public override LabText Question => ("What do weights of N(0, 1) do to a deep sigmoid network?", "N(0, 1) 的权重会对深层 sigmoid 网络造成什么影响？");

    public override LabText Method => (
        $"Noise of N(0, 1) goes through {Depth} sigmoid layers of 100 units with weights of the option start, and noise goes back. The "
            + $"share of activations in the outer tenths and the root mean square of the gradient are measured in each layer.",
        $"N(0, 1) 的噪声通过 {Depth} 层、每层 100 个单元的 sigmoid 网络（权重由选项 start 决定），再反向传播噪声。逐层测量落在两端十分之一区间的激活值比例，以及梯度的均方根。");

    public override LabText Refutation => (
        $"Fewer than {OuterShare:P0} of the activations of the six layers in the outer tenths; for the gradient, more than a tenth of it "
            + $"left in the first layer.",
        $"六层激活值中落在两端十分之一区间的不足 {OuterShare * 100:0} %；就梯度而言，第一层仍保留十分之一以上。");

    public override LabText Limits => (
        "Saturation makes the derivative of the sigmoid small on average, but weights of N(0, 1) multiply what comes back by the root of "
            + "the width. At 100 units the two nearly cancel: "
        + "units stand still because their derivative is 0 for most samples, not because the gradient shrinks from layer to layer. With "
            + "weights of N(0, 0.1²) it does shrink.",
        "饱和使 sigmoid 的导数平均很小，但 N(0, 1) 的权重会把反向传来的梯度放大（宽度的平方根倍）。100 个单元时两者几乎抵消：单元停滞是因为对多数样本导数为 0，而不是因为梯度逐层缩小。");

    public override IReadOnlyList<LabOption> Options =>
        [new("start", "normal(1)", ("initializer that is claimed to saturate", "据称导致饱和的初始化方法"))];

    public override void Run(LabContext context)
    {
        Initializer start = context.Setting<Initializer>("start"), xavier = Initializer.XavierUniform();
        DeepNetwork network = new(Depth, context.Pick(50, 100, 100), Activation.Sigmoid, context.Pick(100, 500, 1000));
        context.Plan(2 * context.Seeds.Count);
        IReadOnlyList<LayerSignal>[] runs = context.OverSeeds(seed => network.Measure(start, seed));
        IReadOnlyList<LayerSignal>[] others = context.OverSeeds(seed => network.Measure(xavier, seed));
        LabFigure outer = context.Measure("outer-share", ("share of activations below 0.1 or above 0.9", "小于 0.1 或大于 0.9 的激活值比例"),
            runs.Select(run => run.Average(Outer)));
        LabFigure outerOfXavier = context.Measure("outer-share-xavier", ("the same with Xavier's start", "Xavier 初始化时的同一比例"),
            others.Select(run => run.Average(Outer)));
        LabFigure left = context.Measure("gradient-left", ("gradient in the first layer over that in the last", "第一层与最后一层梯度之比"),
            runs.Select(run => Math.Sqrt(run[0].GradientSquare / run[^1].GradientSquare)), LabScale.Logarithmic);
        context.Expect(outer, LabRelation.AtLeast, OuterShare, isEssential: true);
        context.Expect(outerOfXavier, LabRelation.AtMost, OuterShare / 2);
        context.Expect(left, LabRelation.AtMost, GradientLeft);

        context.Draw(new HistogramPicture(("Activations by layer", "各层激活值"), new(("activation", "激活值")),
            [Row(context.Option("start"), runs[0]), Row("xavier_uniform", others[0])]));
        double[] layers = [.. Enumerable.Range(1, Depth).Select(layer => (double)layer)];
        context.Draw(new LinePicture(("Root mean square of the gradient by layer", "各层梯度的均方根"), new(("layer", "层")),
            new(("gradient", "梯度"), LabScale.Logarithmic),
            [Line(context.Option("start"), layers, runs), Line("xavier_uniform", layers, others)]));
    }

    private static double Outer(LayerSignal layer) => layer.Activations.Count(a => a is < 0.1 or > 0.9) / (double)layer.Activations.Length;

    private static LabHistogramRow Row(string name, IReadOnlyList<LayerSignal> layers) => new(name,
        [.. layers.Select((layer, i) => LabHistogram.Of(($"layer {i + 1}", $"第 {i + 1} 层"), layer.Activations, 0, 1))]);

    private static LabSeries Line(string name, double[] layers, IReadOnlyList<LayerSignal>[] runs) => LabSeries.Of(
        name, layers, [.. runs.Select(run => (IReadOnlyList<double>)[.. run.Select(layer => Math.Sqrt(layer.GradientSquare))])],
            LabScale.Logarithmic);
}
