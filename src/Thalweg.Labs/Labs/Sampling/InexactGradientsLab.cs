using Thalweg.Data;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Labs.Sampling;

/// <summary>Gradients that are noisy or biased train all the same, up to a limit.</summary>
internal sealed class InexactGradientsLab : Lab
{
    /// <summary>Final loss with noise or bias of half the gradient's length over that with the exact gradient, at most.</summary>
    public const double Bearable = 1.5;

    /// <summary>The same with noise or bias of many times the length, at least: there is a limit.</summary>
    public const double Unbearable = 3;

    private const double Small = 0.5;

    private static readonly double[] s_noises = [0, 0.5, 2, 8, 32], s_biases = [0, 0.5, 2, 8, 32];

    public override string Name => "inexact-gradients";

    public override LabClaim Claim => new(
        ("Gradients estimated from samples are noisy, sometimes biased, and training works all the same, up to a limit.",
            "由样本估计的梯度带有噪声，有时有偏，训练仍然有效，但有限度。"),
        ["003"],
        [
            new("003", "大多数优化算法先决条件是我们知道精确的梯度或者是Hessian矩阵，然而在实践中，往往都是有偏的估计，几乎所有的深度学习算法都需要基于采样的估计，比如小批量数据计算更新梯度。",
                "Most optimization algorithms presuppose the exact gradient or Hessian; in practice there are often biased estimates, and "
                    + "almost all of deep learning relies on estimates from samples, such as gradients of mini-batches."),
            new("003", "大多数神经网络算法的设计都考虑到了梯度估计的缺陷", "Most neural-network algorithms are designed with the flaws of estimated "
                + "gradients in mind."),
        ],
        "<mover><mi>g</mi><mo>^</mo></mover><mo>=</mo><mi>g</mi><mo>+</mo><mo>|</mo><mi>g</mi><mo>|</mo><mo>(</mo><mi>&#x3C3;</mi><mi>"
            + "z</mi><mo>+</mo><mi>b</mi><mo>)</mo>");

    public override LabText Question => ("How wrong may a gradient be?", "梯度可以错到什么程度？");

    public override LabText Method => (
        "A tanh network 784-32-10 on 500 glyphs (Fashion-MNIST and MNIST in full mode), full batches, SGD 0.3 with a linear decay to 0. "
            + "To each gradient a random vector is added: noise, drawn anew for each update, or bias, one direction throughout, of "
        + "0, 0.5, 2, 8 and 32 times the gradient's length. Training loss at the end over that with the exact gradient.",
        "784-32-10 的 tanh 网络，500 幅 glyphs（完整模式另有 Fashion-MNIST 与 MNIST），全批量，SGD 0.3 线性衰减到 0。每个梯度加上随机向量：噪声（每次重新抽取）或偏差（始终同一方向），长度为梯度的 0、0.5、"
            + "2、8、32 倍。比较最终训练损失与精确梯度之比。");

    public override LabText Refutation => (
        $"Half the length in noise or bias that costs more than a factor of {Bearable}, or 32 times the length that costs less than "
            + $"{Unbearable}.",
        $"半个梯度长度的噪声或偏差使损失超过 {Bearable} 倍，或 32 倍长度的代价不到 {Unbearable} 倍。");

    public override LabText Limits => (
        "Noise is drawn in all directions of the weights, most of which hardly change the loss; a bias that opposed the gradient would "
            + "be far worse.",
        "噪声分布在权重空间的所有方向，其中大多数几乎不影响损失；与梯度相反的偏差会糟糕得多。");

    public override IReadOnlyList<LabOption> Options => [new("optimizer", "sgd(linear(0.3, steps=STEPS))", ("the rule; STEPS stands for "
        + "the number of updates", "规则；STEPS 代表更新次数"))];

    public override void Run(LabContext context)
    {
        foreach (LabData set in context.Images(context.Pick(200, 500, 1000), 50))
        {
            double[][][] losses = context.OverSeeds(seed => (double[][])[[.. s_noises.Select(size =>
                Train(context, set, size, isBias: false, seed))],
                    [.. s_biases.Select(size => Train(context, set, size, isBias: true, seed))]]);
            string[] kinds = ["noise", "bias"];
            for (int kind = 0; kind < kinds.Length; kind++)
            {
                int at = kind;
                LabText name = (kinds[at], at == 0 ? "噪声" : "偏差");
                double[] sizes = at == 0 ? s_noises : s_biases;
                context.Expect(Ratio(Array.IndexOf(sizes, Small), "small"), LabRelation.AtMost, Bearable, isEssential: true);
                context.Expect(Ratio(sizes.Length - 1, "large"), LabRelation.AtLeast, Unbearable);

                LabFigure Ratio(int size, string suffix) => context.Measure(
                    $"{kinds[at]}-{suffix}-{set.Name}", ($"loss over that of the exact gradient, {name.English} "
                        + $"{sizes[size]}, {set.Name}", $"与精确梯度损失之比，{name.Chinese} {sizes[size]}，{set.Name}"),
                    losses.Select(seed => seed[at][size] / seed[at][0]), LabScale.Logarithmic);
            }

            context.Draw(new LinePicture(
                ($"Training loss at the end, {set.Name}", $"最终训练损失，{set.Name}"), new(("length of what is added over that "
                    + "of the gradient", "附加向量与梯度长度之比")), new(("loss", "损失"), LabScale.Logarithmic),
                [LabSeries.Of(("noise", "噪声"), s_noises, [.. losses.Select(seed => seed[0])], LabScale.Logarithmic),
                    LabSeries.Of(("bias", "偏差"), s_biases, [.. losses.Select(seed => seed[1])], LabScale.Logarithmic)]));
        }
    }

    private static double Train(LabContext context, LabData set, double size, bool isBias, ulong seed)
    {
        int steps = context.Pick(40, 100, 300);
        Chain chain = ChainText.Parse(context.Option("optimizer").Replace("STEPS", $"{steps}", StringComparison.Ordinal));
        DataSplit data = set.Split(seed);
        Trainer trainer = new(
            LabNetworks.Mlp(Activation.Tanh, 784, 32, data.Training.Data.ClassNames.Count), data.Training,
            LabNetworks.Steps(chain, TrainerOptions.FullBatch, steps, seed) with { Observers = [new Disturbance(size, isBias, seed)] });
        context.Fit(trainer);
        double loss = LabNetworks.Evaluate(trainer.Module, data.Training.Data).Loss;
        return double.IsFinite(loss) ? loss : double.MaxValue;
    }

    /// <summary>Adds a random vector of a length in proportion to the gradient's.</summary>
    private sealed class Disturbance(double size, bool isBias, ulong seed) : ITrainingObserver
    {
        public void GradientReady(Trainer trainer, in StepGradientReport gradient)
        {
            RandomStream random = new(seed, RandomPurpose.GradientNoise, isBias ? 0 : (ulong)gradient.Step + 1);
            foreach (NamedParameter parameter in gradient.Parameters.Named)
            {
                Span<float> values = parameter.Gradient.AsSpan<float>();
                double square = 0;
                foreach (float value in values)
                    square += value * (double)value;
                double scale = size * Math.Sqrt(square / values.Length);
                foreach (ref float value in values)
                    value += (float)(scale * random.NextNormal());
            }
        }
    }
}
