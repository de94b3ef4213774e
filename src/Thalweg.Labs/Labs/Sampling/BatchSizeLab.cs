using Thalweg.Data;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Sampling;

/// <summary>Large batches: a better direction, with less than linear return; small ones: noise that regularizes; too large: slow per
/// epoch.</summary>
internal sealed class BatchSizeLab : Lab
{
    /// <summary>Exponent of the updates to the target against the batch size: below 0, above -1 (less than linear).</summary>
    public const double Falls = -0.05, LessThanLinear = -1;

    /// <summary>Samples to the target of the largest batch over those of the batch that needs the fewest, at least.</summary>
    public const double SamplesOfLargest = 2;

    /// <summary>Exponent of the validation loss at the target against the batch size, at least: noise regularizes. 0.05 is a quarter more
    /// loss with 512 samples than with 4.</summary>
    public const double Regularizes = 0.05;

    public override string Name => "batch-size";

    public override LabClaim Claim => new(
        ("Large batches give a better direction with less than linear return; small ones give noise that regularizes; too large ones are "
            + "slow per epoch.",
            "更大的批量方向更准，但回报低于线性；小批量引入噪声，具有正则化效果；过大的批量使每个 epoch 进展缓慢。"),
        ["003", "004"],
        [
            new("003", "更大批量产生更精准梯度，但是回报低于线性", "Larger batches give more precise gradients, but with less than linear return."),
            new("003", "小批量引入噪声，具有正则化的效果", "Small batches bring in noise, which has a regularizing effect."),
            new("004", "跑完一次 epoch（全数据集）所需的迭代次数减少，要想达到相同的精度，其所花费的时间大大增加了，从而对参数的修正也就显得更加缓慢。",
                "An epoch takes fewer iterations; reaching the same accuracy takes far more time, and the parameters are "
                    + "corrected more slowly."),
        ],
        "<mi>N</mi><mo>(</mo><mi>B</mi><mo>)</mo><mo>&#x221D;</mo><msup><mi>B</mi><mi>p</mi></msup><mo>,</mo><mspace "
            + "width='1em'/><mo>-</mo><mn>1</mn><mo>&lt;</mo><mi>p</mi><mo>&lt;</mo><mn>0</mn>");

    public override LabText Question => ("How large should a batch be?", "批量应该多大？");

    public override LabText Method => (
        "A ReLU network 784-32-10 on glyphs (Fashion-MNIST and MNIST in full mode); batches of 4 to 512, SGD with the best of three rates "
            + "for each size and seed. Updates and samples until the "
        + "training loss is 0.3; exponents of the updates and of the validation loss at that moment against the batch size. A run that "
        + "does not get there counts with its bound.",
        "784-32-10 的 ReLU 网络，glyphs（完整模式另有 Fashion-MNIST 与 MNIST）；批量 4 到 512，每个批量与种子取三个学习率中最好的。记录训练损失降到 0.3 所需的更新次数与样本数，"
            + "拟合更新次数以及此时的验证损失对批量的指数。");

    public override LabText Refutation => (
        $"Updates that do not fall with the batch size, or fall as 1/B or faster; a largest batch that needs less than {SamplesOfLargest} "
            + $"times the fewest samples; or a validation loss whose exponent against the batch size is below {Regularizes}.",
        $"更新次数不随批量下降，或按 1/B 甚至更快下降；最大批量所需样本不到最少者的 {SamplesOfLargest} 倍；或验证损失对批量的指数低于 {Regularizes}。");

    public override IReadOnlyList<LabOption> Options =>
        [new("sizes", "4 16 64 256 512", ("batch sizes, with spaces between", "批量大小，以空格分隔"))];

    public override void Run(LabContext context)
    {
        int[] sizes = [.. context.Option("sizes").Split(' ')
            .Select(size => int.Parse(size, System.Globalization.CultureInfo.InvariantCulture))];
        foreach (LabData set in context.Images(context.Pick(600, 1024, 8192), context.Pick(300, 800, 2000)))
        {
            var runs = context.OverSeeds(seed =>
            {
                DataSplit data = set.Split(seed);
                return sizes.Select(size => ((double[])[0.05, 0.2, 0.8]).Select(rate => Train(context, data, size, rate, seed))
                    .MinBy(run => run.Updates)).ToArray();
            });
            double[] x = [.. sizes.Select(size => (double)size)];
            LabFigure exponent = context.Measure($"exponent-{set.Name}", ($"exponent of the updates against the batch "
                + $"size, {set.Name}", $"更新次数对批量的指数，{set.Name}"),
                runs.Select(run => LabMath.Exponent(x, [.. run.Select(each => (double)each.Updates)])));
            LabFigure samples = context.Measure($"samples-{set.Name}", ($"samples of the largest batch over the "
                + $"fewest, {set.Name}", $"最大批量与最少样本数之比，{set.Name}"),
                runs.Select(run => run[^1].Updates * x[^1] / run.Select((each, i) => each.Updates * x[i]).Min()), LabScale.Logarithmic);
            LabFigure gap = context.Measure($"validation-{set.Name}", ($"exponent of the validation loss at the "
                + $"target, {set.Name}", $"达到目标时验证损失的指数，{set.Name}"),
                runs.Select(run => LabMath.Exponent(x, [.. run.Select(each => each.Loss)])));
            context.Expect(exponent, LabRelation.AtMost, Falls, isEssential: true);
            context.Expect(exponent, LabRelation.AtLeast, LessThanLinear, isEssential: true);
            context.Expect(samples, LabRelation.AtLeast, SamplesOfLargest);
            context.Expect(gap, LabRelation.AtLeast, Regularizes);
            context.Draw(new LinePicture(
                ($"Updates and samples to the "
                    + $"target, {set.Name}", $"达到目标所需的更新次数与样本数，{set.Name}"), new(("batch size", "批量"), LabScale.Logarithmic),
                        new(("count", "次数"), LabScale.Logarithmic),
                [
                    LabSeries.Of(("updates", "更新次数"), x, [.. runs.Select(run => run.Select(each => (double)each.Updates).ToArray())],
                        LabScale.Logarithmic),
                    LabSeries.Of(("samples", "样本数"), x, [.. runs.Select(run => run.Select((each, i) => each.Updates * x[i]).ToArray())],
                        LabScale.Logarithmic),
                    new(("linear return", "线性回报"), x, [.. x.Select(size => runs[0][0].Updates * x[0] / size)]) { IsDashed = true },
                ]));
        }
    }

    private static (long Updates, double Loss) Train(LabContext context, DataSplit data, int batch, double rate, ulong seed)
    {
        const double Target = 0.3;
        int steps = Math.Max(context.Pick(40, 80, 400), context.Pick(2000, 5000, 60_000) / batch);
        Trainer trainer = new(
            LabNetworks.Mlp(Activation.Relu, 784, 32, data.Training.Data.ClassNames.Count), data.Training,
                LabNetworks.Steps(new Sgd(rate), batch, steps, seed));
        Dataset judged = LabNetworks.Take(data.Training.Data, [.. Enumerable.Range(0, Math.Min(256, data.Training.Data.Count))]);
        long updates = context.UpdatesTo(trainer, judged, Target, Math.Max(1, 128 / batch));
        return (updates, LabNetworks.Evaluate(trainer.Module, data.Validation.Data).Loss);
    }
}
