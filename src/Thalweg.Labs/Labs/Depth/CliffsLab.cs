using System.Globalization;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Labs.Depth;

/// <summary>A cliff throws a step far away; clipping the norm of the gradient prevents it.</summary>
internal sealed class CliffsLab : Lab
{
    /// <summary>Farthest step on the surface without clipping over that with, at least.</summary>
    public const double Thrown = 5;

    /// <summary>Loss on the surface after the last step, with clipping over without, at most.</summary>
    public const double LossOnSurface = 0.5;

    /// <summary>Largest update of a recurrent network without clipping over that with, at least.</summary>
    public const double LargestUpdate = 3;

    /// <summary>Final loss of the recurrent network, with clipping over without, at most.</summary>
    public const double LossOfNetwork = 0.95;

    private const int Steps = 50;

    public override string Name => "cliffs";

    public override LabClaim Claim => new(
        ("A cliff throws a step far away; clipping the norm of the gradient prevents it.", "悬崖会把一步更新抛得很远；裁剪梯度的范数可以避免。"),
        ["003", "004"],
        [
            new("003", "当遇到这种悬崖结构时，梯度更新会很大程度的改变参数的值，进而跳过这样的区域。",
                "At such a cliff a gradient update changes the parameters very much, and so jumps over the region."),
            new("003", "基本想法在于梯度只是指明了移动的最佳方向，并没有指明最佳步长，因此启发式梯度截断会减小步长，使得梯度下降不太可能一步走出最陡下降方向的悬崖区域。",
                "The idea is that the gradient tells the best direction, not the best step: gradient clipping makes the step smaller, so "
                    + "that gradient descent hardly leaves the cliff in the direction of steepest descent with one step."),
        ],
        """
        <mi>g</mi><mo>&#x2190;</mo><mi>g</mi><mo>&#x22C5;</mo><mi>min</mi><mrow><mo>(</mo><mn>1</mn><mo>,</mo><mfrac>
        <mi>c</mi><mrow><mo>&#x2016;</mo><mi>g</mi><mo>&#x2016;</mo></mrow></mfrac><mo>)</mo></mrow>
        """);

    public override LabText Question => ("Why does the loss of a recurrent network jump, and what helps?", "循环网络的损失为什么会突然跳变，怎样避免？");

    public override LabText Method => (
        "(1) One unit, h' = σ(w h + b), 50 steps long, is to end at 0.7: gradient descent starts beside the cliff of this loss, with and "
            + "without clipping. (2) A tanh network with a recurrent matrix of spectral radius 1.5 learns to recall the first symbol of "
            + "a sequence by SGD; the largest update and the loss at the end, with and without clipping.",
        "(1) 单个单元 h' = σ(w h + b) 迭代 50 步，目标为 0.7：梯度下降从该损失的悬崖旁出发，有无裁剪。(2) 循环矩阵谱半径为 1.5 的 tanh 网络以 SGD 学习回忆序列的首个符号；比较有无裁剪时的最大更新与最终损失。");

    public override LabText Refutation => (
        $"A farthest step less than {Thrown} times as far without clipping, or a loss after it that clipping does not halve; for the "
            + $"network, updates less than {LargestUpdate} times as large, or a final loss that is no better with clipping.",
        $"无裁剪时最远的一步不到有裁剪时的 {Thrown} 倍，或裁剪没有使其后的损失减半；对网络而言，最大更新不到 {LargestUpdate} 倍，或裁剪后的最终损失并无改善。");

    public override LabText Limits => (
        "Clipping prevents the throw, not the fall: a step that is short, but crosses the edge, ends on the low side of the cliff, where "
            + "the surface is flat and the loss high.",
        "裁剪能避免被抛出，却不能避免跌落：即使步子很短，一旦越过边缘，也会落到悬崖低的一侧，那里地形平坦、损失很高。");

    public override IReadOnlyList<LabOption> Options =>
        [new("clip", "0.1", ("largest norm of the gradient on the surface; that of the network is ten times as large",
        "曲面上梯度的最大范数；网络的为其十倍"))];

