using Thalweg.Initializers;

namespace Thalweg.Labs.Starts;

/// <summary>Weights of deviation 0.01: all units say nearly the same.</summary>
internal sealed class SmallInitLab : Lab
{
    /// <summary>Deviation of the activations of the last layer over units and samples, at most.</summary>
    public const double Spread = 0.05;

    /// <summary>Share of the outputs of two units that is common, as the mean cosine between them, at least.</summary>
    public const double Likeness = 0.99;

    /// <summary>Mean absolute correlation over the samples between two units of the last layer, at least.</summary>
    public const double Correlation = 0.5;

    private const int Depth = 6;

    public override string Name => "small-init";

    public override LabClaim Claim => new(
        ("With a deviation of 0.01, activations crowd around one value, and units become interchangeable.",
            "标准差取 0.01 时，激活值集中在同一个值附近，各单元变得可以互相替换。"),
        ["001", "002"],
        [
            new("002", "如果有多个神经元都输出几乎相同的值，那他们就没有存在的意义了。",
                "Where several neurons put out nearly the same values, there is no point in having them."),
            new("002", "比如，如果100个神经元都输出几乎相同的值，那么也可以由1个神经元来表示基本相同的事情。",
                "If 100 neurons put out nearly the same values, one neuron could say essentially the same."),
        ],
        """
        <mi>W</mi><mo>&#x223C;</mo><mi>N</mi><mo>(</mo><mn>0</mn><mo>,</mo><msup><mn>0.01</mn><mn>2</mn></msup><mo>)</mo>
        """);

    public override LabText Question => ("What do very small weights do to a deep network?", "很小的权重会对深度网络造成什么影响？");

    public override LabText Method => (
        $"Noise of N(0, 1) goes through {Depth} sigmoid layers of 100 units. In the last layer: the deviation of the activations, the "
            + $"mean cosine between the outputs of two units over the samples, and the mean absolute correlation between them.",
        $"N(0, 1) 的噪声通过 {Depth} 层、每层 100 个单元的 sigmoid 网络。在最后一层测量：激活值的标准差、两个单元输出（在样本上）的平均余弦，以及它们的平均绝对相关系数。");

    public override LabText Refutation => (
        $"A deviation above {Spread}, or a mean cosine below {Likeness}; for the stronger reading, a mean absolute correlation below "
            + $"{Correlation}.",
        $"标准差大于 {Spread}，或平均余弦小于 {Likeness}；按更强的理解，平均绝对相关系数小于 {Correlation}。");

    public override LabText Limits => (
        "The units put out nearly the same value, 1/2, but the little by which they differ still goes different ways: about that little "
            + "they are not interchangeable.",
        "各单元的输出几乎都是 1/2，但它们之间微小的差别仍朝不同方向变化：就这点差别而言，它们并不能互相替换。");

    public override IReadOnlyList<LabOption> Options =>
        [new("start", "normal(0.01)", ("initializer that is claimed to make units alike", "据称使各单元相似的初始化方法"))];

    public override void Run(LabContext context)
    {
        Initializer start = context.Setting<Initializer>("start");
        int width = context.Pick(50, 100, 100), samples = 50;

        // In single precision the differences between samples fall below the last digit of 1/2.
        DeepNetwork network = new(Depth, width, Activation.Sigmoid, samples) { DType = DType.Float64 };
        context.Plan(2 * context.Seeds.Count);
        IReadOnlyList<LayerSignal>[] runs = context.OverSeeds(seed => network.Measure(start, seed));
        IReadOnlyList<LayerSignal>[] others = context.OverSeeds(seed => network.Measure(Initializer.Normal(1), seed));
        LabFigure spread = context.Measure("spread", ("deviation of the activations of the last layer", "最后一层激活值的标准差"),
            runs.Select(run => Deviation(run[^1].Activations)));
        LabFigure likeness = context.Measure("likeness", ("mean cosine between the outputs of two units", "两个单元输出的平均余弦"),
            runs.Select(run => MeanCosine(run[^1].Activations, width, samples, isCentered: false)));
        LabFigure correlation = context.Measure("correlation", ("mean absolute correlation between two units", "两个单元的平均绝对相关系数"),
            runs.Select(run => MeanCosine(run[^1].Activations, width, samples, isCentered: true)));
        context.Expect(spread, LabRelation.AtMost, Spread, isEssential: true);
        context.Expect(likeness, LabRelation.AtLeast, Likeness);
        context.Expect(correlation, LabRelation.AtLeast, Correlation);

        context.Draw(new HistogramPicture(("Activations by layer", "各层激活值"), new(("activation", "激活值")),
            [Row(context.Option("start"), runs[0]), Row("normal(1)", others[0])]));
    }

    private static LabHistogramRow Row(string name, IReadOnlyList<LayerSignal> layers) => new(name,
        [.. layers.Select((layer, i) => LabHistogram.Of(($"layer {i + 1}", $"第 {i + 1} 层"), layer.Activations, 0, 1, 40))]);

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    /// <summary>Mean of the absolute cosine over all pairs of units: of outputs [samples, units], or of what they differ from their
    /// means.</summary>
    private static double MeanCosine(double[] outputs, int units, int samples, bool isCentered)
    {
        double[][] columns = [.. Enumerable.Range(0, units).Select(unit =>
        {
            double[] column = [.. Enumerable.Range(0, samples).Select(sample => outputs[(sample * units) + unit])];
            double mean = isCentered ? column.Average() : 0, norm = Math.Sqrt(column.Sum(value => (value - mean) * (value - mean)));
            return column.Select(value => norm == 0 ? 0 : (value - mean) / norm).ToArray();
        })];
        double sum = 0;
        for (int a = 0; a < units; a++)
        {
            for (int b = 0; b < a; b++)
                sum += Math.Abs(columns[a].Zip(columns[b], (x, y) => x * y).Sum());
        }

        return sum / (units * (units - 1) / 2.0);
    }
}
