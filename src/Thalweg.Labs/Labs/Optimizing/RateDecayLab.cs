using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Schedules;

namespace Thalweg.Labs.Optimizing;

/// <summary>SGD's noise does not vanish at the minimum, so its rate must fall; that of full batches need not.</summary>
internal sealed class RateDecayLab : Lab
{
    /// <summary>Excess error with the fixed rate over that with the decayed one, at least.</summary>
    public const double GainOfDecay = 3;

    /// <summary>Excess error of full batches with a fixed rate over that of the decayed one of SGD, at most.</summary>
    public const double FullOverDecayed = 1;

    /// <summary>Excess error with a rate that is far too large, or far too small, over that of the fixed rate, at least.</summary>
    public const double LossOfWrongRate = 2;

    private const int Variables = 20, Batch = 10;

    public override string Name => "rate-decay";

    public override LabClaim Claim => new(
        ("The noise of SGD does not vanish at the minimum: it needs a rate that decays, linearly until step τ; full-batch descent does "
            + "not. Too large a rate oscillates, too small a one is slow.",
            "SGD 的采样噪声在极小点处不会消失，需要逐步减小学习率（线性衰减到第 τ 步）；批量梯度下降可以用固定学习率。初始学习率过大则震荡，过小则缓慢。"),
        ["003"],
        [
            new("003", "由于SGD中随机采样 minibatch 会引入噪声源，因此在极小点处梯度并不会消失。而批量梯度下降使用全量数据更新梯度，在接近极小值点时，梯度很小并逐步变为0，因此，批量梯度下降可以使用固定学习率。",
                "Because sampling mini-batches brings in noise, the gradient of SGD does not vanish at the minimum. Batch gradient descent "
                + "uses all data: near the minimum its gradient is small and becomes 0, so it can use a fixed rate."),
            new("003", "如果初始 epsilon_0 选取的过大，则会出现损失上升和震荡，而如果 epsilon_0 选取的过小，学习过程会过于缓慢。",
                "If epsilon_0 is too large the loss rises and oscillates; if it is too small, learning is too slow."),
        ],
        "<msub><mi>&#x3B5;</mi><mi>k</mi></msub><mo>=</mo><mo>(</mo><mn>1</mn><mo>-</mo><mfrac><mi>k</mi><mi>&#x3C4;</mi></mfrac><mo>)</mo>"
        + "<msub><mi>&#x3B5;</mi><mn>0</mn></msub><mo>+</mo><mfrac><mi>k</mi><mi>&#x3C4;</mi></mfrac><msub><mi>&#x3B5;</mi><mi>"
        + "&#x3C4;</mi></msub>");

    public override LabText Question => ("Does SGD arrive at the minimum with a fixed rate?", "学习率固定时 SGD 能到达极小点吗？");

    public override LabText Method => (
        $"Linear regression with {Variables} variables on 500 samples with noise, whose minimum is known exactly; batches of {Batch}. "
        + "Excess of the loss on all samples over the minimum at the end of equally many updates: fixed rate, linear decay to a "
        + "hundredth of "
        + "it (option decayed), full batches with the fixed rate, and fixed rates that are 12 times larger or 300 times smaller.",
        $"{Variables} 个变量、500 个带噪声样本的线性回归，极小值精确已知；批量 {Batch}。比较相同更新次数后全体样本损失超出极小值的部分：固定学习率、线性衰减到百分之一（选项 decayed）、"
        + "固定学习率的全批量，以及大 12 倍和小 300 倍的固定学习率。");

    public override LabText Refutation => (
        $"A fixed rate that comes within {GainOfDecay} times the excess error of the decayed one, full batches that do worse than it, or a "
        + $"rate far too large or small that does not cost a factor of {LossOfWrongRate}.",
        $"固定学习率的额外误差不到衰减的 {GainOfDecay} 倍；全批量比它更差；或学习率远过大、过小却不损失 {LossOfWrongRate} 倍。");

    public override LabText Limits => (
        "Too small is a matter of the budget: a rate 300 times smaller is 200 times behind the fixed one after 2,000 updates, and no longer "
        + "behind after the 20,000 of full mode.",
        "过小与否取决于预算：小 300 倍的学习率在 2,000 次更新后比固定学习率落后 200 倍，而在完整模式的 20,000 次更新后不再落后。");

    public override IReadOnlyList<LabOption> Options =>
        [new("decayed", "linear", ("the schedule under test, from 0.05 on; the lab gives "
            + "linear its length", "被测的学习率安排，从 0.05 开始；linear 的长度由实验设定"))];

