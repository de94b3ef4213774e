using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Labs.Depth;

/// <summary>What comes back over time scales as the eigenvalues to the power of the distance.</summary>
internal sealed class LongTermLab : Lab
{
    /// <summary>Difference between the growth per step and the spectral radius, as a share of it, at most.</summary>
    public const double Difference = 0.03;

    /// <summary>Growth per step of the gradient through an LSTM with an open forget gate over that through a tanh network, at
    /// least.</summary>
    public const double LstmOverRnn = 1.02;

    /// <summary>Decades by which the gradient changes over the depth with one matrix over that with a matrix for each layer, at
    /// least.</summary>
    public const double OneOverMany = 1.5;

    private static readonly double[] s_radii = [0.9, 1, 1.1];

    public override string Name => "long-term";

    public override LabClaim Claim => new(
        ("Repeated multiplication by W scales as its eigenvalues to the power t: gradients vanish or explode in recurrent networks, less "
            + "in very deep feed-forward ones.",
            "反复乘以 W 时，大小按其特征值的 t 次幂变化：循环网络中梯度消失或爆炸，很深的前馈网络则较轻。"),
        ["003"],
        [
            new("003", "当特征值 lambda_i 不在 1 附近时，若大于1，则会爆炸，若小于1，则会消失。",
                "Where an eigenvalue lambda_i is not near 1, it explodes if it is above 1, and vanishes if it is below."),
            new("003", "循环网络中使用的相同的矩阵 W 并没有在前馈网络中使用，因此即使使用非常深的前馈网络，也能避免梯度消失于爆炸问题。",
                "Feed-forward networks do not use one and the same matrix W as recurrent ones do, so that even very deep ones can avoid "
                    + "vanishing and exploding gradients."),
        ],
        """
        <msup><mi>W</mi><mi>t</mi></msup><mo>=</mo><mi>V</mi><mspace width="0.2em"/><mi>diag</mi><msup><mrow><mo>(</mo>
        <mi>&#x3BB;</mi><mo>)</mo></mrow><mi>t</mi></msup><msup><mi>V</mi><mrow><mo>&#x2212;</mo><mn>1</mn></mrow></msup>
        """);

    public override LabText Question => ("How far back in time does a gradient reach?", "梯度能传回多远的过去？");

    public override LabText Method => (
        "A gradient goes back through 100 steps of a linear network h' = h W with an orthogonal W of spectral radius 0.9, 1 and 1.1: "
            + "growth per step against the radius. The same through a tanh RNN and through an LSTM with a forget bias of 3. "
        + "Then 100 steps with one matrix of N(0, 1/n) against 100 layers with a matrix each: decades by which the gradient changes.",
        "梯度反向通过线性网络 h' = h W 的 100 步，W 为谱半径 0.9、1、1.1 的正交矩阵：比较每步增长率与谱半径。再通过 tanh RNN 和遗忘偏置为 3 的 LSTM。最后比较用同一个 N(0, 1/n) 矩阵的 100 "
            + "步与各层用不同矩阵的 100 层：梯度变化的数量级。");

    public override LabText Refutation => (
        $"Growth per step that differs from the spectral radius by more than {Difference:P0}; an LSTM whose gradient lasts no longer; "
            + $"one matrix that changes the gradient less than {OneOverMany} times as much as many matrices do.",
        $"每步增长率与谱半径相差超过 {Difference * 100:0} %；LSTM 的梯度并不更持久；或同一矩阵引起的变化不到不同矩阵的 {OneOverMany} 倍。");

    public override IReadOnlyList<LabOption> Options =>
        [new("recurrent", "orthogonal", ("initializer of the recurrent matrix, scaled by the spectral radius", "循环矩阵的初始化方法，按谱半径缩放"))];