    public override void Run(LabContext context)
    {
        double clip = double.Parse(context.Option("clip"), CultureInfo.InvariantCulture);
        context.Plan(3 * context.Seeds.Count);
        (double W, double B)[][] paths = [], clippedPaths = [];
        (double Far, double Loss, double FarClipped, double LossClipped)[] falls = context.OverSeeds(seed =>
        {
            RandomStream random = new(seed, RandomPurpose.User);
            double w = random.NextDouble(5, 6);
            (double W, double B) start = (w, (-w / 2) + random.NextDouble(0.02, 0.06));
            (double W, double B)[] free = Descend(start, new Sgd(0.5)),
                clipped = Descend(start, [new ClipByGlobalNorm(clip), new ScaleByLearningRate(0.5)]);
            (paths, clippedPaths) = ([.. paths, free], [.. clippedPaths, clipped]);
            return (Farthest(free), LossAfter(free), Farthest(clipped), LossAfter(clipped));
        });
        LabFigure thrown = context.Measure("thrown", ("farthest step on the surface, without clipping over with", "曲面上最远的一步之比（无裁剪/有裁剪）"),
            falls.Select(fall => fall.Far / fall.FarClipped), LabScale.Logarithmic);
        LabFigure after = context.Measure("loss-on-surface",
            ("loss on the surface, mean of the last 20 steps, with clipping over without", "曲面上最后 20 步平均损失之比（有裁剪/无裁剪）"), falls
            .Select(fall => fall.LossClipped / fall.Loss), LabScale.Logarithmic);
        (double Largest, double[] Losses)[] free = context.OverSeeds(seed => Repeated(context, new Sgd(0.1), seed));
        (double Largest, double[] Losses)[] clipped =
            context.OverSeeds(seed => Repeated(context, [new ClipByGlobalNorm(10 * clip), new ScaleByLearningRate(0.1)], seed));
        LabFigure update = context.Measure("largest-update",
            ("largest update of the network, without clipping over with", "网络最大更新之比（无裁剪/有裁剪）"), free
            .Zip(clipped, (a, b) => a.Largest / b.Largest), LabScale.Logarithmic);
        LabFigure final = context.Measure("loss-of-network",
            ("final loss of the network, with clipping over without", "网络最终损失之比（有裁剪/无裁剪）"), free
            .Zip(clipped, (a, b) => b.Losses[^1] / a.Losses[^1]), LabScale.Logarithmic);
        context.Expect(thrown, LabRelation.AtLeast, Thrown, isEssential: true);
        context.Expect(after, LabRelation.AtMost, LossOnSurface);
        context.Expect(update, LabRelation.AtLeast, LargestUpdate);
        context.Expect(final, LabRelation.AtMost, LossOfNetwork);
        context.Draw(new PathPicture(("Gradient descent beside a cliff: the unit's weight across, its bias up", "悬崖旁的梯度下降：横轴为权重，纵轴为偏置"),
            LabSurface.Of(Loss, (3, 7), (-4.5, -1.5)),
            [new(("without clipping", "无裁剪"), [.. paths[0].Select(p => p.W)], [.. paths[0].Select(p => p.B)]),
                new(("clipped", "有裁剪"), [.. clippedPaths[0].Select(p => p.W)], [.. clippedPaths[0].Select(p => p.B)])]));
        double[] x = [.. Enumerable.Range(1, free[0].Losses.Length).Select(step => (double)step)];
        context.Draw(new LinePicture(("Loss of the recurrent network", "循环网络的损失"), new(("update", "更新次数")),
            new(("loss", "损失"), LabScale.Logarithmic),
            [LabSeries.Of(("without clipping", "无裁剪"), x, [.. free.Select(run => run.Losses)]),
                LabSeries.Of(("clipped", "有裁剪"), x, [.. clipped.Select(run => run.Losses)])]));
    }

