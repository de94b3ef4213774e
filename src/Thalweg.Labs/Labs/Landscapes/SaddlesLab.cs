using MathNet.Numerics.LinearAlgebra;
using Thalweg.Minimizers;

namespace Thalweg.Labs.Landscapes;

/// <summary>Critical points of high error are saddles; gradient descent leaves them, Newton's method is drawn to them.</summary>
internal sealed class SaddlesLab : Lab
{
    /// <summary>Correlation of index and error over critical points, at least.</summary>
    public const double IndexWithError = 0.4;

    /// <summary>Share of saddles that gradient descent leaves, at least: "in many cases", says the source.</summary>
    public const double DescentEscapes = 0.5;

    /// <summary>Share of saddles that saddle-free Newton leaves, at least.</summary>
    public const double SaddleFreeEscapes = 0.9;

    /// <summary>Share of saddles that Newton's method leaves from the same starts, at most.</summary>
    public const double NewtonEscapes = 0.3;

    private const int Units = 3, Samples = 40, Variables = (2 * Units) + Units + Units + 1;

    public override string Name => "saddles";

    public override LabClaim Claim => new(
        ("Critical points of high error have more directions of negative curvature; gradient descent leaves saddles, Newton's method is "
            + "drawn to them, saddle-free Newton is not.",
            "误差高的临界点有更多负曲率方向；梯度下降会逃离鞍点，牛顿法会被鞍点吸引，无鞍牛顿法则不会。"),
        ["003"],
        [
            new("003", "试验中发现，梯度下降在很多情况下可以逃离鞍点。对于牛顿法而言，鞍点是一个问题，因为梯度下降旨在朝着“下坡”方向移动，而非明确寻找梯度为0的点。如果不经修改，牛顿法就会跳进一个鞍点。",
                "In experiments gradient descent can often escape from saddles. For Newton's method saddles are a problem: "
                    + "gradient descent is "
                + "made to move downhill, and not to look for points with gradient 0. Unmodified, Newton's method jumps into a saddle."),
            new("003", "在低维空间中，局部极值很常见，而在高维空间中，鞍点则很常见。",
                "In spaces of low dimension local extrema are common; in those of high dimension saddles are."),
        ],
        "<mi>H</mi><mi>v</mi><mo>=</mo><mi>&#x3BB;</mi><mi>v</mi><mo>,</mo><mspace width='1em'/><mi>&#x3BB;</mi><mo>&lt;</mo><mn>0</mn>");

    public override LabText Question => ("What do methods do near a saddle of a real loss?", "在真实损失的鞍点附近，各方法会怎样？");

    public override LabText Method => (
        $"The squared error of a network of 2 inputs, {Units} tanh units and 1 output ({Variables} weights) on {Samples} samples of a wavy "
        + "function, with a small penalty that keeps weights finite. Critical points: Levenberg-Marquardt on the gradient as a "
        + "residual, from "
        + "random starts; index: share of negative eigenvalues of the Hessian. Then from a point 0.01 away from each saddle: "
        + "1000 updates of "
        + "gradient descent, 50 pure Newton steps, and saddle-free Newton. A method has left if its value ends clearly below that "
        + "of the saddle.",
        $"2 输入、{Units} 个 tanh 单元、1 输出的网络（{Variables} 个权重）在 {Samples} 个样本上的平方误差，加小的惩罚项。临界点：以梯度为残差用 Levenberg-Marquardt 从随机起点求得；指数为 "
            + "Hessian 负特征值的比例。"
        + "再从距每个鞍点 0.01 处出发：1000 次梯度下降、50 步纯牛顿法、无鞍牛顿法。若终值明显低于鞍点则算逃离。");