    public override void Run(LabContext context)
    {
        int steps = context.Pick(40, 100, 200), units = context.Pick(16, 32, 64);
        Initializer recurrent = context.Setting<Initializer>("recurrent");
        context.Plan((s_radii.Length + 3) * context.Seeds.Count);
        double[] distances = [.. Enumerable.Range(1, steps).Select(step => (double)step)];
        List<LabSeries> lines = [];
        foreach (double radius in s_radii)
        {
            double[][] runs = context.OverSeeds(seed => Linear(steps, units, seed, recurrent, radius, isShared: true));
            LabFigure growth = context.Measure($"difference-{radius}",
                ($"growth per step relative to the spectral radius {radius}, as a difference from 1", $"每步增长率与谱半径 {radius} 的相对差"),
                runs.Select(run => Math.Abs((Growth(run) / radius) - 1)));
            context.Expect(growth, LabRelation.AtMost, Difference, isEssential: true);
            lines.Add(LabSeries.Of(($"linear, radius {radius}", $"线性，谱半径 {radius}"), distances, runs, LabScale.Logarithmic));
        }

        double[][] rnn = context.OverSeeds(seed => Recurrent(new Rnn(units, units, Activation.Tanh, Last), steps, seed));
        double[][] lstm = context.OverSeeds(seed => Recurrent(new Lstm(units, units, Last, forgetBias: 3), steps, seed));
        lines.AddRange([LabSeries.Of("RNN, tanh", distances, rnn, LabScale.Logarithmic),
            LabSeries.Of("LSTM, b_f = 3", distances, lstm, LabScale.Logarithmic)]);
        LabFigure longer = context.Measure("lstm-over-rnn",
            ("growth per step of the gradient through an LSTM over that through a tanh RNN", "梯度通过 LSTM 与 tanh RNN 的每步增长率之比"),
            lstm.Zip(rnn, (a, b) => Growth(a) / Growth(b)), LabScale.Logarithmic);
        context.Expect(longer, LabRelation.AtLeast, LstmOverRnn);
        Initializer independent = Initializer.Normal(1 / Math.Sqrt(units));
        double MeanDecades(ulong seed, bool isShared) =>
            Enumerable.Range(0, 20).Average(i => Decades(Linear(steps, units, (seed * 100) + (ulong)i, independent, 1, isShared)));
        (double One, double Many)[] depth = context.OverSeeds(seed => (MeanDecades(seed, true), MeanDecades(seed, false)));
        LabFigure ratio = context.Measure("one-over-many",
            ("decades of change with one matrix over those with a matrix for each layer", "同一矩阵与不同矩阵引起变化的数量级之比"),
            depth.Select(pair => pair.One / pair.Many), LabScale.Logarithmic);
        context.Expect(ratio, LabRelation.AtLeast, OneOverMany);
        context.Draw(new LinePicture(("Norm of the gradient against the distance in time", "梯度范数与时间距离的关系"), new(("steps back", "回退步数")),
            new(("norm", "范数"), LabScale.Logarithmic), lines));
    }

    private static RecurrentOptions Last => new() { AllSteps = false };

    private static double Growth(double[] norms) =>
        Math.Pow(Math.Max(norms[^1], 1e-300) / Math.Max(norms[0], 1e-300), 1.0 / (norms.Length - 1));

    private static double Decades(double[] norms) => Math.Abs(Math.Log10(norms[^1] / norms[0]));

    /// <summary>Norm of a gradient on its way back through h' = h W: [steps].</summary>
    private static double[] Linear(int steps, int units, ulong seed, Initializer initializer, double scale, bool isShared)
    {
        Tensor gradient = Noise([1, units], seed, 0), w = Matrix(0);
        double[] norms = new double[steps];
        for (int step = 0; step < steps; step++)
        {
            w = isShared || step == 0 ? w : Matrix(step);
            gradient = gradient.MatMul(w.Transpose());
            norms[step] = Math.Sqrt(gradient.Square().Sum().Item());
        }

        return norms;

        Tensor Matrix(int layer)
        {
            Tensor matrix = Tensor.Zeros([units, units], DType.Float64);
            RandomStream random = new(seed, RandomPurpose.Initialization, (ulong)layer);
            initializer.Fill(matrix, ref random);
            return matrix.Multiply(scale);
        }
    }

    private static Tensor Noise(Shape shape, ulong seed, ulong index)
    {
        RandomStream random = new(seed, RandomPurpose.User, index);
        return Tensor.Normal(shape, 0, 1, ref random, DType.Float64);
    }

    /// <summary>Norm of the derivative of the last output by the input of each step before: [steps].</summary>
    private static double[] Recurrent(Module layer, int steps, ulong seed)
    {
        layer.Initialize(seed, DType.Float64);
        int units = layer is RecurrentLayer recurrent ? recurrent.Units : 0;
        Tensor x = Noise([1, steps, units], seed, 1);
        x.RequiresGrad = true;
        Tensor y = layer.Forward(x);
        double[] gradient = Gradients.Of(y, Noise(y.Shape, seed, 2), [x], createGraph: false)[0].ToArray<double>();
        return [.. Enumerable.Range(0, steps).Select(back =>
            Math.Sqrt(gradient.AsSpan((steps - 1 - back) * units, units).ToArray().Sum(value => value * value)))];
    }
}
