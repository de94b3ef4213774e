using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Starts;

/// <summary>Equal weights stay equal: the network is one unit wide.</summary>
internal sealed class ZeroInitLab : Lab
{
    /// <summary>Share of hidden units that are equal to the first one, to the bit, after training.</summary>
    public const double EqualUnits = 1;

    /// <summary>Accuracy of the wide network above that of one unit, at most.</summary>
    public const double GainOverOneUnit = 0.02;

    /// <summary>Accuracy of a random start above an equal one, at least.</summary>
    public const double GainOfRandomStart = 0.05;

    private const int Units = 8;

    public override string Name => "zero-init";

    public override LabClaim Claim => new(
        ("Zero, or any equal, initial weights keep hidden units identical, so that the network cannot learn.",
            "权重初始为零（或任何相同的值）时，隐藏单元始终相同，网络学不到合理的结果。"),
        ["000", "001", "002"],
        [
            new("000", "可以看到W1、B1、W2内部3个单元的值都一样，这是因为初始值都是0，所以梯度均匀回传，导致所有w的值都同步更新，没有差别。",
                "The 3 units inside W1, B1 and W2 all have the same values: since all start at 0, the gradient flows back evenly, and "
                    + "all w are updated in step, without a difference."),
            new("001", "为了防止“权重均一化”，必须随机生成初始权重。",
                "To keep the weights from becoming uniform, initial weights must be drawn at random."),
        ],
        """
        <msub><mi>w</mi><mrow><mi>i</mi><mn>1</mn></mrow></msub><mo>=</mo><msub><mi>w</mi><mrow><mi>i</mi><mn>2</mn></mrow>
        </msub><mspace width="1em"/><mo>&#x21D2;</mo><mspace width="1em"/><mfrac><mrow><mo>&#x2202;</mo><mi>L</mi></mrow>
        <mrow><mo>&#x2202;</mo><msub><mi>w</mi><mrow><mi>i</mi><mn>1</mn></mrow></msub></mrow></mfrac><mo>=</mo><mfrac><mrow>
        <mo>&#x2202;</mo><mi>L</mi></mrow><mrow><mo>&#x2202;</mo><msub><mi>w</mi><mrow><mi>i</mi><mn>2</mn></mrow></msub>
        </mrow></mfrac>
        """);

    public override LabText Question => ("Do hidden units that start equal ever become different?", "初始相同的隐藏单元会变得不同吗？");

    public override LabText Method => (
        $"A tanh network with {Units} hidden units learns the two moons, once with all weights of both layers equal (the option start), "
            + $"once "
        + "with a Xavier start; a network with a single hidden unit, started at random, stands beside them. After training, columns of "
            + "the first weight matrix are compared bit by bit.",
        $"含 {Units} 个隐藏单元的 tanh 网络学习 two moons 数据：一次两层权重全部相同（选项 start），一次用 Xavier 初始化；旁边是只有一个隐藏单元的网络。训练后逐位比较第一层权重矩阵的各列。");

    public override LabText Refutation => (
        "A column that differs in a single bit after training, a wide network with equal weights that beats one unit by more than 2 "
            + "points, or a random start that is not 5 points better.",
        "训练后有一列哪怕只差一位；权重相同的宽网络比单个单元高出 2 个百分点以上；或随机初始化没有高出 5 个百分点。");

    public override IReadOnlyList<LabOption> Options =>
        [new("start", "constant(0.5)", ("initializer that is claimed to keep the units equal", "据称使各单元保持相同的初始化方法"))];

