using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Normalization;

/// <summary>With batch normalization the scale of the starting weights matters less.</summary>
internal sealed class BatchNormInitLab : Lab
{
    /// <summary>Scales of sixteen at which the network trains, with batch normalization minus without, at least.</summary>
    public const double MoreScales = 3;

    /// <summary>Mean over the scales of the final loss above the least one, with batch normalization over without, at most.</summary>
    public const double Dependence = 0.7;

    private const double Trained = 1;

    /// <summary>Loss of the trivial answer: what a run that learned nothing, or diverged, counts as.</summary>
    private static readonly double s_trivial = Math.Log(10);

    private const int Scales = 16;

    public override string Name => "batchnorm-init";

    public override LabClaim Claim => new(
        ("Batch normalization lessens the dependence on the initial weights.", "批量归一化减少对初始权重的依赖。"),
        ["000", "002"],
        [
            new("000", "一个不太幸运的初始化，可能会造成网络训练实际很长，甚至不收敛。",
                "An unlucky start can make training very long, or keep it from converging at all."),
            new("002", "不那么依赖初始值(对初始值不敏感)；", "It depends less on the initial values (is not sensitive to them)."),
        ],
        """
        <mi>BN</mi><mo>(</mo><mi>a</mi><mi>W</mi><mi>x</mi><mo>)</mo><mo>=</mo><mi>BN</mi><mo>(</mo><mi>W</mi><mi>x</mi>
        <mo>)</mo>
        """);

    public override LabText Question => ("How much does the scale of the starting weights matter with batch normalization?",
        "使用批量归一化时，初始权重的范围还有多重要？");

    public override LabText Method => (
        $"Networks with 3 hidden layers of ReLU units learn glyphs by SGD from weights of N(0, s²), {Scales} values of s from 0.0001 to "
            + $"10, with and without batch normalization. Counted are the scales at which the training loss ends below {Trained}; what "
            + $"the loss exceeds the least one by, as a mean over the scales, is the dependence.",
        $"含 3 个 ReLU 隐藏层的网络以 SGD 学习字形图像，权重取 N(0, s²)，s 从 0.0001 到 10 取 {Scales} 个值，有或没有批量归一化。统计训练损失最终低于 {Trained} 的 s 的个数；各 s 的损失"
            + $"高出最小损失的平均值即为依赖程度。");

    public override LabText Refutation => (
        $"Fewer than {MoreScales} scales more at which the network trains, or a dependence above {Dependence} of that without.",
            $"能训练的范围只多出不到 {MoreScales} 个，或依赖程度超过不使用时的 {Dependence} 倍。");

    public override IReadOnlyList<LabOption> Options =>
        [new("normalization", "batch", ("normalization under test: batch or none", "被检验的归一化：batch 或 none"))];

    public override void Run(LabContext context)
    {
        double[] scales = [.. Enumerable.Range(0, Scales).Select(i => 1e-4 * Math.Pow(1e5, i / (Scales - 1.0)))];
        Func<int, Module>? normalization = context.Option("normalization") == "batch" ? units => new BatchNorm1d(units) : null;
        context.Plan(2 * Scales * context.Seeds.Count);
        double[][] with = [.. scales.Select(scale => context.OverSeeds(seed => Train(context, scale, normalization, seed)))];
        double[][] without = [.. scales.Select(scale => context.OverSeeds(seed => Train(context, scale, null, seed)))];
        int[] seeds = [.. Enumerable.Range(0, context.Seeds.Count)];
        LabFigure more = context.Measure("more-scales",
            ("scales at which the network trains, with batch normalization minus without", "能训练的范围个数之差（有减无）"),
            seeds.Select(seed => (double)(with.Count(at => at[seed] < Trained) - without.Count(at => at[seed] < Trained))));
        LabFigure dependence = context.Measure("dependence",
            ("mean over the scales of the loss above the least one, with over without", "各范围的损失高出最小损失的平均值之比（有/无）"),
            seeds.Select(seed => Excess(with, seed) / Excess(without, seed)), LabScale.Logarithmic);
        context.Expect(more, LabRelation.AtLeast, MoreScales, isEssential: true);
        context.Expect(dependence, LabRelation.AtMost, Dependence);
        context.Draw(new LinePicture(("Final training loss against the scale of the starting weights", "最终训练损失与初始权重范围的关系"),
            new(("scale s", "范围 s"), LabScale.Logarithmic), new(("loss", "损失"), LabScale.Logarithmic),
            [Line(("batch normalization", "批量归一化"), scales, with), Line(("none", "无"), scales, without)]));
    }

    private static double Excess(double[][] losses, int seed) => losses.Average(at => at[seed]) - losses.Min(at => at[seed]);

    private static LabSeries Line(LabText name, double[] scales, double[][] losses) => LabSeries.Of(
        name, scales, [.. Enumerable.Range(0, losses[0].Length)
            .Select(seed => (IReadOnlyList<double>)[.. losses.Select(at => at[seed])])], LabScale.Logarithmic);

    private static double Train(LabContext context, double scale, Func<int, Module>? normalization, ulong seed)
    {
        DataSplit data = context.Open("glyphs", context.Pick(150, 300, 4000), 100, seed);
        TrainerOptions options = new()
        {
            Optimizer = new Sgd(0.1),
            Epochs = context.Pick(6, 8, 10),
            BatchSize = 32,
            Seed = seed,
            Patience = 0,
            EvaluateEvery = 1000
        };
        return context.Fit(new Trainer(Networks.Mlp(data.Training.Data, 3, 32, Activation.Relu, Initializer.Normal(scale),
            normalization), data.Training, options)).FinalLoss(s_trivial);
    }
}
