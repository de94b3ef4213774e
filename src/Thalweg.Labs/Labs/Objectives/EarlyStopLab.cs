using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Objectives;

/// <summary>Training stops while the gradient of the surrogate loss is still large.</summary>
internal sealed class EarlyStopLab : Lab
{
    /// <summary>Norm of the gradient at the stop over that at the start, at least.</summary>
    public const double LeftAtStop = 0.1;

    /// <summary>Norm of the gradient at the stop over that where pure optimization ends, at least.</summary>
    public const double OverOptimum = 10;

    public override string Name => "early-stop";

    public override LabClaim Claim => new(
        ("Training stops while the gradient of the surrogate loss is still large; pure optimization ends where it is very small.",
            "训练算法提前终止时，代理损失函数仍有较大的导数；纯优化终止时导数非常小。"),
        ["003"],
        [
            new("003", "训练算法不会停在局部极小值点，而且通常机器学习的算法会提前设置终止条件，当条件满足时（通常在过拟合之前）算法就停止，虽然此时代理损失函数仍然有较大的导数。对于纯优化来说，终止时导数非常小。",
                "Training does not stop at a local minimum: usually a criterion is set in advance, and the algorithm stops when it is met "
                    + "(usually before overfitting), although "
                + "the surrogate loss still has large derivatives. In pure optimization the derivatives are very small at the end."),
        ],
        "<mo>&#x2016;</mo><mo>&#x2207;</mo><mi>J</mi><mo>(</mo><msub><mi>&#x3B8;</mi><mi>stop</mi></msub><mo>)</mo><mo>&#x2016;</mo><mo>"
            + "&#x226B;</mo><mn>0</mn>");

    public override LabText Question => ("Is training over because the gradient is?", "训练结束是因为梯度没有了吗？");

    public override LabText Method => (
        "A tanh network 784-32-10 on 300 glyphs (Fashion-MNIST and MNIST in full mode) with a fifth of the labels wrong. Momentum 0.03 "
            + "with batches of 30, which stops after the validation loss has not improved for the epochs "
        + "of the option patience and keeps its best weights; and L-BFGS on all samples until it ends. Norm of the gradient of all "
        + "training samples, over that at the start.",
        "784-32-10 的 tanh 网络，300 幅 glyphs（完整模式另有 Fashion-MNIST 与 MNIST），五分之一标签错误。一是动量 0.03、批量 30，验证损失在选项 patience 个 epoch "
            + "内没有改善即停止并保留最好的权重；二是 L-BFGS 用全体样本一直优化到结束。比较全体训练样本梯度的范数与初始值之比。");

    public override LabText Refutation => (
        $"A gradient at the stop below {LeftAtStop} of that at the start, or less than {OverOptimum} times that at the end of pure "
            + "optimization.",
        $"停止时梯度低于初始的 {LeftAtStop}，或不到纯优化结束时的 {OverOptimum} 倍。");

    public override IReadOnlyList<LabOption> Options => [new("patience", "5", ("epochs without improvement after which training stops; "
        + "0 never stops", "无改善的 epoch 数，之后停止；0 表示从不停止"))];

    public override void Run(LabContext context)
    {
        foreach (LabData set in context.Images(context.Pick(150, 300, 1000), context.Pick(100, 300, 1000)))
        {
            var runs = context.OverSeeds(seed => Follow(context, set.Split(seed), seed));
            LabFigure left = context.Measure($"left-at-stop-{set.Name}", ($"gradient at the stop over that at the "
                + $"start, {set.Name}", $"停止时与初始梯度之比，{set.Name}"), runs.Select(run => run.Stop / run.Start), LabScale.Logarithmic);
            LabFigure over = context.Measure($"over-optimum-{set.Name}", ($"gradient at the stop over that at the end of pure "
                + $"optimization, {set.Name}", $"停止时与纯优化结束时梯度之比，{set.Name}"), runs.Select(run => run.Stop / Math.Max(run.Optimum, 1e-9)),
                    LabScale.Logarithmic);
            context.Measure($"epochs-{set.Name}", ($"epoch that was kept, {set.Name}", $"保留的 epoch，{set.Name}"),
                runs.Select(run => (double)run.Epochs));
            context.Expect(left, LabRelation.AtLeast, LeftAtStop);
            context.Expect(over, LabRelation.AtLeast, OverOptimum, isEssential: true);
            context.Draw(new BarPicture(($"Norm of the gradient of all training "
                + $"samples, {set.Name}", $"全体训练样本梯度的范数，{set.Name}"), new(("norm", "范数"), LabScale.Logarithmic),
            [
                LabBar.Of(("start", "初始"), runs.Select(run => run.Start), LabScale.Logarithmic),
                    LabBar.Of(("early stop", "提前停止"), runs.Select(run => run.Stop), LabScale.Logarithmic),
                LabBar.Of(("pure optimization", "纯优化"), runs.Select(run => Math.Max(run.Optimum, 1e-9)), LabScale.Logarithmic),
            ]));
        }
    }

    private static (double Start, double Stop, double Optimum, int Epochs) Follow(LabContext context, DataSplit data, ulong seed)
    {
        TrainingSet training = new(LabNetworks.Mislabel(data.Training.Data, 0.2, seed));
        TrainerOptions options = new()
        {
            Optimizer = new Momentum(0.03),
            BatchSize = 30,
            Epochs = context.Pick(60, 100, 200),
            Seed = seed,
            Monitor = Metric.Loss,
            Patience = int.Parse(context.Option("patience"), System.Globalization.CultureInfo.InvariantCulture),
            RestoreBest = context.Option("patience") != "0",
        };
        Layers.Sequential Network() => LabNetworks.Mlp(Activation.Tanh, 784, 32, training.Data.ClassNames.Count);
        Trainer stopped = new(Network(), training, data.Validation, options);
        double start = Norm(stopped);
        int epochs = context.Fit(stopped).BestEpoch;
        Trainer optimized = new(Network(), training, options with
        {
            Minimizer = new Lbfgs { GradientTolerance = 1e-6 },
            BatchSize = TrainerOptions.FullBatch,
            IterationsPerStep = 20,
            Patience = 0,
            RestoreBest = false,
            Epochs = context.Pick(10, 20, 60),
        });
        context.Fit(optimized);
        return (start, Norm(stopped), Norm(optimized), epochs);
    }

    private static double Norm(Trainer trainer)
    {
        int count = trainer.TrainingData.Data.Count;
        TrainingProbe probe = trainer.NewProbe(count);
        Tensor gradient = Tensor.Zeros(trainer.Parameters.Values.Shape);
        probe.Begin([.. Enumerable.Range(0, count)], 0);
        probe.Gradient(gradient);
        return Math.Sqrt(gradient.Square().Sum().Item());
    }
}
