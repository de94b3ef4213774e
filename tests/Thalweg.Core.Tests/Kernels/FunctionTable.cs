using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

/// <summary>Every element function: adding one is one more row.</summary>
internal static class FunctionTable
{
    private const double Root2OverPi = 0.79788456080286535588, Lambda = 1.0507009873554804934, Alpha = 1.6732632423543772848;

    public static readonly FunctionCase[] All =
    [
        Binary("add", new Add<float>(), new Add<double>(), (a, b) => a + b, 0.5),
        Binary("subtract", new Subtract<float>(), new Subtract<double>(), (a, b) => a - b, 0.5),
        Binary("multiply", new Multiply<float>(), new Multiply<double>(), (a, b) => a * b, 0.5),
        Binary("divide", new Divide<float>(), new Divide<double>(), (a, b) => a / b, 0.5),
        Binary("minimum", new Minimum<float>(), new Minimum<double>(), (a, b) => double.IsNaN(b) ? b : b < a ? b : a, 0),
        Binary("maximum", new Maximum<float>(), new Maximum<double>(), (a, b) => double.IsNaN(b) ? b : b > a ? b : a, 0),
        Binary("scale and add", new ScaleAdd<float>(3), new ScaleAdd<double>(3), (a, b) => Math.FusedMultiplyAdd(3, a, b), 0.5),
        Ternary("multiply and add", new MultiplyAdd<float>(), new MultiplyAdd<double>(), Math.FusedMultiplyAdd, 0.5),
        Ternary("choose", new Choose<float>(), new Choose<double>(), (a, b, c) => a == 0 ? c : b, 0),

        Binary("less", new Less<float>(), new Less<double>(), (a, b) => a < b ? 1 : 0, 0),
        Binary("greater", new Greater<float>(), new Greater<double>(), (a, b) => a > b ? 1 : 0, 0),
        Binary("same", new Equal<float>(), new Equal<double>(), (a, b) => a == b ? 1 : 0, 0),
        Unary("greater than zero", new GreaterThanZero<float>(), new GreaterThanZero<double>(), x => x > 0 ? 1 : 0, 0),
        Unary("step", new Step<float>(), new Step<double>(), x => x >= 0 ? 1 : 0, 0),
        Unary("sign", new Sign<float>(), new Sign<double>(), x => x > 0 ? 1 : x < 0 ? -1 : x, 0),

        Unary("negate", new Negate<float>(), new Negate<double>(), x => -x, 0),
        Unary("abs", new Abs<float>(), new Abs<double>(), Math.Abs, 0),
        Unary("sqrt", new Sqrt<float>(), new Sqrt<double>(), Math.Sqrt, 0.5),
        Unary("square", new Square<float>(), new Square<double>(), x => x * x, 0.5),
        Unary("reciprocal", new Reciprocal<float>(), new Reciprocal<double>(), x => 1 / x, 0.5),
        Unary("scale", new Scale<float>(3), new Scale<double>(3), x => 3 * x, 0.5),
        Unary("affine", new Affine<float>(3, -2), new Affine<double>(3, -2), x => Math.FusedMultiplyAdd(3, x, -2), 0.5),
        Unary("clamp", new Clamp<float>(-0.5f, 2), new Clamp<double>(-0.5, 2), x => x < -0.5 ? -0.5 : x > 2 ? 2 : x, 0),
        Unary("hardtanh", new Hardtanh<float>(-1, 1), new Hardtanh<double>(-1, 1), x => x < -1 ? -1 : x > 1 ? 1 : x, 0),
        Unary("relu6", new Relu6<float>(), new Relu6<double>(), x => x < 0 ? 0 : x > 6 ? 6 : x, 0),
        Unary("relu", new Relu<float>(), new Relu<double>(), x => x < 0 ? 0 : x, 0),
        Unary("leaky relu", new LeakyRelu<float>(0.25f), new LeakyRelu<double>(0.25), x => x < 0 ? 0.25 * x : x, 0.5),

        Unary("exp", new Exp<float>(), new Exp<double>(), Math.Exp, 1.03),
        Unary("log", new Log<float>(), new Log<double>(), Math.Log, 1),
        Unary("tanh", new Tanh<float>(), new Tanh<double>(), Math.Tanh, 2.52),
        Unary("sigmoid", new Sigmoid<float>(), new Sigmoid<double>(), Oracle.Sigmoid, 2.5),
        Unary("softplus", new Softplus<float>(), new Softplus<double>(), Oracle.Softplus, 2),
        Unary("erf", new Erf<float>(), new Erf<double>(), Oracle.Erf, 1),
        Binary("power", new Power<float>(), new Power<double>(), Math.Pow, 2),
        Unary("power to 1.7", new PowerTo<float>(1.7f), new PowerTo<double>(1.7f), x => Math.Pow(x, 1.7f), 2),
        Unary("power to -3", new PowerTo<float>(-3), new PowerTo<double>(-3), x => Math.Pow(x, -3), 2),

        Unary("elu", new Elu<float>(1.5f), new Elu<double>(1.5), x => x > 0 ? x : 1.5 * Oracle.ExpMinusOne(x), 2.5),
        Unary("selu", new Selu<float>(), new Selu<double>(), x => Lambda * (x > 0 ? x : Alpha * Oracle.ExpMinusOne(x)), 3),
        // The smallest normal float as a scale: below it the sigmoid has fewer digits.
        Unary("silu", new Silu<float>(), new Silu<double>(), Silu, 3) with { Scale = x => x * 1.1754944e-38 },
        Unary("softsign", new Softsign<float>(), new Softsign<double>(), x => double.IsInfinity(x) ? Math.Sign(x) : x / (1 + Math.Abs(x)),
            1.5),
        Unary("gelu", new Gelu<float>(), new Gelu<double>(), Oracle.Gelu, 2) with { Scale = x => x },
        Unary("gelu by tanh", new GeluTanh<float>(), new GeluTanh<double>(), GeluTanh, 2) with { Scale = x => x },

        Unary("hard sigmoid", new HardSigmoid<float>(), new HardSigmoid<double>(), HardSigmoid, 1) with { Scale = _ => 0.5 },
        Unary("hard swish", new HardSwish<float>(), new HardSwish<double>(), x => x == double.NegativeInfinity ? -0.0 : x * HardSigmoid(x),
            2) with { Scale = x => x },
        Unary("soft shrink", new SoftShrink<float>(0.5f), new SoftShrink<double>(0.5), x => x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : x - x,
            0.5),
        Unary("hard shrink", new HardShrink<float>(0.5f), new HardShrink<double>(0.5), x => Math.Abs(x) <= 0.5 ? 0 : x, 0),
        Unary("threshold", new Threshold<float>(0.5f, -2), new Threshold<double>(0.5, -2), x => x <= 0.5 ? -2 : x, 0),
        Binary("prelu", new Prelu<float>(), new Prelu<double>(), (a, b) => a < 0 ? a * b : a, 0.5),
        Unary("celu", new Celu<float>(2), new Celu<double>(2), x => x > 0 ? x : 2 * Oracle.ExpMinusOne(x / 2), 2.5),
        Unary("log sigmoid", new LogSigmoid<float>(), new LogSigmoid<double>(), x => -Oracle.Softplus(-x), 2),
        Unary("tanh shrink", new TanhShrink<float>(), new TanhShrink<double>(), x => x - Math.Tanh(x), 3) with { Scale = x => x },
        Unary("mish", new Mish<float>(), new Mish<double>(), Mish, 4) with { Scale = x => x * 1.1754944e-38 },
        Unary("expm1", new ExpMinusOne<float>(), new ExpMinusOne<double>(), x => x > 40 ? Math.Exp(x) : Oracle.ExpMinusOne(x), 1.5),
        Unary(
            "log1p", new LogOnePlus<float>(), new LogOnePlus<double>(),
            x => Math.Abs(x) < 0.5 ? Oracle.LogOnePlus(x) : Math.Log(1 + x), 2.25),
    ];

