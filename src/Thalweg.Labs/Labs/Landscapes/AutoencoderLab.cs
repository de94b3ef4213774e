using MathNet.Numerics.LinearAlgebra;
using Thalweg.Minimizers;

namespace Thalweg.Labs.Landscapes;

/// <summary>A linear autoencoder with one hidden layer has global minima and saddles alone.</summary>
internal sealed class AutoencoderLab : Lab
{
    /// <summary>Share of starts that reach the error of principal component analysis, at least.</summary>
    public const double Reached = 1;

    /// <summary>Share of the other critical points that have a direction of negative curvature, at least.</summary>
    public const double Saddles = 1;

    private const int Inputs = 6, Hidden = 2, Samples = 200;

    private const double SameError = 1e-6, NegativeCurvature = -1e-6;

    public override string Name => "autoencoder";

    public override LabClaim Claim => new(
        ("A linear autoencoder with one hidden layer has only global minima and saddles, no worse local minima.",
            "只有一个隐藏层的线性自编码器只有全局极小值和鞍点，没有代价更高的局部极小值。"),
        ["003"],
        [
            new("003", "理论上已经证明，不具有非线性的浅层自编码器只有全局极小值和鞍点，没有代价比全局极小值更大的局部极小值点。",
                "It has been proved that shallow autoencoders without nonlinearities have only global minima and saddles, and no "
                    + "local minima "
                + "of higher cost than the global one."),
        ],
        "<mi>J</mi><mo>(</mo><mi>A</mi><mo>,</mo><mi>B</mi><mo>)</mo><mo>=</mo><mfrac><mn>1</mn><mi>n</mi></mfrac>"
            + "<msup><mrow><mo>&#x2016;</mo>"
        + "<mi>X</mi><mi>A</mi><mi>B</mi><mo>-</mo><mi>X</mi><mo>&#x2016;</mo></mrow><mn>2</mn></msup>");

    public override LabText Question => ("Can a linear autoencoder get stuck?", "线性自编码器会卡在差的局部极小值吗？");

    public override LabText Method => (
        $"Data of {Inputs} variables with variances from 6 to 0.5, {Samples} samples for each seed; {Hidden} hidden units. "
            + "L-BFGS from random "
        + $"starts: does each end within a relative {SameError} of the error of principal component analysis? All critical points of "
        + "this loss are "
        + "projections on sets of eigenvectors of the covariance (Baldi and Hornik, 1989): each set but the best is visited, "
        + "its gradient is "
        + "checked to be 0, and the least eigenvalue of the Hessian there is computed.",
        $"{Inputs} 个变量（方差从 6 到 0.5）、每个种子 {Samples} 个样本，{Hidden} 个隐藏单元。L-BFGS 从随机起点出发：是否都到达主成分分析的误差（相对误差 {SameError}）？"
        + "该损失的所有临界点是到协方差特征向量子集上的投影（Baldi 与 Hornik，1989）：逐一检查除最优外的子集，确认梯度为 0，并计算 Hessian 的最小特征值。");

    public override LabText Refutation => (
        "A single run that ends above the error of principal component analysis, or a worse critical point without negative curvature.",
        "有一次运行停在高于主成分分析误差之处，或有一个较差的临界点没有负曲率方向。");

    public override IReadOnlyList<LabOption> Options =>
        [new("method", "lbfgs", ("the minimizer", "极小化方法")), new("start", "0.5", ("deviation of the starting weights", "初始权重的标准差"))];