    public override void Run(LabContext context)
    {
        context.Plan(2 * context.Seeds.Count);
        Initializer equal = context.Setting<Initializer>("start");
        (Tensor Weights, double Equal, double Random, double One)[] runs = context.OverSeeds(seed =>
        {
            DataSplit data = context.Open("moons", context.Pick(200, 400, 1600), 200, seed);
            (Tensor weights, double wide) = Train(context, data, Units, equal, seed);
            (_, double random) = Train(context, data, Units, Initializer.XavierUniform(), seed);
            (_, double one) = Train(context, data, 1, Initializer.XavierUniform(), seed);
            return (weights, wide, random, one);
        });

        LabFigure same = context.Measure("equal-units", ("share of hidden units equal to the first, to the bit", "与第一个单元逐位相同的隐藏单元所占比例"),
            runs.Select(run => EqualColumns(run.Weights)));
        LabFigure gain = context.Measure("gain-over-one-unit", ("accuracy of equal weights minus that of one unit", "相同权重的正确率减去单个单元的正确率"),
            runs.Select(run => run.Equal - run.One));
        LabFigure random = context.Measure("gain-of-random-start",
            ("accuracy of a random start minus that of equal weights", "随机初始化的正确率减去相同权重的正确率"),
            runs.Select(run => run.Random - run.Equal));
        context.Expect(same, LabRelation.AtLeast, EqualUnits, isEssential: true);
        context.Expect(gain, LabRelation.AtMost, GainOverOneUnit);
        context.Expect(random, LabRelation.AtLeast, GainOfRandomStart);

        float[] trained = runs[0].Weights.ToArray<float>();
        context.Draw(new TablePicture(("First weight matrix after training from equal weights: its columns are the hidden units",
            "从相同权重训练后的第一层权重矩阵：各列是隐藏单元"),
            [("input", "输入"), .. Enumerable.Range(1, Units).Select(unit => (LabText)$"{unit}")],
            [.. Enumerable.Range(0, 2).Select(row => (IReadOnlyList<LabText>)
                [row == 0 ? "x" : "y", .. Enumerable.Range(0, Units)
                    .Select(unit => (LabText)trained[(row * Units) + unit].ToString("g9",
                    System.Globalization.CultureInfo.InvariantCulture))])]));
        context.Draw(new BarPicture(("Accuracy on validation data", "验证集正确率"), new(("accuracy", "正确率")),
        [
            LabBar.Of(("equal weights", "相同权重"), runs.Select(run => run.Equal)),
            LabBar.Of(("one hidden unit", "单个隐藏单元"), runs.Select(run => run.One)),
            LabBar.Of(("random start", "随机初始化"), runs.Select(run => run.Random)),
        ]));
        FromZero(context);
    }

    /// <summary>The example of document 000: one input, three sigmoid units, one output, all weights 0 at the start.</summary>
    private static void FromZero(LabContext context)
    {
        float[] x = [.. Enumerable.Range(0, 50).Select(i => i / 50f)];
        TrainingSet data = new(Dataset.ForRegression(x, [1], [.. x.Select(value => MathF.Sin(2 * MathF.PI * value))]));
        (Dense Hidden, Dense Output)[] runs = context.OverSeeds(seed =>
        {
            Dense hidden = new(1, 3, Activation.Sigmoid, Initializer.Zeros), output = new(3, 1, Activation.None, Initializer.Zeros);
            TrainerOptions options = new()
            {
                Optimizer = new Sgd(0.1),
                Epochs = context.Pick(20, 100, 1000),
                BatchSize = 10,
                Seed = seed,
                Patience = 0,
            };
            context.Fit(new Trainer(new Sequential(hidden, output), data, options));
            return (hidden, output);
        });
        context.Measure("equal-units-from-zero",
            ("share of the units of a 1-3-1 network equal to the first, to the bit, after training from 0",
                "1-3-1 网络从 0 训练后与第一个单元逐位相同的单元所占比例"),
            runs.Select(run => (EqualColumns(run.Hidden.Weight.Value) + EqualColumns(run.Hidden.Bias!.Value.Reshape([1, 3]))
                + EqualColumns(run.Output.Weight.Value.Reshape([1, 3]))) / 3));
        IReadOnlyList<LabText> Row(string name, Tensor values) => [name, .. values.ToArray<float>().Select(value =>
            (LabText)value.ToString("g9", System.Globalization.CultureInfo.InvariantCulture))];
        context.Draw(new TablePicture(("Weights of a 1-3-1 network after training from 0", "1-3-1 网络从 0 训练后的权重"),
            [("weights", "权重"), ("unit 1", "单元 1"), ("unit 2", "单元 2"), ("unit 3", "单元 3")],
            [Row("W₁", runs[0].Hidden.Weight.Value), Row("B₁", runs[0].Hidden.Bias!.Value), Row("W₂", runs[0].Output.Weight.Value)]));
    }

    private static (Tensor Weights, double Accuracy) Train(LabContext context, DataSplit data, int units, Initializer start, ulong seed)
    {
        Dense hidden = new(2, units, Activation.Tanh, start);
        Sequential network = new(hidden, new Dense(units, 2, Activation.None, start));
        TrainerOptions options = new()
        {
            Optimizer = new Adam(0.02),
            Epochs = context.Pick(15, 40, 100),
            BatchSize = 32,
            Seed = seed,
            Patience = 0,
            RestoreBest = false,
        };
        TrainingReport report = context.Fit(new Trainer(network, data.Training, data.Validation, options));
        return (hidden.Weight.Value, report.Epochs[^1].Validation.Accuracy);
    }

    /// <summary>Share of columns of a matrix [inputs, units] that are equal to the first one.</summary>
    private static double EqualColumns(Tensor weights)
    {
        float[] values = weights.ToArray<float>();
        int units = (int)weights.Shape[1], rows = (int)weights.Shape[0];
        return Enumerable.Range(0, units).Average(unit =>
            Enumerable.Range(0, rows).All(row => values[(row * units) + unit].Equals(values[row * units])) ? 1.0 : 0);
    }
}
