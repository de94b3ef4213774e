using Thalweg.Data;
using Thalweg.Losses;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Objectives;

/// <summary>After the training error has reached 0, the log-likelihood still improves the error on new data.</summary>
internal sealed class SurrogateLab : Lab
{
    /// <summary>Validation error at the end over that when the training error reached 0, at most.</summary>
    public const double ErrorLeft = 0.95;

    /// <summary>Mean margin of the training samples at the end over that then, at least.</summary>
    public const double MarginGrowth = 1.5;

    public override string Name => "surrogate";

    public override LabClaim Claim => new(
        ("After the 0-1 training error has reached 0, the log-likelihood keeps improving the test error.",
            "训练集上的 0-1 误差达到 0 之后，对数似然仍可使测试误差继续下降。"),
        ["003"],
        [
            new("003", "有些情况下，代理损失函数可以比原损失函数学到更多的东西，比如对数似然代替 0-1 分类误差函数时，当训练集上的误差达到0之后，测试集上的误差还可以持续下降，也就是说此时模型可以继续学习以拉开不同类别直接的距离以提高分类的鲁棒性。",
                "In some cases a surrogate loss learns more than the original one: when the log-likelihood replaces the 0-1 error, the "
                    + "error on the test set may go on falling after "
                + "that on the training set has reached 0, because the model goes on to pull the classes apart, which makes "
                + "it more robust."),
        ],
        "<mi>L</mi><mo>=</mo><mo>-</mo><mi>log</mi><mi>p</mi><mo>(</mo><mi>y</mi><mo>|</mo><mi>x</mi><mo>;</mo><mi>&#x3B8;</mi><mo>)</mo>");

    public override LabText Question => ("Is there anything left to learn once every training sample is right?", "训练样本全部正确之后，还有什么可学？");

    public override LabText Method => (
        "A ReLU network 784-64-10 on 300 glyphs (Fashion-MNIST and MNIST in full mode), Adam 0.0005, batches of 30. The update at which "
            + "all training samples are right for the first time, and ten "
        + "times as many updates: validation error on 2000 samples, and mean margin (logit of the true class minus the largest "
        + "other) at both.",
        "784-64-10 的 ReLU 网络，300 幅 glyphs（完整模式另有 Fashion-MNIST 与 MNIST），Adam 0.0005，批量 30。比较训练样本首次全部正确时与更新次数达到其十倍时的验证错误率（2000 "
            + "个样本）和平均间隔（真实类别的 logit 减去其他最大者）。");

    public override LabText Refutation => (
        $"A validation error at the end above {ErrorLeft} of that at zero training error, or a margin that has grown less than "
            + $"{MarginGrowth} times.",
        $"最终验证错误率高于训练误差为零时的 {ErrorLeft}，或间隔增长不到 {MarginGrowth} 倍。");

    public override IReadOnlyList<LabOption> Options => [new("loss", "softmax_cross_entropy", ("the surrogate loss", "代理损失函数"))];

    public override void Run(LabContext context)
    {
        int samples = context.Pick(150, 300, 1000);
        foreach (LabData set in context.Images(context.Pick(600, 2000, 4000), context.Pick(600, 2000, 4000)))
        {
            Outcome[] runs = context.OverSeeds(seed => Follow(context, set.Split(seed), samples, seed));
            LabFigure error = context.Measure($"error-left-{set.Name}", ($"validation error at the end over that at zero training "
                + $"error, {set.Name}", $"最终与训练误差为零时的验证错误率之比，{set.Name}"),
                runs.Select(run => run.LastError / run.ZeroError), LabScale.Logarithmic);
            LabFigure margin = context.Measure($"margin-growth-{set.Name}", ($"margin at the end over that at zero training "
                + $"error, {set.Name}", $"最终与训练误差为零时的间隔之比，{set.Name}"),
                runs.Select(run => run.LastMargin / run.ZeroMargin), LabScale.Logarithmic);
            context.Measure($"zero-error-{set.Name}", ($"validation error at zero training "
                + $"error, {set.Name}", $"训练误差为零时的验证错误率，{set.Name}"), runs.Select(run => run.ZeroError));
            context.Measure($"updates-{set.Name}", ($"updates to zero training "
                + $"error, {set.Name}", $"训练误差降为零所需的更新次数，{set.Name}"), runs.Select(run => run.Updates));
            context.Expect(error, LabRelation.AtMost, ErrorLeft, isEssential: true);
            context.Expect(margin, LabRelation.AtLeast, MarginGrowth);
            context.Draw(new LinePicture(
                ($"Validation error from zero training error on, seed "
                    + $"1, {set.Name}", $"训练误差为零之后的验证错误率，种子 1，{set.Name}"), new(("updates over those to zero "
                    + "training error", "更新次数与达到零训练误差所需次数之比")), new(("validation error", "验证错误率")),
                [new(("validation error", "验证错误率"), runs[0].At, runs[0].Errors)]));
        }
    }

    private static Outcome Follow(LabContext context, DataSplit data, int samples, ulong seed)
    {
        const int Times = 10;
        int most = context.Pick(600, 600, 3000);
        Dataset training = LabNetworks.Take(data.Training.Data, [.. Enumerable.Range(0, samples)]), held = data.Validation.Data;
        Trainer trainer = new(
            LabNetworks.Mlp(Activation.Relu, 784, 64, training.ClassNames.Count), new TrainingSet(training),
            LabNetworks.Steps(new Adam(0.0005), 30, most * Times, seed) with { Loss = context.Setting<Loss>("loss") });
        List<double> at = [], errors = [];
        double zero = 0, zeroError = 1, zeroMargin = 1;
        context.Fit(trainer, step =>
        {
            if (zero == 0 && step.Updates % 5 == 0 && (step.Updates >= most || LabNetworks.Evaluate(trainer.Module, training)
                .Accuracy == 1))
            {
                (zero, zeroError, zeroMargin) = (step.Updates, Error(), Margin(trainer, training));
            }

            if (zero > 0 && step.Updates % Math.Max(5, Math.Round(zero / 5)) == 0)
            {
                at.Add(step.Updates / zero);
                errors.Add(Error());
            }

            if (zero > 0 && step.Updates >= Times * zero)
                trainer.RequestStop("ten times as many updates");
        });
        return new Outcome(zero, zeroError, zeroMargin, Error(), Margin(trainer, training), at, errors);

        double Error() => 1 - LabNetworks.Evaluate(trainer.Module, held).Accuracy;
    }

    private static double Margin(Trainer trainer, Dataset data)
    {
        int[] all = [.. Enumerable.Range(0, data.Count)], labels = new int[data.Count];
        data.GatherLabels(all, labels);
        float[] features = new float[data.Count * data.FeatureWidth];
        data.Gather<float>(all, features);
        using ForwardScope evaluation = ForwardContext.Evaluation();
        float[] outputs = trainer.Module.Forward(Tensor.From(features, [data.Count, data.FeatureWidth])).ToArray<float>();
        int classes = outputs.Length / data.Count;
        return all.Average(sample =>
        {
            ReadOnlySpan<float> row = outputs.AsSpan(sample * classes, classes);
            float other = float.NegativeInfinity;
            for (int i = 0; i < classes; i++)
                other = i == labels[sample] ? other : Math.Max(other, row[i]);
            return row[labels[sample]] - (double)other;
        });
    }

    private sealed record Outcome(double Updates, double ZeroError, double ZeroMargin, double LastError, double LastMargin,
        IReadOnlyList<double> At, IReadOnlyList<double> Errors);
}
