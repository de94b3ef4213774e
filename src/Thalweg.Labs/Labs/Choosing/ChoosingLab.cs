using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Choosing;

/// <summary>Which optimizer to choose: a ranking over problems at equal tuning budget.</summary>
internal sealed class ChoosingLab : Lab
{
    /// <summary>Loss of plain SGD on sparse data over that of the best adaptive method, at least.</summary>
    public const double SparseGain = 1.05;

    /// <summary>Ratio of the largest to the least loss of RMSProp, AdaDelta and Adam, as a mean over the problems, at most.</summary>
    public const double Alike = 1.5;

    /// <summary>Methods that are best on at least one problem, at least.</summary>
    public const double Winners = 2;

    /// <summary>Loss below which a problem counts as solved, whatever it is.</summary>
    private const double Solved = 0.002;

    public override string Name => "choosing";

    public override LabClaim Claim => new(
        ("For sparse data take an adaptive method; RMSProp, AdaDelta and Adam are close; no method is best everywhere.",
            "数据稀疏时用自适应方法；RMSProp、AdaDelta、Adam 效果相近；没有一种方法处处最好。"),
        ["003", "004"],
        [
            new("004", "如果数据是稀疏的，就用自适用方法，即 Adagrad, Adadelta, RMSprop, Adam。",
                "If the data are sparse, take an adaptive method: AdaGrad, AdaDelta, RMSProp, Adam."),
            new("004", "RMSprop, Adadelta, Adam 在很多情况下的效果是相似的。", "RMSProp, AdaDelta and Adam have similar effects in many cases."),
            new("003", "究竟在实践中该如何选择并没有定论。", "There is no agreed answer to which to choose in practice."),
        ],
        """
        <msub><mi>rank</mi><mi>m</mi></msub><mo>=</mo><munder><mi>min</mi><mi>&#x3B7;</mi></munder><mi>L</mi><mo>(</mo>
        <mi>m</mi><mo>,</mo><mi>&#x3B7;</mi><mo>)</mo>
        """);

    public override LabText Question => ("Which optimizer should I take?", "我该选哪个优化器？");

    public override LabText Method => (
        "Eight small problems, two of them with sparse features, are trained with six methods, each at its best of several learning "
            + "rates between 1e-3 and 3 times its usual one by 10, with the same number of updates. Compared is the training loss of the "
            + "last epoch; a problem whose loss is below 0.002 counts as solved.",
        "八个小问题（其中两个特征稀疏）用六种方法训练，每种方法取若干学习率（其惯用值的 1/30 到 30 倍）中最好的一个，更新次数相同。比较最后一轮的训练损失；损失低于 0.002 即视为已解决。");

    public override LabText Refutation => (
        $"Plain SGD that on the sparse problems comes within {SparseGain} of the best adaptive method; RMSProp, AdaDelta and Adam more "
            + $"than {Alike} times apart; one method that is best on all problems.",
        $"在稀疏问题上普通 SGD 与最佳自适应方法相差不到 {SparseGain} 倍；RMSProp、AdaDelta、Adam 相差超过 {Alike} 倍；或有一种方法在所有问题上最好。");

    public override LabText Limits => (
        "How close the methods are depends on how far training goes: where a problem is nearly solved, small losses differ by large factors "
        + "though the classes told are the same.",
        "各方法有多接近取决于训练进行到什么程度：问题几乎解决时，很小的损失之间也会相差很多倍，尽管判断的类别相同。");

    public override IReadOnlyList<LabOption> Options =>
        [new("methods", "sgd, momentum, adagrad, rmsprop, adadelta, adam",
            ("the optimizers; all but the first two count as adaptive", "各优化器；除前两个外均视为自适应方法"))];

