using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Normalization;

/// <summary>With batch normalization there is less for dropout and L2 to do.</summary>
internal sealed class BatchNormRegularizesLab : Lab
{
    /// <summary>Gap between training and validation accuracy without batch normalization minus that with, at least.</summary>
    public const double SmallerGap = 0.01;

    /// <summary>Gain in validation accuracy by dropout and L2 without batch normalization minus that gain with, at least: above 0,
    /// which a layer that does nothing reaches.</summary>
    public const double SmallerNeed = 0.001;

    private static readonly string[] s_extras = ["none", "l2", "dropout", "both"];

    public override string Name => "batchnorm-regularizes";

    public override LabClaim Claim => new(
        ("Batch normalization lowers the need for dropout and L2.", "批量归一化降低对 Dropout 和 L2 正则的需要。"),
        ["000", "002"],
        [
            new("000", "采用BN算法后，我们会逐步减少对正则的依赖，比如令人头疼的dropout、L2正则项参数的选择问题，或者可以选择更小的L2正则约束参数了，因为BN具有提高网络泛化能力的特性；",
                "With BN the dependence on regularization is gradually reduced, such as the troublesome choice of dropout and of the L2 "
                    + "factor, or smaller L2 factors can be chosen, because BN improves the generalization of a network."),
            new("002", "抑制过拟合(降低Dropout等的必要性)；", "It restrains overfitting (there is less need for dropout and the like)."),
        ],
        """
        <mtext>gap</mtext><mo>=</mo><msub><mi>A</mi><mtext>train</mtext></msub><mo>&#x2212;</mo><msub><mi>A</mi>
        <mtext>validation</mtext></msub>
        """);

    public override LabText Question => ("Does batch normalization regularize?", "批量归一化有正则化的作用吗？");

    public override LabText Method => (
        "Networks with 3 hidden layers learn a few hundred glyphs until the training data are known by heart, in all combinations of "
            + "batch normalization, dropout and L2. Compared are the gaps between training and validation accuracy, and what dropout and "
            + "L2 gain with and without batch normalization.",
        "含 3 个隐藏层的网络学习数百张字形图像直到记住训练数据，取批量归一化、Dropout 与 L2 的所有组合。比较训练与验证正确率之差，以及有无批量归一化时 Dropout 和 L2 带来的提高。");

    public override LabText Refutation => (
        $"A gap that is not at least {SmallerGap} smaller, or a gain by dropout and L2 that is as large with batch normalization as "
            + $"without.", $"差距没有缩小 {SmallerGap} 以上，或 Dropout 与 L2 的提高在有批量归一化时一样大。");

    public override LabText Limits => (
        "The noise of small batches is what regularizes. Where the gap is small from the start, as on these images, there is little to "
            + "lower.",
        "起正则化作用的是小批量的噪声。差距本来就小时（如这些图像），可降低的并不多。");

    public override IReadOnlyList<LabOption> Options =>
        [new("normalization", "batch", ("normalization under test: batch or none", "被检验的归一化：batch 或 none"))];

    public override void Run(LabContext context)
    {
        foreach (LabData set in context.Images(context.Pick(80, 150, 500), context.Pick(80, 1000, 2000)))
        {
            context.Plan(8 * context.Seeds.Count);
            Func<int, Module>? normalization = context.Option("normalization") == "batch" ? units => new BatchNorm1d(units) : null;
            (double Training, double Validation)[][] with = [.. s_extras
                .Select(extra => context.OverSeeds(seed => Train(context, set, extra, normalization, seed)))];
            (double Training, double Validation)[][] without = [.. s_extras
                .Select(extra => context.OverSeeds(seed => Train(context, set, extra, null, seed)))];
            int[] seeds = [.. Enumerable.Range(0, context.Seeds.Count)];
            double Gap((double Training, double Validation) run) => run.Training - run.Validation;
            LabFigure gap = context.Measure($"smaller-gap-{set.Name}",
                ("gap without batch normalization minus that with", "无批量归一化的差距减去有批量归一化的差距"), seeds
                .Select(seed => Gap(without[0][seed]) - Gap(with[0][seed])));
            double Gain((double Training, double Validation)[][] runs, int seed) => Enumerable.Range(1, 3)
                .Average(extra => runs[extra][seed].Validation - runs[0][seed].Validation);
            LabFigure need = context.Measure($"smaller-need-{set.Name}",
                ("gain by dropout and L2 without batch normalization minus that with", "Dropout 与 L2 的提高之差（无减有）"), seeds
                .Select(seed => Gain(without, seed) - Gain(with, seed)));
            context.Expect(gap, LabRelation.AtLeast, SmallerGap);
            context.Expect(need, LabRelation.AtLeast, SmallerNeed);
            context.Draw(new BarPicture(($"Validation accuracy, {set.Name}", $"验证正确率，{set.Name}"), new(("accuracy", "正确率")),
                [.. s_extras.SelectMany((extra, i) =>
                    (LabBar[])[LabBar.Of($"batch norm, {extra}", with[i].Select(run => run.Validation)),
                    LabBar.Of($"-, {extra}", without[i].Select(run => run.Validation))])]));
        }
    }

    private static (double Training, double Validation) Train(LabContext context, LabData set, string extra, Func<int,
        Module>? normalization, ulong seed)
    {
        DataSplit data = set.Split(seed);
        bool decays = extra is "l2" or "both", drops = extra is "dropout" or "both";
        TrainerOptions options = new()
        {
            Optimizer = new Momentum(0.02) with { Decay = decays ? 1e-3 : 0 },
            Epochs = context.Pick(12, 25, 40),
            BatchSize = 20,
            Seed = seed,
            Patience = 0,
            RestoreBest = false,
            EvaluateEvery = 1000,
        };
        Sequential network = Networks.Mlp(data.Training.Data, 3, 48, Activation.Relu, Initializer.HeNormal(), normalization, drops ? 0.2
            : 0);
        context.Fit(new Trainer(network, data.Training, data.Validation, options));
        Evaluator evaluator = new(network, null);
        return (evaluator.Evaluate(data.Training.Data).Accuracy, evaluator.Evaluate(data.Validation.Data).Accuracy);
    }
}
