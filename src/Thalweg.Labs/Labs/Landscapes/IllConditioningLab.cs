using Thalweg.Data;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Landscapes;

/// <summary>The gradient hardly shrinks while the curvature along it grows; the Taylor series predicts steps that go up.</summary>
internal sealed class IllConditioningLab : Lab
{
    /// <summary>Squared gradient at its least after the first tenth, over the start, at least: it hardly falls.</summary>
    public const double GradientKept = 0.5;

    /// <summary>Largest curvature along the gradient over that at the start, at least: an order of magnitude.</summary>
    public const double CurvatureGrowth = 10;

    /// <summary>Median relative error of the predicted change of the loss, at most.</summary>
    public const double PredictionError = 0.1;

    /// <summary>Share of the steps whose direction, up or down, the prediction has right, at least.</summary>
    public const double SignsPredicted = 0.95;

    public override string Name => "ill-conditioning";

    public override LabClaim Claim => new(
        ("In training g'g hardly falls while g'Hg grows by over an order of magnitude; a step changes the loss by -ε g'g + ε²/2 g'Hg, "
            + "which predicts when it rises.",
            "训练中 g'g 并不显著减小，而 g'Hg 增长超过一个数量级；一步使损失变化 -ε g'g + ε²/2 g'Hg，由此可预测何时上升。"),
        ["003"],
        [
            new("003", "很多情况下，梯度的范数不会再训练中显著的减小，但是",
                "In many cases the norm of the gradient does not fall much in training, but [g'Hg] ..."),
            new("003", "的增长会超过一个数量级。结果是，尽管梯度很强，但是学习率必须收缩以弥补更强的曲率，因此学习变得非常缓慢。",
                "... grows by more than an order of magnitude. So, although the gradient is strong, the rate must shrink to "
                    + "make up for the "
                + "stronger curvature, and learning gets very slow."),
        ],
        "<mi>&#x394;</mi><mi>J</mi><mo>&#x2248;</mo><mo>-</mo><mi>&#x3B5;</mi><msup><mi>g</mi><mi>T</mi></msup><mi>g</mi><mo>+</mo>"
        + "<mfrac><mn>1</mn><mn>2</mn></mfrac><msup><mi>&#x3B5;</mi><mn>2</mn></msup><msup><mi>g</mi><mi>T</mi></msup><mi>"
        + "H</mi><mi>g</mi>");

    public override LabText Question => ("Why does gradient descent slow down although the gradient is still there?", "梯度还在，为什么梯度下降却慢了下来？");

    public override LabText Method => (
        "A tanh network 784-32-10 on 256 images (glyphs; Fashion-MNIST and MNIST in full mode), full-batch gradient descent. At each "
        + "update: g'g, g'Hg by a Hessian product, and the change of the loss that follows beside its prediction.",
        "784-32-10 的 tanh 网络，256 幅图像（glyphs；完整模式另有 Fashion-MNIST 与 MNIST），全批量梯度下降。每次更新记录 g'g、由 Hessian 乘积得到的 g'Hg，以及随后损失的变化和预测值。");

    public override LabText Refutation => (
        $"A squared gradient below {GradientKept} of its start, curvature along it that grows less than tenfold, or a median error of the "
            + $"prediction above {PredictionError}.",
        $"梯度平方低于初始的 {GradientKept}；沿梯度的曲率增长不到十倍；或预测的相对误差中位数高于 {PredictionError}。");

    public override LabText Limits => (
        "Where labels can be fitted the gradient falls in the end with the loss; what stays is that g'Hg/g'g grows, so that "
            + "the rate cannot.",
        "若标签可以拟合，梯度最终会随损失下降；不变的是 g'Hg/g'g 会增长，使学习率无法增大。");

    public override IReadOnlyList<LabOption> Options => [new("optimizer", "sgd(0.6)", ("the rule; the prediction is that of "
        + "gradient descent", "规则；预测按梯度下降计算"))];

    public override void Run(LabContext context)
    {
        int steps = context.Pick(40, 250, 600);
        foreach (LabData set in context.Images(context.Pick(64, 256, 512), 32))
            Look(context, set, steps);
    }

