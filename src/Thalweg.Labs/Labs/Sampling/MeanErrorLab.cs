using Thalweg.Data;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Sampling;

/// <summary>The error of a mean gradient falls as 1/sqrt(n).</summary>
internal sealed class MeanErrorLab : Lab
{
    /// <summary>Exponent of the error against the number of samples: -0.5 within this.</summary>
    public const double Tolerance = 0.05;

    /// <summary>Error of one sample over that of 100, at least and at most: 10 but for what the exponent may err.</summary>
    public const double FewestTimes = 7.9, MostTimes = 12.6;

    public override string Name => "mean-error";

    public override LabClaim Claim => new(
        ("The error of a mean gradient falls as 1/√n: 100 times the data, 10 times the precision.",
            "平均梯度的误差按 1/√n 下降：数据增加 100 倍，精度只提高 10 倍。"),
        ["003"],
        [
            new("003", "这个公式表明，当样本量增大100倍时，相应地只能得到10倍的误差减小，也就是说回报是低于线性的。",
                "The formula shows: 100 times the samples reduce the error by 10 times only; the return is less than linear."),
        ],
        "<mi>SE</mi><mo>(</mo><msub><mover><mi>&#x3BC;</mi><mo>^</mo></mover><mi>n</mi></msub><mo>)</mo><mo>=</mo><mfrac><mi>&#x3C3;</mi>"
            + "<msqrt><mi>n</mi></msqrt></mfrac>");

    public override LabText Question => ("What do more samples in a batch buy?", "批量中更多的样本能换来什么？");

    public override LabText Method => (
        "A ReLU network 784-32-10 on glyphs (Fashion-MNIST and MNIST in full mode), at its start and after 100 updates: batches of 1 to "
            + "100 samples in the order "
        + "of the sampler, out of data sorted by class; root of the mean squared distance of the batch's gradient from that "
        + "of all samples.",
        "784-32-10 的 ReLU 网络，glyphs（完整模式另有 Fashion-MNIST 与 MNIST），初始时与 100 次更新后：数据按类别排序，按采样器的顺序取 1 到 100 个样本的批量；计算批量梯度与全体梯度之间的均方根距离。");

    public override LabText Refutation => (
        $"An exponent that is not -0.5 within {Tolerance}, or an error that 100 samples do not reduce 10 times ({FewestTimes} to "
            + $"{MostTimes}).",
        $"指数与 -0.5 相差超过 {Tolerance}，或 100 个样本没有使误差降低 10 倍（{FewestTimes} 到 {MostTimes}）。");

    public override IReadOnlyList<LabOption> Options => [new("sampler", "shuffled", ("sampler of the batches", "批量的采样器"))];

    public override void Run(LabContext context)
    {
        int[] sizes = [1, 3, 10, 30, 100];
        foreach (LabData set in context.Images(context.Pick(1000, 4000, 20_000), 50))
        {
            double[][][] errors = context.OverSeeds(seed => Measure(context, set.Split(seed).Training.Data, sizes, seed));
            string[] moments = ["start", "trained"];
            double[] x = [.. sizes.Select(size => (double)size)];
            for (int moment = 0; moment < 2; moment++)
            {
                int at = moment;
                LabFigure exponent = context.Measure($"exponent-{moments[at]}-{set.Name}",
                    ($"exponent, {moments[at]}, {set.Name}", $"指数，{(at == 0 ? "初始" : "训练后")}，{set.Name}"),
                    errors.Select(seed => LabMath.Exponent(x, seed[at])));
                LabFigure times = context.Measure($"times-{moments[at]}-{set.Name}", ($"error of 1 sample over that of 100, "
                    + $"{moments[at]}, {set.Name}", $"1 个与 100 个样本的误差之比，{(at == 0 ? "初始" : "训练后")}，{set.Name}"),
                    errors.Select(seed => seed[at][0] / seed[at][^1]));
                context.Expect(exponent, LabRelation.AtLeast, -0.5 - Tolerance, isEssential: true);
                context.Expect(exponent, LabRelation.AtMost, -0.5 + Tolerance, isEssential: true);
                context.Expect(times, LabRelation.AtLeast, FewestTimes);
                context.Expect(times, LabRelation.AtMost, MostTimes);
            }

            context.Draw(new LinePicture(
                ($"Distance of a batch's gradient from that of all samples, {set.Name}", $"批量梯度与全体梯度的距离，{set.Name}"),
                new(("samples n", "样本数 n"), LabScale.Logarithmic),
                    new(("error over that of one sample", "与单个样本误差之比"), LabScale.Logarithmic),
                [
                    .. moments.Select((name, i) => LabSeries.Of((name, i == 0 ? "初始" : "训练后"), x,
                        [.. errors.Select(seed => seed[i].Select(each => each / seed[i][0]).ToArray())], LabScale.Logarithmic)),
                    new("1/√n", x, [.. x.Select(n => 1 / Math.Sqrt(n))]) { IsDashed = true },
                ]));
        }
    }

    /// <summary>Errors: [start, trained][sizes].</summary>
    private static double[][] Measure(LabContext context, Dataset data, int[] sizes, ulong seed)
    {
        Dataset sorted = LabNetworks.Sorted(data);
        Trainer trainer = new(LabNetworks.Mlp(Activation.Relu, 784, 32, data.ClassNames.Count), new TrainingSet(sorted),
            LabNetworks.Steps(new Sgd(0.1), 50, 100, seed));
        double[] start = Errors(context, trainer, sorted, sizes, seed);
        context.Fit(trainer);
        return [start, Errors(context, trainer, sorted, sizes, seed)];
    }

    private static double[] Errors(LabContext context, Trainer trainer, Dataset data, int[] sizes, ulong seed)
    {
        int draws = context.Pick(20, 150, 300);
        Sampler sampler = context.Setting<Sampler>("sampler");
        TrainingProbe probe = trainer.NewProbe(data.Count);
        Tensor all = Tensor.Zeros(trainer.Parameters.Values.Shape), one = Tensor.Zeros(trainer.Parameters.Values.Shape);
        probe.Begin([.. Enumerable.Range(0, data.Count)], 0);
        probe.Gradient(all);
        int[] order = new int[data.Count];
        double[] errors = new double[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            double square = 0;
            for (int draw = 0; draw < draws; draw++)
            {
                // Each draw begins a new epoch: batches of one epoch share no sample, and would be more even than independent ones.
                sampler.Fill(new SamplerContext(data, seed, (i * draws) + draw, sizes[i]), order);
                probe.Begin(order.AsSpan(0, sizes[i]), 0);
                probe.Gradient(one);
                square += (one - all).Square().Sum().Item() / draws;
            }

            errors[i] = Math.Sqrt(square);
        }

        return errors;
    }
}
