using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Choosing;

/// <summary>What a network of the least size seldom finds, a larger one finds easily.</summary>
internal sealed class LargerNetworkLab : Lab
{
    /// <summary>Share of starts of the widest network that reach the target, at least.</summary>
    public const double ShareOfWidest = 0.9;

    /// <summary>Share of starts of the narrowest network that could, at most.</summary>
    public const double ShareOfNarrowest = 0.6;

    /// <summary>Updates that the narrowest network takes over those of the widest, at least.</summary>
    public const double UpdateRatio = 2;

    public override string Name => "larger-network";

    public override LabClaim Claim => new(
        ("A solution that a network of given size hardly finds is easy to find with a larger one.", "给定规模的网络难以找到的解，更大的网络很容易找到。"),
        ["003"],
        [new("003", "寻找一个给定规模的网络的可行解是困难的，但在现实情况中，我们可以通过选择更大的网络，设置更多的参数，轻松找到可以接受的解。",
            "To find a feasible solution for a network of given size is hard; but in reality, an acceptable solution is found easily by "
                + "choosing a larger network, with more parameters.")],
        """
        <mi>P</mi><mo>(</mo><munder><mi>min</mi><mi>t</mi></munder><mi>L</mi><mo>(</mo><msub><mi>&#x3B8;</mi><mi>t</mi></msub>
        <mo>)</mo><mo>&#x2264;</mo><msup><mi>L</mi><mo>*</mo></msup><mo>)</mo>
        """);

    public override LabText Question => ("Is a larger network easier to train?", "更大的网络更容易训练吗？");

    public override LabText Method => (
        "Networks of 4 to 48 hidden tanh units, from many random starts each, are to tell by Adam on the full batch whether four signs "
            + "have an even product. Four units suffice. Counted are the starts that reach a loss of 0.1, and the updates until then.",
        "含 4 到 48 个 tanh 隐藏单元的网络各从多个随机初值出发，用全批量 Adam 学习四个正负号之积的奇偶。四个单元就足够了。统计损失降到 0.1 的初值个数，以及所需的更新次数。");

    public override LabText Refutation => (
        $"Less than {ShareOfWidest:P0} of the starts of the widest network that reach the target, more than {ShareOfNarrowest:P0} of "
            + $"those of the narrowest, or updates less than {UpdateRatio} times as many.",
        $"最宽的网络达到目标的初值不足 {ShareOfWidest * 100:0} %，最窄的超过 {ShareOfNarrowest * 100:0} %，或更新次数不到 {UpdateRatio} 倍。");

    public override IReadOnlyList<LabOption> Options => [new("widest", "48", ("units of the widest network", "最宽网络的单元数"))];

    public override void Run(LabContext context)
    {
        int widest = int.Parse(context.Option("widest"), System.Globalization.CultureInfo.InvariantCulture);
        int[] widths = [.. ((int[])[4, 8, 16, 24]).Where(width => width < widest), widest];
        int starts = context.Pick(6, 8, 20), most = context.Pick(200, 400, 1500);
        context.Plan(widths.Length * context.Seeds.Count);
        double[][][] updates = [.. widths.Select(width => context.OverSeeds(seed =>
        {
            Dataset data = Parity();
            return Enumerable.Range(0, starts).Select(start => Train(context, data, width, most, (seed * 100) + (ulong)start)).ToArray();
        }))];
        double Share(double[] runs) => runs.Count(update => update < most) / (double)runs.Length;
        LabFigure wide = context.Measure("share-widest",
            ($"share of starts that reach the target, {widths[^1]} units", $"达到目标的初值比例，{widths[^1]} 个单元"), updates[^1].Select(Share));
        LabFigure narrow = context.Measure("share-narrowest", ("share of starts that reach the target, 4 units", "达到目标的初值比例，4 个单元"),
            updates[0].Select(Share));
        LabFigure ratio = context.Measure("update-ratio",
            ($"updates of 4 units over those of {widths[^1]}; all where the target is not reached",
            $"4 个与 {widths[^1]} 个单元的更新次数之比；未达到时按全部计"),
            updates[0].Zip(updates[^1], (a, b) => a.Average() / b.Average()), LabScale.Logarithmic);
        context.Expect(wide, LabRelation.AtLeast, ShareOfWidest, isEssential: true);
        context.Expect(narrow, LabRelation.AtMost, ShareOfNarrowest);
        context.Expect(ratio, LabRelation.AtLeast, UpdateRatio);
        double[] x = [.. widths.Select(width => (double)width)];
        int[] seeds = [.. Enumerable.Range(0, context.Seeds.Count)];
        context.Draw(new LinePicture(("Share of starts that reach the target", "达到目标的初值比例"),
            new(("hidden units", "隐藏单元"), LabScale.Logarithmic), new(("share", "比例")),
            [LabSeries.Of(("share", "比例"), x, [.. seeds
                .Select(seed => (IReadOnlyList<double>)[.. updates.Select(at => Share(at[seed]))])])]));
        context.Draw(new LinePicture(("Updates to the target", "达到目标的更新次数"), new(("hidden units", "隐藏单元"), LabScale.Logarithmic),
            new(("updates", "更新次数"), LabScale.Logarithmic),
            [LabSeries.Of(("updates", "更新次数"), x, [.. seeds
                .Select(seed => (IReadOnlyList<double>)[.. updates.Select(at => at[seed].Average())])], LabScale.Logarithmic)]));
    }

    /// <summary>The sixteen patterns of four signs, with the sign of their product.</summary>
    private static Dataset Parity()
    {
        const int Signs = 4, Patterns = 1 << Signs;
        float[] features = new float[Patterns * Signs];
        for (int i = 0; i < features.Length; i++)
            features[i] = (i / Signs & (1 << (i % Signs))) == 0 ? -1 : 1;
        int[] labels = [.. Enumerable.Range(0, Patterns).Select(pattern => int.PopCount(pattern) % 2)];
        return Dataset.ForClassification(features, [Signs], labels, ["even", "odd"]);
    }

    /// <summary>Updates until the loss is reached; the most where it is not.</summary>
    private static double Train(LabContext context, Dataset data, int width, int most, ulong seed)
    {
        const double Target = 0.1;
        TrainerOptions options = new()
        {
            Optimizer = new Adam(0.03),
            Epochs = most,
            BatchSize = TrainerOptions.FullBatch,
            Seed = seed,
            Patience = 0
        };
        Trainer trainer = new(new Sequential(new Dense(data.FeatureWidth, width, Activation.Tanh), new Dense(width, 2)),
            new TrainingSet(data), options);
        double reached = most;
        context.Fit(trainer, step =>
        {
            if (step.Loss <= Target && reached == most)
            {
                reached = step.Step;
                trainer.RequestStop("target reached");
            }
        });
        return reached;
    }
}
