using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Training;

namespace Thalweg.Labs.Optimizing;

/// <summary>AdaGrad takes larger steps for rarely seen features, which suits sparse data.</summary>
internal sealed class AdagradSparseLab : Lab
{
    /// <summary>Exponent of the effective rate against the frequency of a feature, at most: it falls.</summary>
    public const double RateExponent = -0.2;

    /// <summary>Validation loss of AdaGrad over that of SGD, both at their best rates, at most.</summary>
    public const double LossOverSgd = 1;

    private const ulong TuningSeed = 1000;

    public override string Name => "adagrad-sparse";

    public override LabClaim Claim => new(
        ("Rarely seen features get larger steps, so that AdaGrad is good on sparse data.",
            "AdaGrad 对低频特征进行大的更新，因此适合处理稀疏数据。"),
        ["000", "004"],
        [
            new("000", "它的主要功能是：它对不同的参数调整学习率，具体而言，对低频出现的参数进行大的更新，对高频出现的参数进行小的更新。因此，他很适合于处理稀疏数据。",
                "Its main function: it adapts the learning rate to the parameters, with large updates for rare parameters and small ones "
                    + "for frequent ones. So it suits sparse data well."),
            new("004", "对于出现频率较低的参数采用较大的α更新，相反，对于出现频率较高的参数采用较小的α更新。因此，**Adagrad非常适合处理稀疏数据**。",
                "Parameters that occur rarely are updated with a larger α, frequent ones with a smaller one. So Adagrad is very well "
                    + "suited to sparse data."),
        ],
        "<msub><mi>&#x3B8;</mi><mrow><mi>t</mi><mo>+</mo><mn>1</mn><mo>,</mo><mi>i</mi></mrow></msub><mo>=</mo><msub><mi>&#x3B8;</mi>"
            + "<mrow><mi>t</mi><mo>,</mo><mi>i</mi></mrow></msub>"
        + "<mo>-</mo><mfrac><mi>&#x3B1;</mi><msqrt><mrow><msub><mi>G</mi><mrow><mi>t</mi><mo>,</mo><mi>i</mi><mi>i</mi></mrow></msub><mo>"
        + "+</mo><mi>&#x3B5;</mi></mrow></msqrt></mfrac>"
        + "<msub><mi>g</mi><mrow><mi>t</mi><mo>,</mo><mi>i</mi></mrow></msub>");

    public override LabText Question => ("Do rare words learn faster with AdaGrad, and does it pay?", "AdaGrad 是否让罕见词学得更快，这样做值得吗？");

    public override LabText Method => (
        "Documents of 12 words from a vocabulary of 800 whose frequencies follow Zipf's law, two classes by word weights; logistic "
        + "regression, two passes over the documents. Effective rate of a word: sum of the changes of its weights over the sum of its "
        + "gradients' magnitudes in the second half "
        + "of the run; its exponent against the word's frequency. AdaGrad and SGD each at the best of five rates, chosen with a seed of "
        + "its own: validation loss at the end.",
        "每篇 12 个词、词表 800、词频服从 Zipf 定律的文档，按词的权重分为两类；逻辑回归，遍历文档两遍。词的有效学习率：后半程其权重变化之和除以梯度绝对值之和；拟合它对词频的指数。"
        + "AdaGrad 与 SGD 各取五个学习率中最好的（用单独的种子选择），比较最终验证损失。");

    public override LabText Refutation => (
        $"An exponent above {RateExponent}, or a validation loss above {LossOverSgd} of that of SGD.",
        $"指数高于 {RateExponent}，或验证损失高于 SGD 的 {LossOverSgd}。");

    public override IReadOnlyList<LabOption> Options =>
        [new("adaptive", "adagrad", ("the rule under test", "被测规则")), new("plain", "sgd", ("the rule beside it", "对照规则"))];

    public override void Run(LabContext context)
    {
        string[] rules = ["adaptive", "plain"];
        double[] rates = [.. rules.Select(rule => Rates(context.Option(rule)).MinBy(rate => Train(context, rule, rate, TuningSeed).Loss))];
        var runs = context.OverSeeds(seed => rules.Select((rule, i) => Train(context, rule, rates[i], seed)).ToArray());
        LabFigure exponent = context.Measure("rate-exponent", ("exponent of the effective rate against frequency", "有效学习率对词频的指数"),
            runs.Select(run => LabMath.Exponent(run[0].Frequency, run[0].Rate)));
        context.Measure("rate-exponent-plain", ("the same of the rule beside it", "对照规则的指数"),
            runs.Select(run => LabMath.Exponent(run[1].Frequency, run[1].Rate)));
        LabFigure loss = context.Measure("loss-over-plain", ("validation loss over that of the rule beside it", "与对照规则的验证损失之比"),
            runs.Select(run => run[0].Loss / run[1].Loss), LabScale.Logarithmic);
        context.Expect(exponent, LabRelation.AtMost, RateExponent, isEssential: true);
        context.Expect(loss, LabRelation.AtMost, LossOverSgd);
        context.Draw(new LinePicture(
            ("Effective rate of each word", "每个词的有效学习率"), new(("share of documents with the word", "含该词的文档比例"), LabScale.Logarithmic),
                new(("effective rate", "有效学习率"), LabScale.Logarithmic),
            [.. rules.Select((rule, i) => new LabSeries(context.Option(rule), runs[0][i].Frequency,
                runs[0][i].Rate) { IsPoints = true })]));
        context.Draw(new BarPicture(("Validation loss", "验证损失"), new(("loss", "损失")),
            [.. rules.Select((rule, i) => LabBar.Of($"{context.Option(rule)}, {rates[i]}", runs.Select(run => run[i].Loss)))]));
    }

    /// <summary>A single layer on sparse features bears rates that are far larger than those of deep networks.</summary>
    private static double[] Rates(string rule) => [.. LabNetworks.Rates(rule).Select(rate => rate * 10)];

    private static (double Loss, double[] Frequency, double[] Rate) Train(LabContext context, string rule, double rate, ulong seed)
    {
        const int Vocabulary = 800, Length = 12;
        int documents = context.Pick(400, 3000, 20_000), steps = context.Pick(40, 300, 2000);
        Dataset training = LabDocuments.Draw(documents, Vocabulary, Length, seed),
            held = LabDocuments.Draw(context.Pick(500, 2000, 4000), Vocabulary, Length, seed, part: 2);
        LabRates rates = new();
        Dense layer = new(Vocabulary, 2);
        Trainer trainer = new(
            new Sequential(layer), new TrainingSet(training),
            LabNetworks.Steps(LabDescent.At(context.Option(rule), rate), 20, steps, seed) with { Observers = [rates] });
        context.Fit(trainer, step =>
        {
            if (step.Updates == steps / 2)
                rates.Clear();
        });
        float[] features = new float[documents * Vocabulary];
        training.Gather<float>([.. Enumerable.Range(0, documents)], features);
        int offset = trainer.Parameters.Segments.Items.First(segment => segment.IsWeight).Offset;
        double[] seen = [.. Enumerable.Range(0, Vocabulary)
            .Select(word => Enumerable.Range(0, documents).Count(d => features[(d * Vocabulary) + word] > 0) / (double)documents)];
        int[] words = [.. Enumerable.Range(0, Vocabulary).Where(word => seen[word] > 0 && rates.Gradients[offset + (2 * word)] > 0)];
        return (
            LabNetworks.Evaluate(trainer.Module, held).Loss, [.. words.Select(word => seen[word])],
            [.. words.Select(word => rates.Changes[offset + (2 * word)] / rates.Gradients[offset + (2 * word)])]);
    }
}
