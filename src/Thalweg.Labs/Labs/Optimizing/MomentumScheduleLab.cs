using Thalweg.Data;
using Thalweg.Optimizers;
using Thalweg.Schedules;
using Thalweg.Training;

namespace Thalweg.Labs.Optimizing;

/// <summary>Momentum is often raised from a small start; its schedule matters less than that of the rate.</summary>
internal sealed class MomentumScheduleLab : Lab
{
    /// <summary>Spread of the final loss over schedules of the rate, over its spread over schedules of momentum, at least.</summary>
    public const double RateOverMomentum = 1;

    private static readonly string[] s_rates = ["constant", "linear", "cosine", "inverse_time", "step"];

    private static readonly string[] s_momenta = ["0.5", "0.9", "0.5 to 0.9", "0 to 0.9", "0.9 to 0.5"];

    public override string Name => "momentum-schedule";

    public override LabClaim Claim => new(
        ("Momentum is often raised over time from a small start; its schedule matters less than that of the rate.",
            "动量一般从较小的值开始逐渐变大；调整动量没有收缩学习率重要。"),
        ["003"],
        [
            new("003", "和学习率一样， alpha 也会随着时间不断地调整。一开始取比较小的值，逐渐变大，随着训练的深入，调整 alpha 没有收缩 epsilon 重要。",
                "Like the rate, alpha may be adapted over time. It starts small and is raised; as training goes on, adapting alpha "
                    + "matters less than shrinking epsilon."),
        ],
        "<mi>v</mi><mo>&#x2190;</mo><mi>&#x3B1;</mi><mo>(</mo><mi>t</mi><mo>)</mo><mi>v</mi><mo>-</mo><mi>&#x3B5;</mi><mo>(</mo><mi>t</mi>"
            + "<mo>)</mo><mi>g</mi>");

    public override LabText Question => ("Which schedule deserves the work: that of the rate or "
        + "that of momentum?", "值得花功夫的是学习率的安排还是动量的安排？");

    public override LabText Method => (
        "A ReLU network 784-32-10 on 1000 glyphs with a tenth of the labels wrong, batches of 25: five schedules of the rate (constant, "
            + "linear, cosine, inverse time, "
        + "step) times five of momentum (0.5, 0.9, linear from 0.5 or 0 to 0.9, from 0.9 down to 0.5). The rate is divided by the mean of "
        + "1/(1 - momentum), so that all "
        + "combinations take steps of alike size. Validation loss at the end; deviation over schedules of the rate (mean over momentum) "
        + "over that over schedules of momentum.",
        "784-32-10 的 ReLU 网络，1000 幅 glyphs，十分之一的标签错误，批量 25：五种学习率安排（常数、线性、余弦、反比、阶梯）乘以五种动量安排（0.5、0.9、由 0.5 或 0 线性升到 0.9、由 0.9 降到 0.5）。"
        + "学习率除以 1/(1-动量) 的平均值，使各组合步长相近。比较最终验证损失在学习率安排之间与在动量安排之间的标准差之比。");

    public override LabText Refutation => (
        $"A spread over schedules of momentum that is larger than that over schedules of the rate.",
        $"动量安排之间的差异大于学习率安排之间的差异。");

    public override IReadOnlyList<LabOption> Options =>
        [new("rates", string.Join(' ', s_rates), ("schedules of the rate, with spaces between", "学习率安排，以空格分隔"))];

    public override void Run(LabContext context)
    {
        string[] names = context.Option("rates").Split(' ');
        int steps = context.Pick(120, 400, 3000);
        double[][][] losses = context.OverSeeds(seed => names.Select(rate =>
            s_momenta.Select(momentum => Train(context, rate, momentum, steps, seed)).ToArray()).ToArray());
        LabFigure spread = context.Measure("rate-over-momentum", ("spread over rates over spread over momentum", "学习率安排与动量安排的差异之比"),
            losses.Select(table => Spread(Transpose(table)) / Spread(table)), LabScale.Logarithmic);
        context.Measure("rising-over-constant", ("loss, momentum 0.5 to 0.9 over 0.9", "损失之比：动量 0.5 升到 0.9 / 恒为 0.9"),
            losses.Select(table => Math.Exp(table.Average(row => Math.Log(row[2] / row[1])))), LabScale.Logarithmic);
        context.Expect(spread, LabRelation.AtLeast, RateOverMomentum, isEssential: true);
        context.Draw(new HeatMapPicture(
            ("Validation loss at the end", "最终验证损失"), ("rate", "学习率"), ("momentum", "动量"), [.. names.Select(name => (LabText)name)],
                [.. s_momenta.Select(name => (LabText)name)],
            [.. names.Select((_, row) => (IReadOnlyList<double>)[.. s_momenta.Select((_, column) =>
                losses.Average(table => table[row][column]))])]));
    }

    private static double Train(LabContext context, string rate, string momentum, int steps, ulong seed)
    {
        DataSplit data = context.Open("glyphs", context.Pick(300, 1000, 5000), context.Pick(300, 300, 1000), seed);
        double[] ends = [.. momentum.Split(" to ").Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
        Hyperparameter mu = ends.Length == 1 ? ends[0] : new LinearSchedule(ends[0], steps) { End = ends[1] };
        double start = 0.3 / Enumerable.Range(0, steps).Average(step => 1 / (1 - mu.At(step)));
        Hyperparameter falling = rate switch
        {
            "constant" => start,
            "linear" => new LinearSchedule(start, steps) { End = start / 100 },
            "cosine" => new CosineSchedule(start, steps),
            "inverse_time" => new InverseTimeSchedule(start, 20.0 / steps),
            "step" => new StepSchedule(start, Math.Max(1, steps / 3)),
            _ => Settings.Parse<Schedule>(rate),
        };
        Trainer trainer = new(
            LabNetworks.Mlp(Activation.Relu, 784, 32, 10), new TrainingSet(LabNetworks.Mislabel(data.Training.Data, 0.1, seed)),
            LabNetworks.Steps(new Momentum(falling) { Mu = mu }, 25, steps, seed));
        context.Fit(trainer);
        return LabNetworks.Evaluate(trainer.Module, data.Validation.Data).Loss;
    }

    /// <summary>The deviation of the logarithm within rows, as a mean over the rows; what is less than a millionth is rounding.</summary>
    private static double Spread(double[][] table) => 1e-6 + table.Average(row =>
    {
        double mean = row.Average(loss => Math.Log(loss));
        return Math.Sqrt(row.Sum(loss => Math.Pow(Math.Log(loss) - mean, 2)) / (row.Length - 1));
    });

    private static double[][] Transpose(double[][] table) =>
        [.. table[0].Select((_, column) => table.Select(row => row[column]).ToArray())];
}
