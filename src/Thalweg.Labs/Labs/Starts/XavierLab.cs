using Thalweg.Initializers;

namespace Thalweg.Labs.Starts;

/// <summary>Xavier's start keeps signals and gradients in size; N(0, 1) and N(0, 0.01^2) do not.</summary>
internal sealed class XavierLab : Lab
{
    /// <summary>Growth of a variance from one layer to the next within which it counts as kept.</summary>
    public const double LeastGrowth = 0.8, MostGrowth = 1.25;

    private static readonly Activation[] s_activations = [Activation.Tanh, Activation.Softsign, Activation.Sigmoid];

    public override string Name => "xavier";

    public override LabClaim Claim => new(
        ("Xavier's start keeps the variance of activations forward and that of gradients backward, for tanh, softsign and sigmoid.",
            "Xavier 初始化使激活值的方差在正向传播中、梯度的方差在反向传播中保持不变，适用于 tanh、softsign 和 sigmoid。"),
        ["000", "001", "002", "003"],
        [
            new("000", "正向传播时，激活值的方差保持不变；反向传播时，关于状态值的梯度的方差保持不变。",
                "Going forward, the variance of activations stays the same; going backward, the variance of the gradients by the states "
                    + "stays the same."),
            new("000", "适用于tanh和softsign。", "Suits tanh and softsign."),
            new("002", "当激活函数为sigmoid或tanh等S型函数时，初始值使用Xavier初始值；",
                "Where the activation is an S-shaped function such as sigmoid or tanh, use Xavier's initial values."),
        ],
        """
        <mi>W</mi><mo>&#x223C;</mo><mi>U</mi><mrow><mo>[</mo><mo>&#x2212;</mo><msqrt><mfrac><mn>6</mn><mrow><msub><mi>n</mi>
        <mi>in</mi></msub><mo>+</mo><msub><mi>n</mi><mi>out</mi></msub></mrow></mfrac></msqrt><mo>,</mo><msqrt><mfrac>
        <mn>6</mn><mrow><msub><mi>n</mi><mi>in</mi></msub><mo>+</mo><msub><mi>n</mi><mi>out</mi></msub></mrow></mfrac></msqrt>
        <mo>]</mo></mrow>
        """);

    public override LabText Question => ("Which start keeps signals in size through a deep net of S-shaped units?",
        "对于由 S 型单元组成的深度网络，哪种初始化能让信号保持大小？");

    public override LabText Method => (
        "Noise of N(0, 1) goes through networks of 6 to 50 equal layers, and noise goes back. In each layer the variance of an "
            + "activation over "
        + "the samples and the mean square of the gradient by x W + b are measured, and from them the growth from one layer to the next, "
            + "for "
        + "Xavier, N(0, 1) and N(0, 0.01²).",
        "N(0, 1) 的噪声通过 6 到 50 层的网络，再反向传播噪声。在每一层测量激活值在样本上的方差、关于 x W + b 的梯度的均方，由此得到逐层的增长率，"
        + "比较 Xavier、N(0, 1) 和 N(0, 0.01²)。");

    public override LabText Refutation => (
        $"Growth with Xavier outside {LeastGrowth} to {MostGrowth} in either direction for tanh or softsign at the greatest depth, or "
            + $"one of the "
        + "other starts within these bounds in both directions.",
        $"在最大深度下，tanh 或 softsign 用 Xavier 时任一方向的增长率超出 {LeastGrowth} 到 {MostGrowth}；或另两种初始化在两个方向上都落在这个范围内。");

    public override LabText Limits => (
        "Xavier's derivation takes the activation for linear, of slope 1 and centered at 0. A sigmoid has slope 1/4 and mean 1/2: what "
            + "tells one "
        + "sample from another shrinks to about 1/16 per layer, with Xavier as with any start of that size.",
        "Xavier 的推导把激活函数看作线性、斜率为 1、关于 0 对称。sigmoid 的斜率是 1/4，均值是 1/2：样本之间的差别每层大约缩小到 1/16。");

