using Thalweg.Data;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Labs.Optimizing;

/// <summary>Adam is RMSProp with momentum and bias correction; each part matters, more so with sparse gradients.</summary>
internal sealed class AdamPartsLab : Lab
{
    /// <summary>Training loss without a part over that of Adam, each at its best rate, at least.</summary>
    public const double Ablated = 1.2;

    /// <summary>Length of the first step over the learning rate: with the correction at most, without it at least.</summary>
    public const double FirstStep = 1.1, FirstStepUncorrected = 2;

    /// <summary>Loss of RMSProp over that of Adam on sparse features over the same on dense ones, at least.</summary>
    public const double SparseGain = 1.05;

    private static readonly string[] s_parts = ["momentum", "correction", "scaling"];

    public override string Name => "adam-parts";

    public override LabClaim Claim => new(
        ("Adam = RMSProp + momentum + bias correction; each part matters; it is better than RMSProp as gradients get sparse.",
            "Adam = RMSProp + 动量 + 偏置修正；每一部分都有用；随着梯度变得稀疏，Adam 比 RMSProp 更好。"),
        ["000", "003", "004"],
        [
            new("004", "Adam 就是在 RMSprop 的基础上加了 bias-correction 和 momentum。", "Adam is RMSprop with bias correction and momentum added."),
            new("004", "随着梯度变的稀疏，Adam 比 RMSprop 效果会好。", "As gradients get sparse, Adam does better than RMSprop."),
            new("003", "其次，Adam包括偏置修正，修正从原点初始化的一阶矩（动量项）和二阶矩（非中心项）。",
                "Moreover Adam includes corrections of the bias of the first moment (momentum) and the second (uncentered), which start "
                    + "at the origin."),
        ],
        "<mi>&#x394;</mi><mi>&#x3B8;</mi><mo>=</mo><mo>-</mo><mi>&#x3B5;</mi><mfrac><mrow><mi>s</mi><mo>/</mo><mo>(</mo><mn>1</mn><mo>"
            + "-</mo><msubsup><mi>&#x3C1;</mi><mn>1</mn><mi>t</mi></msubsup><mo>)</mo></mrow>"
        + "<mrow><msqrt><mrow><mi>r</mi><mo>/</mo><mo>(</mo><mn>1</mn><mo>-</mo><msubsup><mi>&#x3C1;</mi><mn>2</mn><mi>t</mi></msubsup>"
        + "<mo>)</mo></mrow></msqrt><mo>+</mo><mi>&#x3B4;</mi></mrow></mfrac>");

    public override LabText Question => ("Which part of Adam does the work?", "Adam 的哪一部分在起作用？");

    public override LabText Method => (
        "A ReLU network 784-32-32-10 on glyphs, batches of 50: Adam, and Adam without momentum (b1 = 0), without bias "
            + "correction, and without "
        + "scaling (an averaged momentum, corrected); each at the best of five rates for each seed. Mean training loss over the run, "
        + "over that of "
        + "Adam; length of the first step of a weight over the rate. Then Adam and RMSProp on bags of 100 and of 5 words out of 400: the "
        + "ratio of their losses on documents not seen before, sparse over dense.",
        "784-32-32-10 的 ReLU 网络学习 glyphs，批量 50：Adam，以及去掉动量（b1 = 0）、去掉偏置修正、去掉缩放（修正后的平均动量）的 Adam，各取每个种子五个学习率中最好的。"
        + "比较全程平均训练损失与 Adam 之比，以及权重第一步的长度与学习率之比。再在词表 400、每篇 100 词与 5 词的词袋上比较 Adam 与 RMSProp 在未见文档上的损失之比（稀疏除以稠密）。");

    public override LabText Refutation => (
        $"A part without which the loss is below {Ablated} of Adam's, a first step that is not the rate with correction or is below "
            + $"{FirstStepUncorrected} of it without, or RMSProp that loses nothing on Adam as features get sparse.",
        $"去掉某部分后损失低于 Adam 的 {Ablated} 倍；有修正时第一步不等于学习率，或无修正时低于其 {FirstStepUncorrected} 倍；或特征变稀疏时 RMSProp 并不比 Adam 变差。");

    public override LabText Limits => (
        "What a part is worth depends on the length of the run: the correction acts on the first updates alone, and a tuned rate makes up "
            + "for much of what is left out.",
        "各部分的价值取决于训练长度：偏置修正只影响最初的更新，而调好的学习率可以弥补大部分缺失。");

    public override IReadOnlyList<LabOption> Options => [new("adam", "adam", ("the rule that is said to be the "
        + "sum of its parts", "据称由各部分组成的规则"))];