    /// <summary>(h_50 - 0.7)^2 of h' = sigmoid(w h + b) from 0.5. Source: Pascanu, Mikolov, Bengio, ICML 2013, figure 6.</summary>
    private static double Loss(double w, double b)
    {
        double h = 0.5;
        for (int step = 0; step < Steps; step++)
            h = 1 / (1 + Math.Exp(-((w * h) + b)));
        return (h - 0.7) * (h - 0.7);
    }

    private static double LossAfter((double W, double B)[] path) => path[^20..].Average(at => Loss(at.W, at.B));

    private static double Farthest((double W, double B)[] path) =>
        path.Zip(path.Skip(1), (a, b) => Math.Sqrt(((a.W - b.W) * (a.W - b.W)) + ((a.B - b.B) * (a.B - b.B)))).Max();

    private static (double W, double B)[] Descend((double W, double B) start, Chain optimizer)
    {
        double[] at = [start.W, start.B];
        OptimizerRun run = new(optimizer, ParameterSegments.Single(2), DType.Float64);
        List<(double, double)> path = [start];
        for (int step = 0; step < 60; step++)
        {
            Tensor theta = Tensor.From(at, [2]);
            theta.RequiresGrad = true;
            Tensor w = theta.Slice(0, 0, 1), b = theta.Slice(0, 1, 1), h = Tensor.Full([1], 0.5, DType.Float64);
            for (int i = 0; i < Steps; i++)
                h = ((w * h) + b).Activate(Activation.Sigmoid);
            run.Step<double>(at, Gradients.Of(h.Add(-0.7).Square().Sum(), theta)[0].ToArray<double>());
            path.Add((at[0], at[1]));
        }

        return [.. path];
    }

    /// <summary>The largest update and the mean losses of several networks.</summary>
    private static (double Largest, double[] Losses) Repeated(LabContext context, Chain optimizer, ulong seed)
    {
        (double Largest, double[] Losses)[] runs =
            [.. Enumerable.Range(0, context.Pick(1, 4, 6)).Select(i => Train(context, optimizer, (seed * 100) + (ulong)i))];
        return (runs.Average(run => run.Largest), [.. Enumerable.Range(0, runs[0].Losses.Length)
            .Select(step => runs.Average(run => run.Losses[step]))]);
    }

    private static (double Largest, double[] Losses) Train(LabContext context, Chain optimizer, ulong seed)
    {
        const double Cap = 20;
        Dataset data = GeneratedData.Recall(context.Pick(60, 200, 1000), 10, seed);
        Rnn rnn = new(data.FeatureShape[1], 16, Activation.Tanh, new RecurrentOptions { AllSteps = false });
        Sequential network = new(rnn, new Dense(16, GeneratedData.RecallSymbols));
        network.Initialize(seed);
        Tensor recurrent = network.NamedParameters().First(p => p.Parameter.Shape == new Shape(16, 16)).Parameter.Value;
        RandomStream random = new(seed, RandomPurpose.User);
        Initializers.Initializer.Orthogonal(1.5).Fill(recurrent, ref random);
        TrainerOptions options = new()
        {
            Optimizer = optimizer,
            Epochs = context.Pick(6, 15, 20),
            BatchSize = 20,
            Seed = seed,
            Patience = 0
        };
        Trainer trainer = new(network, new TrainingSet(data), options);
        float[] before = trainer.Parameters.Values.ToArray<float>();
        double largest = 0;
        List<double> losses = [];
        context.Fit(trainer, step =>
        {
            float[] after = trainer.Parameters.Values.ToArray<float>();
            largest = Math.Max(largest, Math.Sqrt(before.Zip(after, (a, b) => (double)(a - b) * (a - b)).Sum()));
            before = after;
            losses.Add(double.IsFinite(step.Loss) ? Math.Min(step.Loss, Cap) : Cap);
        });
        return (largest, Smooth(losses, (int)trainer.TotalSteps, Cap));
    }

    /// <summary>Mean of the ten losses up to each update; the cap after a run that ended early.</summary>
    private static double[] Smooth(List<double> losses, int steps, double cap) => [.. Enumerable.Range(0, steps)
        .Select(step => step < losses.Count ? losses[Math.Max(0, step - 9)..(step + 1)].Average() : cap)];
}