    public override void Run(LabContext context)
    {
        const double Rate = 0.05;
        int steps = context.Pick(1200, 2000, 20_000);
        int[] shown = LabMath.Geometric(1, steps, 40);
        Hyperparameter decayed = context.Option("decayed") == "linear"
            ? new LinearSchedule(Rate, steps) { End = Rate / 100 } : context.Setting<Schedule>("decayed");
        (LabText Name, Hyperparameter Rate, int Batch)[] runs =
        [
            (("fixed", "固定"), Rate, Batch), (("decayed", "衰减"), decayed, Batch), (("full batch, fixed", "全批量，固定"), Rate, 0),
            (("12 times larger", "大 12 倍"), 12 * Rate, Batch), (("300 times smaller", "小 300 倍"), Rate / 300, Batch),
        ];
        double[][][] curves = context.OverSeeds(seed =>
        {
            Regression problem = new(seed);
            return runs.Select(run => problem.Descend(context, run.Rate, run.Batch, shown)).ToArray();
        });
        Judge("gain-of-decay", ("excess error, fixed over decayed", "额外误差之比：固定/衰减"), 0, 1, LabRelation.AtLeast, GainOfDecay, true);
        Judge("full-over-decayed", ("excess error, full batch "
            + "over decayed SGD", "额外误差之比：全批量/衰减的 SGD"), 2, 1, LabRelation.AtMost, FullOverDecayed);
        Judge("too-large", ("excess error, rate 12 times "
            + "larger over fixed", "额外误差之比：大 12 倍/固定"), 3, 0, LabRelation.AtLeast, LossOfWrongRate);
        Judge("too-small", ("excess error, rate 300 times "
            + "smaller over fixed", "额外误差之比：小 300 倍/固定"), 4, 0, LabRelation.AtLeast, LossOfWrongRate);

        context.Draw(new LinePicture(
            ("Excess of the loss over its minimum", "损失超出极小值的部分"), new(("update", "更新次数"), LabScale.Logarithmic),
            new(("excess error", "额外误差"), LabScale.Logarithmic),
            [.. runs.Select((run, i) => LabSeries.Of(
                run.Name, [.. shown.Select(step => (double)step)], [.. curves.Select(seed => seed[i])], LabScale.Logarithmic))]));

        void Judge(string name, LabText label, int above, int below, LabRelation relation, double threshold, bool isEssential = false)
        {
            LabFigure figure = context.Measure(name, label,
                curves.Select(seed => Math.Max(seed[above][^1], 1e-15) / Math.Max(seed[below][^1], 1e-15)), LabScale.Logarithmic);
            context.Expect(figure, relation, threshold, isEssential);
        }
    }

    /// <summary>Samples (x, y), the loss |xw - y|^2 / 2, and its minimum.</summary>
    private sealed class Regression
    {
        private const int Samples = 500;
        private readonly ulong _seed;
        private readonly double[][] _x;
        private readonly double[] _y;
        private readonly double _least;

        public Regression(ulong seed)
        {
            _seed = seed;
            RandomStream random = new(seed, RandomPurpose.Data);
            double[] truth = Normal(Variables);
            _x = [.. Enumerable.Range(0, Samples).Select(_ => Normal(Variables))];
            _y = [.. _x.Select(x => Dot(x, truth) + random.NextNormal())];

            // The minimum of a quadratic: one step of Newton's method, from any start.
            ObjectiveFunction all = ObjectiveFunction.Of((point, gradient) => Evaluate(point, gradient, null));
            _least = new Lbfgs { GradientTolerance = 1e-12, MaximumIterations = 1000 }.Minimize(all, new double[Variables]).Value;

            double[] Normal(int count)
            {
                double[] values = new double[count];
                foreach (ref double value in values.AsSpan())
                    value = random.NextNormal();
                return values;
            }
        }

        public double[] Descend(LabContext context, Hyperparameter rate, int batch, int[] shown)
        {
            RandomStream draws = new(_seed, RandomPurpose.Shuffle);
            int[] samples = new int[batch];
            double[] excess = new double[shown.Length], scratch = new double[Variables];
            Array.Fill(excess, double.MaxValue);
            double Step(ReadOnlySpan<double> point, Span<double> gradient)
            {
                for (int i = 0; i < batch; i++)
                    samples[i] = draws.NextInt32(Samples);
                return Evaluate(point, gradient, batch == 0 ? null : samples);
            }

            LabDescent.Follow(context, new Sgd(rate), Step, new double[Variables], shown[^1], (step, point, _) =>
            {
                if (Array.IndexOf(shown, step) is >= 0 and int at && Evaluate(point, scratch, null) is var value && double.IsFinite(value))
                    excess[at] = value - _least;
            });
            return excess;
        }

        private double Evaluate(ReadOnlySpan<double> point, Span<double> gradient, int[]? samples)
        {
            int count = samples?.Length ?? Samples;
            double loss = 0;
            gradient.Clear();
            for (int i = 0; i < count; i++)
            {
                int sample = samples?[i] ?? i;
                double error = Dot(_x[sample], point) - _y[sample];
                loss += error * error / 2 / count;
                for (int j = 0; j < gradient.Length; j++)
                    gradient[j] += error * _x[sample][j] / count;
            }

            return loss;
        }

        private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        {
            double sum = 0;
            for (int i = 0; i < a.Length; i++)
                sum += a[i] * b[i];
            return sum;
        }
    }
}