    public override void Run(LabContext context)
    {
        string adam = context.Option("adam");
        Func<double, Chain>[] rules =
        [
            rate => LabDescent.At(adam, rate), rate => LabDescent.At("adam(b1=0)", rate),
            rate => [new ScaleByUncorrectedAdam(), new ScaleByLearningRate(rate)],
            rate => LabDescent.At("momentum(form=averaged, debias=true)", rate),
        ];
        double[] adaptive = [0.0003, 0.001, 0.003, 0.01, 0.03], plain = [0.03, 0.1, 0.3, 1, 3];
        var runs = context.OverSeeds(seed => (
            Images: rules.Select((rule, i) => (i == 3 ? plain : adaptive).Select(rate => Images(context, rule(rate), rate, seed))
                .MinBy(run => run.Loss)).ToArray(),
            Sparse: RmsOverAdam(context, adam, seed, length: 5) / RmsOverAdam(context, adam, seed, length: 100)));
        for (int i = 1; i < rules.Length; i++)
        {
            int part = i;
            context.Expect(
                context.Measure($"without-{s_parts[i - 1]}", ($"mean training loss without {s_parts[i - 1]} "
                    + "over that of Adam", $"去掉 {s_parts[i - 1]} 后与 Adam 平均训练损失之比"),
                    runs.Select(run => run.Images[part].Loss / run.Images[0].Loss), LabScale.Logarithmic),
                LabRelation.AtLeast, Ablated);
        }

        LabFigure first = context.Measure("first-step", ("first step of Adam over its rate", "Adam 第一步与学习率之比"),
            runs.Select(run => run.Images[0].First));
        LabFigure bare = context.Measure("first-step-uncorrected", ("first step without correction "
            + "over its rate", "无修正时第一步与学习率之比"), runs.Select(run => run.Images[2].First));
        LabFigure sparse = context.Measure("sparse-gain", ("loss of RMSProp over Adam, "
            + "sparse over dense", "RMSProp 与 Adam 的损失比：稀疏/稠密"), runs.Select(run => run.Sparse), LabScale.Logarithmic);
        context.Expect(first, LabRelation.AtMost, FirstStep);
        context.Expect(bare, LabRelation.AtLeast, FirstStepUncorrected);
        context.Expect(sparse, LabRelation.AtLeast, SparseGain);
        context.Draw(new BarPicture(("Mean training loss over the run at "
            + "the best rate", "最佳学习率下的全程平均训练损失"), new(("loss", "损失"), LabScale.Logarithmic),
            [.. ((string[])["Adam", .. s_parts.Select(part => $"- {part}")])
                .Select((name, i) => LabBar.Of(name, runs.Select(run => run.Images[i].Loss), LabScale.Logarithmic))]));
    }

    /// <summary>Mean training loss over the run, and the largest change of a weight in the first update over the rate.</summary>
    private static (double Loss, double First) Images(LabContext context, Chain chain, double rate, ulong seed)
    {
        int steps = context.Pick(40, 150, 2000);
        DataSplit data = context.Open("glyphs", context.Pick(200, 1500, 8000), 50, seed);
        LabRates observer = new();
        Trainer trainer = new(
            LabNetworks.Mlp(Activation.Relu, 784, 32, 32, 10), data.Training,
                LabNetworks.Steps(chain, 50, steps, seed) with { Observers = [observer] });
        double loss = 0, first = 0;
        context.Fit(trainer, step =>
        {
            first = step.Updates == 1 ? observer.Changes.Max() / rate : first;
            loss += step.Loss / steps;
        });
        return (double.IsFinite(loss) ? loss : double.MaxValue, first);
    }

    private static double RmsOverAdam(LabContext context, string adam, ulong seed, int length)
    {
        const int Vocabulary = 400;
        int steps = context.Pick(40, 150, 400);
        TrainingSet training = new(LabDocuments.Draw(context.Pick(300, 3000, 8000), Vocabulary, length, seed));
        double Best(string rule) => ((double[])[0.003, 0.01, 0.03, 0.1, 0.3]).Min(rate =>
        {
            Trainer trainer = new(LabNetworks.Mlp(Activation.None, Vocabulary, 2), training,
                LabNetworks.Steps(LabDescent.At(rule, rate), 20, steps, seed));
            double loss = 0;
            context.Fit(trainer, step => loss += step.Loss / steps);
            return loss;
        });
        return Best("rmsprop") / Best(adam);
    }

    /// <summary>Adam whose moments start at 0 and are not corrected for it.</summary>
    private sealed record ScaleByUncorrectedAdam : CustomRule
    {
        public override IReadOnlyList<string> Slots => ["m", "v"];

        public override string Formula => "m = 0.9 m + 0.1 g, v = 0.999 v + 0.001 g^2, u = m/(sqrt(v) + 1e-8)";

        public override string Source => "Kingma, Ba: Adam, 2015, algorithm 1, without its correction";

        protected override void Update<T>(RuleStep<T> step)
        {
            Span<T> m = step.Slot("m"), v = step.Slot("v");
            for (int i = 0; i < m.Length; i++)
            {
                T g = step.Gradient[i];
                m[i] = (T.CreateTruncating(0.9) * m[i]) + (T.CreateTruncating(0.1) * g);
                v[i] = (T.CreateTruncating(0.999) * v[i]) + (T.CreateTruncating(0.001) * g * g);
                step.Update[i] = m[i] / (T.Sqrt(v[i]) + T.CreateTruncating(1e-8));
            }
        }
    }
}