    public override void Run(LabContext context)
    {
        int starts = context.Pick(3, 12, 60);
        var runs = context.OverSeeds(seed =>
        {
            Problem problem = new(seed);
            RandomStream random = new(seed, RandomPurpose.Initialization);
            double deviation = double.Parse(context.Option("start"), System.Globalization.CultureInfo.InvariantCulture);
            Minimizer minimizer = context.Setting<Minimizer>("method") with
            {
                MaximumIterations = 2000,
                MaximumEvaluations = 5000,
                GradientTolerance = 1e-9,
                ChangeTolerance = 1e-14
            };
            double[] ends = [.. Enumerable.Range(0, starts).Select(_ => minimizer.Minimize(
                ObjectiveFunction.Of(problem.Loss), Weights(ref random, deviation)).Value)];
            return (Ends: ends, problem.Best, Points: problem.CriticalPoints());

            static double[] Weights(ref RandomStream random, double deviation)
            {
                double[] weights = new double[2 * Inputs * Hidden];
                foreach (ref double weight in weights.AsSpan())
                    weight = deviation * random.NextNormal();
                return weights;
            }
        });
        LabFigure reached = context.Measure("reached", ("share of starts that reach the error of PCA", "到达主成分分析误差的起点比例"),
            runs.Select(run => run.Ends.Average(end => end <= run.Best * (1 + SameError) ? 1.0 : 0)));
        LabFigure saddles = context.Measure("saddles", ("share of the worse critical points with negative curvature", "较差临界点中有负曲率的比例"),
            runs.Select(run => run.Points.Average(point => point.Least < NegativeCurvature && point.Slope < 1e-8 ? 1.0 : 0)));
        context.Measure("critical-points", ("worse critical points looked at", "检查的较差临界点数"), runs.Select(run => (double)run.Points.Length));
        context.Expect(reached, LabRelation.AtLeast, Reached, isEssential: true);
        context.Expect(saddles, LabRelation.AtLeast, Saddles, isEssential: true);
        context.Draw(new LinePicture(
            ("Critical points: error against least curvature", "临界点：误差与最小曲率"), new(("error over that of PCA", "误差与主成分分析之比")),
            new(("least eigenvalue of the Hessian", "Hessian 最小特征值")),
            [new(("critical points", "临界点"), [.. runs.SelectMany(run => run.Points.Select(point => point.Error / run.Best))],
                [.. runs.SelectMany(run => run.Points.Select(point => point.Least))]) { IsPoints = true }]));
    }

    private sealed class Problem
    {
        private readonly Tensor _x;
        private readonly Matrix<double> _vectors;

        public Problem(ulong seed)
        {
            RandomStream random = new(seed, RandomPurpose.Data);
            Tensor mix = Tensor.Normal([Inputs, Inputs], 0, 1, ref random, DType.Float64);
            Matrix<double> rotation = Matrix<double>.Build.DenseOfRowMajor(Inputs, Inputs, mix.ToArray<double>()).QR().Q;
            Matrix<double> data = Matrix<double>.Build.DenseOfRowMajor(
                Samples, Inputs, Tensor.Normal([Samples, Inputs], 0, 1, ref random, DType.Float64).ToArray<double>());
            data *= Matrix<double>.Build.DenseOfDiagonalArray([.. Enumerable.Range(0, Inputs)
                .Select(i => Math.Sqrt(6 - (1.1 * i)))]) * rotation;
            var covariance = (data.TransposeThisAndMultiply(data) / Samples).Evd(Symmetricity.Symmetric);
            _vectors = covariance.EigenVectors;
            Best = covariance.EigenValues.Select(value => value.Real).Take(Inputs - Hidden).Sum();
            _x = Tensor.From<double>([.. data.ToRowMajorArray()], [Samples, Inputs]);
        }

        /// <summary>The error of principal component analysis: the sum of the least eigenvalues.</summary>
        public double Best { get; }

        public Tensor Loss(Tensor weights)
        {
            Tensor encode = weights.Slice(0, 0, Inputs * Hidden).Reshape(Inputs, Hidden),
                decode = weights.Slice(0, Inputs * Hidden, Inputs * Hidden);
            return (_x.MatMul(encode).MatMul(decode.Reshape(Hidden, Inputs)) - _x).Square().Sum() * (1.0 / Samples);
        }

        /// <summary>The projections on all pairs of eigenvectors but the two of the largest eigenvalues.</summary>
        public (double Error, double Slope, double Least)[] CriticalPoints() =>
        [
            .. from first in Enumerable.Range(0, Inputs) from second in Enumerable.Range(0, first)
               where first + second != (2 * Inputs) - 3 select Look([first, second]),
        ];

        private (double Error, double Slope, double Least) Look(int[] chosen)
        {
            double[] weights =
            [
                .. from row in Enumerable.Range(0, Inputs) from unit in chosen select _vectors[row, unit],
                .. from unit in chosen from column in Enumerable.Range(0, Inputs) select _vectors[column, unit],
            ];
            ObjectiveFunction function = ObjectiveFunction.Of(Loss);
            double[] gradient = new double[weights.Length], unitVector = new double[weights.Length], product = new double[weights.Length];
            double error = function.Evaluate(weights, gradient);
            Matrix<double> hessian = Matrix<double>.Build.Dense(weights.Length, weights.Length);
            for (int i = 0; i < weights.Length; i++)
            {
                Array.Clear(unitVector);
                unitVector[i] = 1;
                function.MultiplyHessian(weights, unitVector, product);
                hessian.SetColumn(i, product);
            }

            return (error, gradient.Max(Math.Abs), ((hessian + hessian.Transpose()) / 2).Evd(Symmetricity.Symmetric)
                .EigenValues.Min(value => value.Real));
        }
    }
}
