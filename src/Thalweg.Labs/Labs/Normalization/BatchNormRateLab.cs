using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Normalization;

/// <summary>Batch normalization trains at rates at which the same network without it does not.</summary>
internal sealed class BatchNormRateLab : Lab
{
    /// <summary>Largest rate that still trains with batch normalization over that without, at least.</summary>
    public const double RateRatio = 3;

    /// <summary>Training loss below which a run counts as one that trains; that of the trivial answer is 2.3.</summary>
    public const double Trained = 1;

    public override string Name => "batchnorm-rate";

    public override LabClaim Claim => new(
        ("Batch normalization allows larger learning rates.", "批量归一化允许使用更大的学习率。"),
        ["000", "002"],
        [
            new("000", "可以选择比较大的初始学习率，让你的训练速度提高。", "You can choose a rather large learning rate at the start, which speeds up training."),
            new("002", "可以使学习快速进行(可以增大学习率)；", "It makes learning fast (the learning rate can be raised)."),
        ],
        """
        <mover><mi>x</mi><mo>&#x5E;</mo></mover><mo>=</mo><mfrac><mrow><mi>x</mi><mo>&#x2212;</mo><msub><mi>&#x3BC;</mi>
        <mi>B</mi></msub></mrow><msqrt><mrow><msubsup><mi>&#x3C3;</mi><mi>B</mi><mn>2</mn></msubsup><mo>+</mo><mi>&#x3B5;</mi>
        </mrow></msqrt></mfrac>
        """);

    public override LabText Question => ("Does batch normalization stand larger learning rates?", "批量归一化能承受更大的学习率吗？");

    public override LabText Method => (
        "Networks with 3 hidden layers of ReLU units learn glyphs by SGD at rates from 0.02 to 20, with and without a normalization "
            + "between x W + b and ReLU. The largest rate at which the training loss ends below 1 is noted for each seed.",
        "含 3 个 ReLU 隐藏层的网络以 SGD 学习字形图像，学习率从 0.02 到 20，在 x W + b 与 ReLU 之间有或没有归一化。对每个种子记录训练损失最终低于 1 的最大学习率。");

    public override LabText Refutation => ($"A largest rate with batch normalization less than {RateRatio} times that without.",
        $"使用批量归一化时的最大学习率不到不使用时的 {RateRatio} 倍。");

    public override IReadOnlyList<LabOption> Options =>
        [new("normalization", "batch", ("normalization under test: batch, layer or none", "被检验的归一化：batch、layer 或 none"))];

    public override void Run(LabContext context)
    {
        double[] rates = [.. Enumerable.Range(0, context.Pick(6, 11, 16))
            .Select(i => 0.02 * Math.Pow(1000, i / (context.Pick(6, 11, 16) - 1.0)))];
        Func<int, Module>? normalization = context.Option("normalization") switch
        {
            "batch" => units => new BatchNorm1d(units),
            "layer" => units => new Layers.LayerNorm([units]),
            _ => null,
        };
        context.Plan(2 * rates.Length * context.Seeds.Count);
        double[][] with = [.. rates.Select(rate => context.OverSeeds(seed => Train(context, rate, normalization, seed)))];
        double[][] without = [.. rates.Select(rate => context.OverSeeds(seed => Train(context, rate, null, seed)))];
        LabFigure ratio = context.Measure("rate-ratio",
            ("largest rate that trains, with batch normalization over without", "能训练的最大学习率之比（有/无批量归一化）"),
            Enumerable.Range(0, context.Seeds.Count).Select(seed => Largest(rates, with, seed) / Largest(rates, without, seed)),
                LabScale.Logarithmic);
        context.Expect(ratio, LabRelation.AtLeast, RateRatio, isEssential: true);
        context.Draw(new LinePicture(("Final training loss against the learning rate", "最终训练损失与学习率的关系"),
            new(("learning rate", "学习率"), LabScale.Logarithmic), new(("loss", "损失"), LabScale.Logarithmic),
            [Line(("batch normalization", "批量归一化"), rates, with), Line(("none", "无"), rates, without)]));
    }

    private static LabSeries Line(LabText name, double[] rates, double[][] losses) => LabSeries.Of(
        name, rates, [.. Enumerable.Range(0, losses[0].Length)
            .Select(seed => (IReadOnlyList<double>)[.. losses.Select(at => at[seed])])], LabScale.Logarithmic);

    /// <summary>The largest rate that trains; half of the least where none does.</summary>
    private static double Largest(double[] rates, double[][] losses, int seed) =>
        Enumerable.Range(0, rates.Length).Where(i => losses[i][seed] < Trained).Select(i => rates[i]).DefaultIfEmpty(rates[0] / 2).Max();

    private static double Train(LabContext context, double rate, Func<int, Module>? normalization, ulong seed)
    {
        DataSplit data = context.Open("glyphs", context.Pick(200, 400, 4000), 100, seed);
        TrainerOptions options = new()
        {
            Optimizer = new Sgd(rate),
            Epochs = context.Pick(6, 8, 10),
            BatchSize = 32,
            Seed = seed,
            Patience = 0,
            EvaluateEvery = 1000
        };
        return context.Fit(new Trainer(Networks.Mlp(data.Training.Data, 3, 32, Activation.Relu, Initializer.HeNormal(), normalization),
            data.Training, options)).FinalLoss(10);
    }
}