    public override LabText Refutation => (
        $"A correlation of index and error below {IndexWithError}, gradient descent that stays at half of the saddles, saddle-free Newton "
            + $"that stays at one in ten, or Newton's method that leaves more than {NewtonEscapes}.",
        $"指数与误差的相关低于 {IndexWithError}；梯度下降停在一半的鞍点，无鞍牛顿法停在十分之一的鞍点；或牛顿法逃离超过 {NewtonEscapes}。");

    public override IReadOnlyList<LabOption> Options =>
    [
        new("descent", "sgd(0.3)", ("gradient descent", "梯度下降")),
        new("saddle-free", "newton(form=saddle_free)", ("the method that is said to be repelled by saddles", "据称被鞍点排斥的方法")),
    ];

    public override void Run(LabContext context)
    {
        int starts = context.Pick(8, 20, 150);
        var runs = context.OverSeeds(seed =>
        {
            Problem problem = new(seed);
            (double[] Point, double Value, double[] Eigenvalues)[] points = [.. Enumerable.Range(0, starts)
                .Select(start => problem.FindCriticalPoint(seed, start)).Where(point => point.Eigenvalues.Length > 0)];
            (double[] Point, double Value, double[] Eigenvalues)[] saddles = [.. points.Where(point => Index(point.Eigenvalues) > 0)
                .Take(context.Pick(2, 5, 40))];
            double[] left = new double[3];
            foreach ((double[] point, double value, _) in saddles)
            {
                RandomStream random = new(seed, RandomPurpose.User, index: 2);
                double[] near = [.. point.Select(w => w + (0.01 / Math.Sqrt(Variables) * random.NextNormal()))];
                double[] ends = [problem.Descend(context, near), problem.PureNewton(near), problem.SaddleFree(context, near)];
                for (int method = 0; method < ends.Length; method++)
                    left[method] += ends[method] < value - 1e-4 ? 1.0 / saddles.Length : 0;
            }

            return (Points: points, Saddles: saddles.Length, Left: left);
        });
        double[] correlations = [.. runs.Select(run => LabMath.Correlation(
            [.. run.Points.Select(point => Index(point.Eigenvalues))], [.. run.Points.Select(point => point.Value)]))];
        context.Measure("saddles", ("saddles looked at", "检查的鞍点数"), runs.Select(run => (double)run.Saddles));
        LabFigure index = context.Measure("index-with-error", ("correlation of index and error", "指数与误差的相关"), correlations);
        LabFigure descent = context.Measure("left-descent", ("share of saddles that gradient "
            + "descent leaves", "梯度下降逃离的鞍点比例"), runs.Select(run => run.Left[0]));
        LabFigure newton = context.Measure("left-newton", ("share of saddles that Newton's "
            + "method leaves", "牛顿法逃离的鞍点比例"), runs.Select(run => run.Left[1]));
        LabFigure free = context.Measure("left-saddle-free", ("share of saddles that saddle-free "
            + "Newton leaves", "无鞍牛顿法逃离的鞍点比例"), runs.Select(run => run.Left[2]));
        context.Expect(index, LabRelation.AtLeast, IndexWithError);
        context.Expect(descent, LabRelation.AtLeast, DescentEscapes);
        context.Expect(newton, LabRelation.AtMost, NewtonEscapes);
        context.Expect(free, LabRelation.AtLeast, SaddleFreeEscapes);
        context.Draw(new LinePicture(
            ("Critical points", "临界点"), new(("share of negative eigenvalues", "负特征值比例")), new(("loss", "损失")),
            [new(("critical points", "临界点"), [.. runs.SelectMany(run => run.Points.Select(point => Index(point.Eigenvalues)))],
                [.. runs.SelectMany(run => run.Points.Select(point => point.Value))]) { IsPoints = true }]));
        context.Draw(new BarPicture(("Share of saddles left", "逃离的鞍点比例"), new(("share", "比例")),
            [LabBar.Of(context.Option("descent"), descent), LabBar.Of("w - H⁻¹g", newton),
                LabBar.Of(context.Option("saddle-free"), free)]));
    }