    public static double HardSigmoid(double x) => x < -3 ? 0 : x > 3 ? 1 : (x / 6) + 0.5;

    public static double Mish(double x)
    {
        double e = Math.Exp(Math.Min(x, 300)), n = e * (e + 2);
        return x == double.NegativeInfinity ? -0.0 : x * (n / (n + 2));
    }

    public static double Silu(double x) => x == double.NegativeInfinity ? -0.0 : x * Oracle.Sigmoid(x);

    public static double GeluTanh(double x) =>
        x == double.NegativeInfinity ? -0.0 : x * Oracle.Sigmoid(2 * Root2OverPi * (x + (0.044715 * x * x * x)));

    public static FunctionCase Named(string name) => All.Single(row => row.Name == name);

    private static FunctionCase Unary<TSingle, TDouble>(
        string name, TSingle single, TDouble wide, Func<double, double> expected, double ulps)
        where TSingle : unmanaged, IUnaryFunction<float>
        where TDouble : unmanaged, IUnaryFunction<double> =>
        new UnaryCase<TSingle, TDouble>(name, single, wide, ulps) { Expected = (a, _, _) => expected(a) };

    private static FunctionCase Binary<TSingle, TDouble>(
        string name, TSingle single, TDouble wide, Func<double, double, double> expected, double ulps)
        where TSingle : unmanaged, IBinaryFunction<float>
        where TDouble : unmanaged, IBinaryFunction<double> =>
        new BinaryCase<TSingle, TDouble>(name, single, wide, ulps) { Expected = (a, b, _) => expected(a, b) };

    private static FunctionCase Ternary<TSingle, TDouble>(
        string name, TSingle single, TDouble wide, Func<double, double, double, double> expected, double ulps)
        where TSingle : unmanaged, ITernaryFunction<float>
        where TDouble : unmanaged, ITernaryFunction<double> =>
        new TernaryCase<TSingle, TDouble>(name, single, wide, ulps) { Expected = expected };
}
