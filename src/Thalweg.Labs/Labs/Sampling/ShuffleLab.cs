using Thalweg.Data;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Sampling;

/// <summary>Batches must be random: sorted data bias the gradient; shuffling once is enough in practice.</summary>
internal sealed class ShuffleLab : Lab
{
    /// <summary>Validation error with sorted data minus that with a new order for each epoch, at least.</summary>
    public const double CostOfSorting = 0.1;

    /// <summary>Validation error with one shuffle minus that with a new order for each epoch, at most.</summary>
    public const double CostOfOneShuffle = 0.02;

    public override string Name => "shuffle";

    public override LabClaim Claim => new(
        ("Batches must be random: sorted data bias the gradient; shuffling once is enough in practice.",
            "小批量必须随机抽取：排序的数据使梯度有偏；实践中打乱一次就够了。"),
        ["003"],
        [
            new("003", "小批量是随机抽取的这一点非常重要，以防连续遍历时数据之间的相关性导致梯度估计的相关性。",
                "It is very important that mini-batches are drawn at random, lest correlation between successive data correlate the "
                    + "estimates of the gradient."),
            new("003", "通常的做法是在训练之前，将数据随机打乱一次后，再按照顺序一直往下取 minibatch 就可以了。",
                "Usually it suffices to shuffle the data once before training, and then to take mini-batches in order."),
        ],
        "<mi>E</mi><mo>[</mo><mover><mi>g</mi><mo>^</mo></mover><mo>]</mo><mo>=</mo><mo>&#x2207;</mo><mi>J</mi><mo>(</mo><mi>"
            + "&#x3B8;</mi><mo>)</mo>");

    public override LabText Question => ("Must data be shuffled, and how often?", "数据需要打乱吗？多久一次？");

    public override LabText Method => (
        "A ReLU network 784-32-10 on glyphs (Fashion-MNIST and MNIST in full mode), SGD 0.1, batches of 20, six passes over data that are "
            + "sorted by class, "
        + "shuffled once, or put into a new order for each pass (option every). Error on validation data at the end.",
        "784-32-10 的 ReLU 网络，glyphs（完整模式另有 Fashion-MNIST 与 MNIST），SGD 0.1，批量 20，遍历六遍：数据按类别排序、只打乱一次、或每遍重新打乱（选项 every）。比较最终验证错误率。");

    public override LabText Refutation => (
        $"Sorted data that cost less than {CostOfSorting}, or one shuffle that costs more than {CostOfOneShuffle} in validation error.",
        $"排序数据的代价小于 {CostOfSorting}，或只打乱一次的代价大于 {CostOfOneShuffle}（验证错误率）。");

    public override IReadOnlyList<LabOption> Options => [new("every", "shuffled", ("sampler that draws a new order "
        + "for each epoch", "每遍重新打乱的采样器"))];

    public override void Run(LabContext context)
    {
        foreach (LabData set in context.Images(context.Pick(600, 1500, 10_000), context.Pick(200, 500, 2000)))
        {
            var runs = context.OverSeeds(seed =>
            {
                DataSplit data = set.Split(seed);
                Dataset sorted = LabNetworks.Sorted(data.Training.Data);
                int[] order = [.. Enumerable.Range(0, sorted.Count)];
                new RandomStream(seed, RandomPurpose.Shuffle).Shuffle<int>(order);
                return (
                    Sorted: Train(context, sorted, data.Validation.Data, new SequentialSampler(), seed),
                    Once: Train(context, LabNetworks.Take(sorted, order), data.Validation.Data, new SequentialSampler(), seed),
                    Every: Train(context, sorted, data.Validation.Data, context.Setting<Sampler>("every"), seed));
            });
            LabFigure sorting = context.Measure($"sorted-{set.Name}", ($"error, sorted minus a new order for each "
                + $"pass, {set.Name}", $"错误率之差：排序 - 每遍打乱，{set.Name}"), runs.Select(run => run.Sorted - run.Every));
            LabFigure once = context.Measure($"once-{set.Name}", ($"error, shuffled once minus a new order for each "
                + $"pass, {set.Name}", $"错误率之差：打乱一次 - 每遍打乱，{set.Name}"), runs.Select(run => run.Once - run.Every));
            context.Expect(sorting, LabRelation.AtLeast, CostOfSorting, isEssential: true);
            context.Expect(once, LabRelation.AtMost, CostOfOneShuffle);
            context.Draw(new BarPicture(($"Validation error, {set.Name}", $"验证错误率，{set.Name}"), new(("error", "错误率")),
            [
                LabBar.Of(("sorted by class", "按类别排序"), runs.Select(run => run.Sorted)),
                    LabBar.Of(("shuffled once", "打乱一次"), runs.Select(run => run.Once)),
                LabBar.Of(("a new order for each pass", "每遍打乱"), runs.Select(run => run.Every)),
            ]));
        }
    }

    private static double Train(LabContext context, Dataset training, Dataset held, Sampler sampler, ulong seed)
    {
        const int Batch = 20, Passes = 6;
        Trainer trainer = new(
            LabNetworks.Mlp(Activation.Relu, 784, 32, training.ClassNames.Count), new TrainingSet(training),
            LabNetworks.Steps(new Sgd(0.1), Batch, Passes * (training.Count / Batch), seed) with { Sampler = sampler });
        context.Fit(trainer);
        return 1 - LabNetworks.Evaluate(trainer.Module, held).Accuracy;
    }
}