    private static double Index(double[] eigenvalues) => eigenvalues.Average(value => value < -1e-7 ? 1.0 : 0);

    private sealed class Problem
    {
        private readonly Tensor _x, _y;
        private readonly ObjectiveFunction _loss;

        public Problem(ulong seed)
        {
            RandomStream random = new(seed, RandomPurpose.Data);
            _x = Tensor.Uniform([Samples, 2], -2, 2, ref random, DType.Float64);
            _y = (_x.Select(1, 0) * 2).Sin() * _x.Select(1, 1).Cos();
            _loss = ObjectiveFunction.Of(Loss);
        }

        public (double[] Point, double Value, double[] Eigenvalues) FindCriticalPoint(ulong seed, int start)
        {
            RandomStream random = new(seed, RandomPurpose.Initialization, (ulong)start);
            double[] from = new double[Variables], gradient = new double[Variables];
            double deviation = random.NextDouble(0.1, 1.5);
            foreach (ref double weight in from.AsSpan())
                weight = deviation * random.NextNormal();

            // The zeros of the gradient, whatever their kind: least squares on g, whose Jacobian is the Hessian.
            ObjectiveFunction zeros = ObjectiveFunction.OfResiduals(Variables, (point, residuals, jacobian) =>
            {
                _loss.Evaluate(point, residuals);
                Hessian([.. point]).ToRowMajorArray().CopyTo(jacobian);
            });
            MinimizerResult found = new LevenbergMarquardt { MaximumIterations = 60, GradientTolerance = 1e-9 }
                .Minimize(zeros, from);
            double value = _loss.Evaluate(found.Point, gradient);
            return gradient.Max(Math.Abs) > 1e-6 ? (found.Point, value, [])
                : (found.Point, value, [.. Hessian(found.Point).Evd(Symmetricity.Symmetric).EigenValues.Select(each => each.Real)]);
        }

        public double Descend(LabContext context, double[] from)
        {
            double end = double.NaN;
            LabDescent.Follow(context, Optimizers.ChainText.Parse(context.Option("descent")), _loss.Evaluate, from, 1000, (_, _, value) =>
                end = value);
            return end;
        }

        public double PureNewton(double[] from)
        {
            double[] gradient = new double[Variables];
            Vector<double> point = Vector<double>.Build.DenseOfArray(from);
            for (int step = 0; step < 50; step++)
            {
                _loss.Evaluate(point.AsArray(), gradient);
                point -= Hessian(point.AsArray()).LU().Solve(Vector<double>.Build.DenseOfArray(gradient));
            }

            return _loss.Evaluate(point.AsArray(), gradient);
        }

        public double SaddleFree(LabContext context, double[] from) =>
            (context.Setting<Minimizer>("saddle-free") with { MaximumIterations = 200, GradientTolerance = 1e-9 }).Minimize(_loss, from)
                .Value;

        private Tensor Loss(Tensor w)
        {
            Tensor hidden = (_x.MatMul(w.Slice(0, 0, 2 * Units).Reshape(2, Units)) + w.Slice(0, 2 * Units, Units)).Tanh();
            Tensor output = hidden.MatMul(w.Slice(0, 3 * Units, Units).Reshape(Units, 1)).Reshape(Samples) + w.Slice(0, 4 * Units, 1);
            return (output - _y).Square().Mean() + (1e-3 * w.Square().Sum());
        }

        private Matrix<double> Hessian(double[] point)
        {
            double[] vector = new double[Variables], product = new double[Variables];
            Matrix<double> hessian = Matrix<double>.Build.Dense(Variables, Variables);
            for (int i = 0; i < Variables; i++)
            {
                Array.Clear(vector);
                vector[i] = 1;
                _loss.MultiplyHessian(point, vector, product);
                hessian.SetColumn(i, product);
            }

            return (hessian + hessian.Transpose()) / 2;
        }
    }
}