    public override void Run(LabContext context)
    {
        NamedOptimizer[] methods = [.. Settings.ParseAll<NamedOptimizer>(context.Option("methods"))];
        (string Name, bool IsSparse, Func<ulong, Dataset> Data, Func<Dataset, Sequential> Network)[] problems =
        [
            ("moons", false, seed => context.Open("moons", 200, 50, seed).Training.Data, data =>
                Networks.Mlp(data, 1, 16, Activation.Tanh, Initializer.XavierUniform())),
            ("spirals", false, seed => context.Open("spirals", 300, 50, seed).Training.Data, data =>
                Networks.Mlp(data, 2, 16, Activation.Tanh, Initializer.XavierUniform())),
            ("xor", false, seed => context.Open("xor", 200, 50, seed).Training.Data, data =>
                Networks.Mlp(data, 1, 8, Activation.Relu, Initializer.HeNormal())),
            ("blobs", false, seed => context.Open("blobs", 200, 50, seed).Training.Data, data =>
                Networks.Mlp(data, 0, 0, Activation.Relu, Initializer.XavierUniform())),
            ("imbalanced", false, seed => context.Open("imbalanced", 300, 50, seed).Training.Data, data =>
                Networks.Mlp(data, 1, 8, Activation.Relu, Initializer.HeNormal())),
            ("glyphs", false, seed => context.Open("glyphs", 150, 50, seed).Training.Data, data =>
                Networks.Mlp(data, 1, 24, Activation.Relu, Initializer.HeNormal())),
            ("words", true, seed => GeneratedData.Words(300, 400, seed), data =>
                Networks.Mlp(data, 0, 0, Activation.Relu, Initializer.Normal(0.01))),
            ("rare words", true, seed => GeneratedData.Words(300, 2000, seed), data =>
                Networks.Mlp(data, 0, 0, Activation.Relu, Initializer.Normal(0.01))),
        ];
        double[] factors = context.Pick<double[]>([0.1, 1, 10], [1 / 30.0, 0.1, 0.3, 1, 3, 10, 30],
            [1 / 100.0, 1 / 30.0, 0.1, 0.3, 1, 3, 10, 30, 100]);
        context.Plan(problems.Length * context.Seeds.Count);
        double[][][] losses = [.. problems.Select(problem => context.OverSeeds(seed =>
        {
            Dataset data = problem.Data(seed);
            return methods.Select(method => factors.Min(factor =>
                Train(context, data, problem.Network(data), method with { LearningRate = factor * UsualRate(method) }, seed))).ToArray();
        }))];
        int[] seeds = [.. Enumerable.Range(0, context.Seeds.Count)];
        int[] sparse = [.. Enumerable.Range(0, problems.Length).Where(problem => problems[problem].IsSparse)];
        LabFigure gain = context.Measure("sparse-gain",
            ("loss of SGD on sparse data over that of the best adaptive method", "稀疏数据上 SGD 与最佳自适应方法的损失之比"),
            seeds.Select(seed => Math.Exp(sparse.Average(problem =>
                Math.Log(losses[problem][seed][0] / losses[problem][seed][2..].Min())))), LabScale.Logarithmic);
        LabFigure alike = context.Measure("alike",
            ("largest over least loss of RMSProp, AdaDelta and Adam, mean over the problems", "RMSProp、AdaDelta、Adam 的最大与最小损失之比，对各问题取平均"),
            seeds.Select(seed => Math.Exp(losses.Average(problem => Math.Log(problem[seed][3..].Max() / problem[seed][3..].Min())))),
                LabScale.Logarithmic);
        LabFigure winners = context.Measure("winners", ("methods that alone are best on one problem or more", "至少在一个问题上独自最好的方法数"),
            seeds.Select(seed => (double)losses.Select(problem => problem[seed]).Where(all => all.Count(loss => loss == all.Min()) == 1)
                .Select(all => Array.IndexOf(all, all.Min())).Distinct().Count()));
        context.Expect(gain, LabRelation.AtLeast, SparseGain);
        context.Expect(alike, LabRelation.AtMost, Alike);
        context.Expect(winners, LabRelation.AtLeast, Winners);
        context.Draw(new TablePicture(("Training loss at the best rate, with its interval; rank in brackets", "最佳学习率下的训练损失及其区间；括号内为名次"),
            [("problem", "问题"), .. methods.Select(method => (LabText)method.ToString())],
            [.. problems.Select((problem, i) => (IReadOnlyList<LabText>)[problem.Name, .. methods
                .Select((_, m) => (LabText)Cell(losses[i], m))])]));
    }

    private static string Cell(double[][] seeds, int method)
    {
        LabFigure figure = new("", "", [.. seeds.Select(seed => seed[method])], LabScale.Logarithmic);
        int rank = 1 + seeds[0].Select((_, other) => seeds.Average(seed => Math.Log(seed[other]))).Count(mean => mean < seeds
            .Average(seed => Math.Log(seed[method])));
        return $"{LabWords.Interval(figure.Mean, figure.Interval.Low, figure.Interval.High)} ({rank})";
    }

    /// <summary>The rate around which those that are tried lie.</summary>
    private static double UsualRate(NamedOptimizer method) => method switch
    {
        Sgd => 0.3,
        Momentum => 0.03,
        AdaGrad => 0.1,
        AdaDelta => 1,
        _ => 0.01,
    };

    private static double Train(LabContext context, Dataset data, Sequential network, NamedOptimizer optimizer, ulong seed)
    {
        TrainerOptions options = new()
        {
            Optimizer = optimizer,
            Epochs = context.Pick(5, 10, 20),
            BatchSize = 25,
            Seed = seed,
            Patience = 0
        };
        return Math.Max(Solved, context.Fit(new Trainer(network, new TrainingSet(data), options)).FinalLoss(10));
    }
}