    public override IReadOnlyList<LabOption> Options =>
        [new("initializer", "xavier_uniform", ("initializer under test", "被检验的初始化方法"))];

    public override void Run(LabContext context)
    {
        int[] depths = context.Pick<int[]>([6, 20], [6, 50], [6, 12, 25, 50]);
        int width = context.Pick(50, 100, 256), samples = context.Pick(60, 100, 400);
        (string Name, Initializer Start)[] starts =
        [
            (context.Option("initializer"), context.Setting<Initializer>("initializer")),
            ("normal(1)", Initializer.Normal(1)), ("normal(0.01)", Initializer.Normal(0.01)),
        ];
        context.Plan(starts.Length * s_activations.Length * context.Seeds.Count);
        List<LabBar> bars = [];
        List<LabHistogramRow> rows = [];
        foreach ((string name, Initializer start) in starts)
        {
            foreach (Activation activation in s_activations)
            {
                IReadOnlyList<LayerSignal>[][] runs = context.OverSeeds(seed =>
                    depths.Select(depth => new DeepNetwork(depth, width, activation, samples).Measure(start, seed)).ToArray());
                string kind = activation.ToString().ToLowerInvariant(), id = start == starts[0].Start ? "xavier" : name;
                LabFigure forward = context.Measure($"{id}-{kind}-forward",
                    ($"{name}, {kind}: growth of the variance of activations per layer, depth {depths[^1]}",
                        $"{name}，{kind}：激活值方差逐层的增长率，深度 {depths[^1]}"),
                    runs.Select(run => DeepNetwork.Growth(run[^1], layer => layer.Variance)), LabScale.Logarithmic);
                LabFigure backward = context.Measure($"{id}-{kind}-backward",
                    ($"{name}, {kind}: growth of the mean square of gradients per layer on the way back", $"{name}，{kind}：梯度均方反向逐层的增长率"),
                    runs.Select(run => 1 / DeepNetwork.Growth(run[^1], layer => layer.GradientSquare)), LabScale.Logarithmic);
                Judge(context, id, activation, forward, backward);
                bars.Add(LabBar.Of(($"{name}, {kind}, forward", $"{name}，{kind}，正向"), forward));
                bars.Add(LabBar.Of(($"{name}, {kind}, backward", $"{name}，{kind}，反向"), backward));
                if (activation != Activation.Softsign)
                {
                    rows.Add(new($"{name}, {kind}", [.. runs[0][0].Select((layer, i) => LabHistogram.Of(
                        ($"layer {i + 1}", $"第 {i + 1} 层"), layer.Activations, activation == Activation.Sigmoid ? 0 : -1, 1))]));
                }
            }
        }

        context.Draw(new HistogramPicture(("Activations of six layers", "六层网络的激活值"), new(("activation", "激活值")), rows));
        context.Draw(new BarPicture(("Growth per layer; 1 keeps the size", "逐层增长率；1 表示保持大小"),
            new(("growth", "增长率"), LabScale.Logarithmic), bars));
    }

    /// <summary>Xavier must keep both; another start must lose one of them.</summary>
    private static void Judge(LabContext context, string id, Activation activation, LabFigure forward, LabFigure backward)
    {
        if (id == "xavier")
        {
            bool isCentered = activation != Activation.Sigmoid;
            foreach (LabFigure figure in (LabFigure[])[forward, backward])
            {
                context.Expect(figure, LabRelation.AtLeast, LeastGrowth, isCentered);
                context.Expect(figure, LabRelation.AtMost, MostGrowth, isCentered);
            }
        }
        else if (activation != Activation.Sigmoid)
        {
            double far = Math.Log(MostGrowth);
            LabFigure distance = context.Measure($"{id}-{activation.ToString().ToLowerInvariant()}-distance",
                ("distance of growth from 1, in logarithms, in the worse direction", "较差方向上增长率与 1 的对数距离"),
                forward.Values.Zip(backward.Values, (a, b) => Math.Max(Math.Abs(Math.Log(a)), Math.Abs(Math.Log(b)))));
            context.Expect(distance, LabRelation.AtLeast, far);
        }
    }
}
