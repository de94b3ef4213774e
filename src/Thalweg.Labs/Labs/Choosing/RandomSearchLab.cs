using Thalweg.Runs;
using Thalweg.Tuning;

namespace Thalweg.Labs.Choosing;

/// <summary>Random search over log scales finds good rates and decays, and beats a grid where one setting matters most.</summary>
internal sealed class RandomSearchLab : Lab
{
    /// <summary>Best loss of the grid over that of random search at the same number of trials, at least.</summary>
    public const double AgainstGrid = 1.02;

    /// <summary>Best loss of random search over the best of a fine sweep of the rate, at most.</summary>
    public const double AgainstBest = 1.25;

    private const int Trials = 16;

    public override string Name => "random-search";

    public override LabClaim Claim => new(
        ("Random search over log scales finds good learning rates and decays.", "在对数尺度上随机搜索能找到好的学习率和权值衰减。"),
        ["001", "003"],
        [new("003", "如果计算资源允许，将每层权重的初始值范围设定为一个超参数通常是一个好主意，比如随机搜索来进行参数挑选。",
            "If computing resources allow it, it is usually a good idea to make the scale of the initial weights of each layer a "
                + "hyperparameter, chosen for example by random search.")],
        """
        <mi>log</mi><mi>&#x3B7;</mi><mo>&#x223C;</mo><mi>U</mi><mo>(</mo><mi>log</mi><msup><mn>10</mn><mrow><mo>&#x2212;</mo>
        <mn>5</mn></mrow></msup><mo>,</mo><mi>log</mi><mn>10</mn><mo>)</mo>
        """);

    public override LabText Question => ("Random search or a grid, at equal budget?", "同样的预算下，随机搜索还是网格？");

    public override LabText Method => (
        $"{Trials} trainings on two half moons choose learning rate, weight decay, dropout and clipping by validation loss: at random on "
            + $"log scales (the option sampler), at random on linear scales, and on a grid of 2 x 2 x 2 x 2. A sweep of the rate alone "
            + $"in 24 steps says what is possible.",
        $"在两个半月形数据上用 {Trials} 次训练按验证损失选择学习率、权值衰减、Dropout 和裁剪：在对数尺度上随机（选项 sampler）、在线性尺度上随机，以及 2 x 2 x 2 x 2 的网格。另以 24 档单独扫描学习率，作为可达到的水平。");

    public override LabText Refutation => (
        $"A grid whose best loss is less than {AgainstGrid} times that of random search, or a random search that stays more than "
            + $"{AgainstBest} times above the best of the sweep.",
        $"网格的最佳损失不到随机搜索的 {AgainstGrid} 倍，或随机搜索比扫描的最佳结果高出 {AgainstBest} 倍以上。");

    public override IReadOnlyList<LabOption> Options => [new("sampler", "random", ("sampler under test", "被检验的采样器"))];

    public override void Run(LabContext context)
    {
        SearchSpace logs = SearchSpace.Parse(
            "training.optimizer.learning_rate=log(1e-5, 10)", "training.optimizer.weight_decay=log(1e-8, 1e-3)",
                "network.dropout=uniform(0, 0.1)", "training.optimizer.clip_norm=log(1, 100)");
        SearchSpace linear = SearchSpace.Parse(
            "training.optimizer.learning_rate=uniform(1e-5, 10)", "training.optimizer.weight_decay=uniform(1e-8, 1e-3)",
                "network.dropout=uniform(0, 0.1)", "training.optimizer.clip_norm=uniform(1, 100)");
        Recipe recipe = Recipe.Parse($$"""
            data: { source: moons, samples: {{context.Pick(120, 200, 400)}}, split: { validation: 0.4, test: none } }
            network: mlp:16
            training: { epochs: {{context.Pick(5, 10, 20)}}, batch_size: 20 }
            """);
        RunData data = recipe.OpenData();
        double Loss(TrialPoint point)
        {
            Recipe changed = point.Aggregate(recipe, (each, setting) => each.With(setting.Key, setting.Value.Text));
            double best = context.Fit(changed.Prepare(data).Trainer).Epochs.Min(epoch => epoch.Validation.Loss);
            return double.IsFinite(best) ? best : 10;
        }

        double[] Search(Sampler sampler, SearchSpace space, ulong seed) => [.. Enumerable.Range(0, Trials)
            .Select(number => Loss(sampler.Suggest(new(space, [new("loss", Maximize: false)], [], [], number, seed))))];

        Sampler sampler = Sampler.Parse(context.Option("sampler"));
        context.Plan(2 * context.Seeds.Count);
        double[] grid = Search(new GridSampler(2), logs, 1);
        double sweep = Enumerable.Range(0, 24).Min(i =>
            Loss(TrialPoint.Parse(FormattableString.Invariant($"training.optimizer.learning_rate={1e-5 * Math.Pow(1e6, i / 23.0)}"))));
        int searches = context.Pick(1, 4, 8);
        double[][] Repeated(SearchSpace space) => context.OverSeeds(seed => MeanSoFar(
            [.. Enumerable.Range(0, searches).Select(search => Search(sampler, space, (seed * 100) + (ulong)search))]));
        double[][] random = Repeated(logs), unscaled = Repeated(linear);
        LabFigure againstGrid = context.Measure("against-grid", ("best loss of the grid over that of random search", "网格与随机搜索的最佳损失之比"),
            random.Select(trials => grid.Min() / trials.Min()), LabScale.Logarithmic);
        LabFigure againstBest = context.Measure("against-best", ("best loss of random search over that of the sweep", "随机搜索与扫描的最佳损失之比"),
            random.Select(trials => trials.Min() / sweep), LabScale.Logarithmic);
        context.Measure("log-scale", ("best loss on linear scales over that on log scales", "线性与对数尺度的最佳损失之比"), unscaled
            .Zip(random, (a, b) => a.Min() / b.Min()), LabScale.Logarithmic);
        context.Expect(againstGrid, LabRelation.AtLeast, AgainstGrid);
        context.Expect(againstBest, LabRelation.AtMost, AgainstBest, isEssential: true);
        double[] x = [.. Enumerable.Range(1, Trials).Select(trial => (double)trial)];
        context.Draw(new LinePicture(("Best validation loss so far", "迄今最佳验证损失"), new(("trials", "试验次数")),
            new(("loss", "损失"), LabScale.Logarithmic),
        [
            LabSeries.Of(("random, log scales", "随机，对数尺度"), x, random, LabScale.Logarithmic),
            LabSeries.Of(("random, linear scales", "随机，线性尺度"), x, unscaled, LabScale.Logarithmic),
            new(("grid", "网格"), x, MeanSoFar([grid])) { IsDashed = true },
        ]));
    }

    /// <summary>Best loss of the first trials, as a geometric mean over searches: [trials].</summary>
    private static double[] MeanSoFar(double[][] searches) => [.. Enumerable.Range(1, Trials)
        .Select(count => Math.Exp(searches.Average(trials => Math.Log(trials[..count].Min()))))];
}
