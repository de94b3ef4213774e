using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs.Choosing;

/// <summary>A score that was used to choose flatters; one on data that nobody looked at does not.</summary>
internal sealed class HoldoutLab : Lab
{
    /// <summary>Accuracy of the chosen network on the data it was chosen by, minus that on fresh data, at least.</summary>
    public const double Optimism = 0.005;

    /// <summary>The same for test data that had no part in the choice: at most this far from 0.</summary>
    public const double Honest = 0.02;

    public override string Name => "holdout";

    public override LabClaim Claim => new(
        ("Hyperparameters must be judged on validation data; judging them on test data flatters the result.",
            "超参数必须用验证数据来评估；用测试数据评估会美化结果。"),
        ["002"],
        [
            new("002", "不能使用测试数据评估超参数的性能", "Test data must not be used to judge hyperparameters."),
            new("002", "测试数据确认泛化能力，要在最后使用(比较理想的是只用一次)；",
                "Test data confirm the ability to generalize; they are to be used at the end (ideally only once)."),
        ],
        """
        <mi>E</mi><mrow><mo>[</mo><munder><mi>max</mi><mi>k</mi></munder><msub><mover><mi>A</mi><mo>&#x5E;</mo></mover>
        <mi>k</mi></msub><mo>]</mo></mrow><mo>&#x2265;</mo><munder><mi>max</mi><mi>k</mi></munder><mi>E</mi><mrow><mo>[</mo>
        <msub><mover><mi>A</mi><mo>&#x5E;</mo></mover><mi>k</mi></msub><mo>]</mo></mrow>
        """);

    public override LabText Question => ("How much does choosing by the test data flatter?", "用测试数据来选择会把结果美化多少？");

    public override LabText Method => (
        "Networks with random widths, rates and decays learn two overlapping half moons. The best on 50 points is chosen; its accuracy "
            + "there is compared with that on thousands of fresh points. The same choice by the option judge stands beside: chosen by "
            + "other validation points, then read once on the 50.",
        "宽度、学习率和衰减随机的网络学习两个重叠的半月形。以 50 个点上的成绩选出最佳者，把它在这些点上的正确率与数千个新点上的正确率比较。另按选项 judge 的方式对照：用另外的验证点选择，再在这 50 个点上只读一次。");

    public override LabText Refutation => (
        $"A score of the chosen network that is less than {Optimism} above that on fresh data; for the remedy, one that is more than "
            + $"{Honest} off when the choice was made by other data.",
        $"所选网络的成绩比新数据上高出不到 {Optimism}；就补救办法而言，用其他数据选择时偏差超过 {Honest}。");

    public override IReadOnlyList<LabOption> Options =>
    [
        new("judge", "validation", ("data that the honest choice is made by: validation or test", "诚实选择所用的数据：validation 或 test")),
        new("chooser", "test", ("data that the flattering choice is made by: test or fresh", "美化的选择所用的数据：test 或 fresh")),
    ];

    public override void Run(LabContext context)
    {
        const int Small = 50;
        int candidates = context.Pick(20, 40, 60), fresh = context.Pick(1000, 2000, 10000), pieces = context.Pick(20, 25, 40);
        context.Plan(context.Seeds.Count);
        (double Flattering, double Honest, double[] Scores)[] runs = context.OverSeeds(seed =>
        {
            List<(double Flattering, double Honest)> repeats = [];
            double[] scores = [];
            for (int piece = 0; piece < pieces; piece++)
            {
                ulong name = (seed * 100) + (ulong)piece;
                Dataset[] parts = [Moons(60, name), Moons(Small, name + 1_000_000), Moons(Small, name + 2_000_000),
                    Moons(fresh, name + 3_000_000)];
                double[][] accuracies = [.. Enumerable.Range(0, candidates).Select(candidate => Train(context, parts, name, candidate))];
                int byTest = Best(accuracies, context.Option("chooser") == "fresh" ? 2 : 0);
                int byOther = Best(accuracies, context.Option("judge") == "test" ? 0 : 1);
                repeats.Add((accuracies[byTest][0] - accuracies[byTest][2], accuracies[byOther][0] - accuracies[byOther][2]));
                scores = [.. accuracies.Select(scores => scores[0] - scores[2])];
            }

            return (repeats.Average(repeat => repeat.Flattering), repeats.Average(repeat => repeat.Honest), scores);
        });
        LabFigure optimism = context.Measure("optimism",
            ("accuracy on the data of the choice minus that on fresh data", "选择所用数据上的正确率减去新数据上的正确率"), runs.Select(run => run.Flattering));
        LabFigure honest = context.Measure("honest",
            ("accuracy on test data without part in the choice minus that on fresh data, as a distance from 0",
            "未参与选择的测试数据上的正确率与新数据上之差的绝对值"), runs.Select(run => run.Honest));
        context.Expect(optimism, LabRelation.AtLeast, Optimism, isEssential: true);
        context.Expect(honest, LabRelation.AtMost, Honest);
        context.Expect(honest, LabRelation.AtLeast, -Honest);
        context.Draw(new BarPicture(("Accuracy reported minus accuracy on fresh data", "报告的正确率减去新数据上的正确率"), new(("difference", "差")),
            [LabBar.Of(("chosen by the test data", "用测试数据选择"), optimism), LabBar.Of(("chosen by validation data", "用验证数据选择"), honest)]));
        context.Draw(new HistogramPicture(("What 50 points say of each candidate, minus the truth", "50 个点对各候选的评价减去真实值"),
            new(("difference", "差")),
            [new("", [LabHistogram.Of(("all candidates", "所有候选"), runs.SelectMany(run => run.Scores).ToArray(), -0.2, 0.2, 31)])]));
    }

    private static int Best(double[][] accuracies, int part) =>
        Enumerable.Range(0, accuracies.Length).MaxBy(candidate => accuracies[candidate][part]);

    /// <summary>Two half moons with so much noise that nobody tells them apart without error; coordinates as they are.</summary>
    private static Dataset Moons(int count, ulong seed)
    {
        float[] points = new float[2 * count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            RandomStream random = new(seed, RandomPurpose.Data, (ulong)i);
            labels[i] = i % 2;
            double angle = Math.PI * random.NextDouble(), side = labels[i] == 0 ? 1 : -1;
            points[2 * i] = (float)((side * Math.Cos(angle)) + (labels[i] == 0 ? -0.5 : 0.5) + (0.45 * random.NextNormal()));
            points[(2 * i) + 1] = (float)((side * Math.Sin(angle)) - (0.25 * side) + (0.45 * random.NextNormal()));
        }

        return Dataset.ForClassification(points, [2], labels, ["upper", "lower"]);
    }

    /// <summary>Accuracy on the test, the validation and the fresh data.</summary>
    private static double[] Train(LabContext context, Dataset[] parts, ulong seed, int candidate)
    {
        RandomStream random = new(seed, RandomPurpose.Search, (ulong)candidate);
        int width = 1 << (1 + random.NextInt32(5));
        Sequential network = new(new Dense(2, width, Activation.Tanh), new Dense(width, 2));
        TrainerOptions options = new()
        {
            Optimizer = new Adam(Math.Pow(10, random.NextDouble(-2, -1))) with { Decay = Math.Pow(10, random.NextDouble(-6, -2)) },
            Epochs = 15,
            BatchSize = 10,
            Seed = seed + (ulong)candidate,
            Patience = 0,
        };
        context.Fit(new Trainer(network, new TrainingSet(parts[0]), options));
        Evaluator evaluator = new(network, null);
        return [.. parts[1..].Select(part => evaluator.Evaluate(part).Accuracy)];
    }
}
