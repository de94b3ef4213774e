using Thalweg.Optimizers;

namespace Thalweg.Labs.Optimizing;

/// <summary>Gradient descent zigzags in a ravine; momentum, AdaGrad and Adam go straighter.</summary>
internal sealed class RandomWalkLab : Lab
{
    /// <summary>Length of the path over that of gradient descent, at most.</summary>
    public const double LengthRatio = 0.8;

    /// <summary>Turns across the ravine over those of gradient descent, at most.</summary>
    public const double TurnRatio = 0.5;

    private const int Steps = 30;

    private static readonly string[] s_names = ["momentum", "adagrad", "adam"];

    public override string Name => "random-walk";

    public override LabClaim Claim => new(
        ("On f = x²/20 + y² from (-7, 2) gradient descent zigzags; momentum, AdaGrad and Adam go straighter.",
            "在 f = x²/20 + y² 上从 (-7, 2) 出发，SGD 呈之字形移动；Momentum、AdaGrad 和 Adam 的路径更直。"),
        ["001"],
        [
            new("001", "SGD的缺点在于，如果函数的形状**非均向（anisotropic）**，比如呈延申状，搜索路径的效率就会非常低，这是因为梯度的方向是指向梯度下降最快的方向，而非最小值的方向。",
                "The weakness of SGD: where the function is anisotropic, such as a stretched one, the path of the search is very "
                + "inefficient, because the gradient points where the function falls fastest and not to the minimum."),
        ],
        "<mi>f</mi><mo>(</mo><mi>x</mi><mo>,</mo><mi>y</mi><mo>)</mo><mo>=</mo><mfrac><msup><mi>x</mi><mn>2</mn></msup><mn>20</mn></mfrac>"
        + "<mo>+</mo><msup><mi>y</mi><mn>2</mn></msup>");

    public override LabText Question =>
        ("Which rules go straight to the minimum of a ravine, and which wander?", "在狭长的谷中，哪些方法直奔最小值，哪些来回摆动？");

    public override LabText Method => (
        $"{Steps} updates on f by each rule with the rates of the source's book: first from (-7, 2), then from points drawn within 30 % "
        + "of it, one for each further seed. Measured: the length of the path over the straight distance from its first point to its "
        + "last, and how often y changes its sign; both are divided by those of gradient descent. Its rate 0.95 is the best fixed rate of "
        + "this f, 2/(0.1 + 2), to three digits.",
        $"各方法用教材中的学习率在 f 上更新 {Steps} 次：先从 (-7, 2) 出发，其余种子各取其 30% 范围内的随机点。测量路径长度与首末直线距离之比，以及 y 变号的次数，均除以 SGD 的相应值。"
        + "SGD 的学习率 0.95 正是该函数最佳的固定学习率 2/(0.1+2)。");

    public override LabText Refutation => (
        $"A rule whose path is longer than {LengthRatio} of that of gradient descent, or that turns more than {TurnRatio} as often.",
        $"某方法的路径长于 SGD 的 {LengthRatio} 倍，或变号次数多于 SGD 的 {TurnRatio} 倍。");

    public override LabText Limits => (
        "Straight is not yet soon: whether AdaGrad and Adam arrive earlier depends on their rates. From starts near the axis of the "
        + "ravine AdaGrad's first step, which is as long in every direction, leads across it and makes it turn as well.",
        "路径直并不等于到得早：AdaGrad 与 Adam 是否更早到达取决于学习率。若起点靠近谷轴，AdaGrad 在各方向等长的第一步会越过谷底，因而也会来回。");

    public override IReadOnlyList<LabOption> Options =>
    [
        new("sgd", "sgd(0.95)", ("gradient descent", "梯度下降")),
        new("momentum", "momentum(0.1, mu=0.9)", ("momentum", "动量法")),
        new("adagrad", "adagrad(1.5)", ("AdaGrad", "AdaGrad 方法")),
        new("adam", "adam(0.3)", ("Adam", "Adam 方法")),
    ];

    public override void Run(LabContext context)
    {
        string[] rules = ["sgd", .. s_names];
        double[][][][] paths = context.OverSeeds(seed => rules.Select(rule => Follow(context, rule, seed)).ToArray());
        foreach ((string rule, int i) in s_names.Select((rule, i) => (rule, i + 1)))
        {
            LabFigure length = context.Measure(
                $"length-{rule}", ($"length of the path of {rule} over that of sgd", $"{rule} 与 sgd 的路径长度之比"),
                paths.Select(seed => Wander(seed[i]) / Wander(seed[0])), LabScale.Logarithmic);
            LabFigure turns = context.Measure(
                $"turns-{rule}", ($"sign changes of y, {rule} over sgd", $"{rule} 与 sgd 的 y 变号次数之比"),
                paths.Select(seed => Turns(seed[i]) / (double)Math.Max(1, Turns(seed[0]))));
            context.Expect(length, LabRelation.AtMost, LengthRatio);
            context.Expect(turns, LabRelation.AtMost, TurnRatio);
        }

        context.Draw(new PathPicture(
            ($"{Steps} updates from (-7, 2), as in the source", $"从 (-7, 2) 出发的 {Steps} 次更新，同原文"),
            LabSurface.Of((x, y) => (x * x / 20) + (y * y), (-10, 10), (-5, 5)),
            [.. rules.Select((rule, i) => new LabPath(context.Option(rule), [.. paths[0][i].Select(p => p[0])],
                [.. paths[0][i].Select(p => p[1])]))]));
        context.Draw(new TablePicture(
            ("The paths from (-7, 2)", "从 (-7, 2) 出发的路径"),
            [("rule", "方法"), ("length / straight distance", "长度/直线距离"), ("sign changes of y", "y 变号次数"), ("f at the end", "终点的 f")],
            [.. rules.Select((rule, i) => (IReadOnlyList<LabText>)
                [context.Option(rule), Text(Wander(paths[0][i])), $"{Turns(paths[0][i])}", Text(Value(paths[0][i][^1]))])]));
    }

    private static double[][] Follow(LabContext context, string rule, ulong seed)
    {
        RandomStream random = new(seed, RandomPurpose.User);
        double[] start = seed == 1 ? [-7, 2] : [-7 * random.NextDouble(0.7, 1.3), 2 * random.NextDouble(0.7, 1.3)];
        return LabDescent.Path(
            context, ChainText.Parse(context.Option(rule)), (point, gradient) =>
            {
                (gradient[0], gradient[1]) = (point[0] / 10, 2 * point[1]);
                return Value(point);
            },
            start, Steps);
    }

    private static double Value(ReadOnlySpan<double> point) => (point[0] * point[0] / 20) + (point[1] * point[1]);

    private static double Wander(double[][] path) =>
        path.Zip(path.Skip(1), (from, to) => LabMath.Distance(from, to)).Sum() / LabMath.Distance(path[0], path[^1]);

    private static int Turns(double[][] path) => path.Zip(path.Skip(1)).Count(pair => pair.First[1] * pair.Second[1] < 0);

    private static LabText Text(double number) => number.ToString("g4", System.Globalization.CultureInfo.InvariantCulture);
}