    private static void Look(LabContext context, LabData set, int steps)
    {
        var runs = context.OverSeeds(seed => Follow(context, set.Split(seed), steps, seed));
        int settled = steps / 10;
        LabFigure kept = context.Measure($"gradient-kept-{set.Name}", ($"least g'g over its "
            + $"start, {set.Name}", $"g'g 的最小值与初始之比，{set.Name}"),
            runs.Select(run => run.Squares[settled..].Min() / run.Squares[0]), LabScale.Logarithmic);
        LabFigure growth = context.Measure($"curvature-growth-{set.Name}", ($"largest g'Hg over its "
            + $"start, {set.Name}", $"g'Hg 的最大值与初始之比，{set.Name}"),
            runs.Select(run => run.Curvatures.Max() / run.Curvatures[0]), LabScale.Logarithmic);
        LabFigure error = context.Measure($"prediction-error-{set.Name}", ($"median relative error of the "
            + $"prediction, {set.Name}", $"预测的相对误差中位数，{set.Name}"),
            runs.Select(run => run.Changes.Zip(run.Predicted, (change, predicted) => Math.Abs(predicted - change) / Math.Abs(change))
                .Order().ElementAt(run.Changes.Length / 2)));
        LabFigure signs = context.Measure($"signs-{set.Name}", ($"share of steps whose direction is "
            + $"predicted, {set.Name}", $"升降方向被正确预测的比例，{set.Name}"),
            runs.Select(run => run.Changes.Zip(run.Predicted, (change, predicted) => (change > 0) == (predicted > 0) ? 1.0 : 0).Average()));
        context.Measure($"rises-{set.Name}", ($"share of steps that "
            + $"rise, {set.Name}", $"上升步的比例，{set.Name}"), runs.Select(run => run.Changes.Average(change => change > 0 ? 1.0 : 0)));
        context.Expect(kept, LabRelation.AtLeast, GradientKept);
        context.Expect(growth, LabRelation.AtLeast, CurvatureGrowth);
        context.Expect(error, LabRelation.AtMost, PredictionError);
        context.Expect(signs, LabRelation.AtLeast, SignsPredicted);
        double[] x = [.. Enumerable.Range(1, steps - 1).Select(step => (double)step)];
        context.Draw(new LinePicture(
            ($"Gradient and curvature along "
                + $"it, {set.Name}", $"梯度与沿梯度的曲率，{set.Name}"), new(("update", "更新次数")),
                    new(("value over that at the start", "与初始值之比"), LabScale.Logarithmic),
            [
                LabSeries.Of("g'g", x, [.. runs.Select(run => run.Squares.Select(each => each / run.Squares[0]).ToArray())],
                    LabScale.Logarithmic),
                LabSeries.Of("g'Hg", x, [.. runs.Select(run => run.Curvatures.Select(each => each / run.Curvatures[0]).ToArray())],
                    LabScale.Logarithmic),
            ]));
        context.Draw(new LinePicture(
            ($"Change of the loss, predicted and "
                + $"actual, {set.Name}", $"损失的变化：预测与实际，{set.Name}"), new(("update", "更新次数")), new(("change", "变化")),
            [new(("actual", "实际"), x, runs[0].Changes), new(("predicted", "预测"), x, runs[0].Predicted) { IsDashed = true }]));
    }

    private static (double[] Squares, double[] Curvatures, double[] Changes, double[] Predicted) Follow(LabContext context, DataSplit data,
        int steps, ulong seed)
    {
        Trainer trainer = new(
            LabNetworks.Mlp(Activation.Tanh, 784, 32, data.Training.Data.ClassNames.Count), data.Training,
            LabNetworks.Steps(ChainText.Parse(context.Option("optimizer")), TrainerOptions.FullBatch, steps, seed));
        int[] all = [.. Enumerable.Range(0, data.Training.Data.Count)];
        TrainingProbe probe = trainer.NewProbe(all.Length);
        Tensor gradient = Tensor.Zeros(trainer.Parameters.Values.Shape), product = Tensor.Zeros(trainer.Parameters.Values.Shape);
        List<double> losses = [], squares = [], curvatures = [], rates = [];
        context.Fit(trainer, step =>
        {
            probe.Begin(all, step.Step);
            losses.Add(probe.Gradient(gradient));
            probe.Objective.HessianProduct(gradient, product);
            squares.Add(gradient.Square().Sum().Item());
            curvatures.Add((gradient * product).Sum().Item());
            rates.Add(step.LearningRate);
        });
        return (
            [.. squares.SkipLast(1)], [.. curvatures.SkipLast(1)], [.. losses.Zip(losses.Skip(1), (from, to) => to - from)],
            [.. squares.SkipLast(1).Select((square, i) => (-rates[i] * square) + (rates[i] * rates[i] / 2 * curvatures[i]))]);
    }
}
