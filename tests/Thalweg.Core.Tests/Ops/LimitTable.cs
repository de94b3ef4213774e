namespace Thalweg.Core.Tests.Ops;

/// <summary>The functions of <see cref="Tensor"/> that calculate, by their definitions.</summary>
internal static class LimitTable
{
    private const double Epsilon = 1e-5;

    public static IReadOnlyList<LimitRow> All { get; } =
        [.. Elements(), .. Activations(), .. Pairs(), .. Reductions(), .. Normalizations()];

    private static LimitRow Each(string name, Func<Tensor, Tensor> function, Func<Dual, Dual> definition) =>
        new(name, function, x => [.. x.Select(definition)]);

    private static IEnumerable<LimitRow> Elements()
    {
        yield return Each("Exp", x => x.Exp(), x => x.Exp()) with { Domain = x => x < 80 };
        yield return Each("ExpMinusOne", x => x.ExpMinusOne(), x => x.Exp() - 1) with { Domain = x => x < 80 };
        yield return Each("Log", x => x.Log(), x => x.Log()) with { Domain = x => x > 0 };
        yield return Each("LogOnePlus", x => x.LogOnePlus(), x => (1 + x).Log()) with { Domain = x => x > -1 };
        yield return Each("Sqrt", x => x.Sqrt(), x => x.Sqrt()) with { Domain = x => x > 0 };
        yield return Each("Square", x => x.Square(), x => x * x);
        yield return Each("Abs", x => x.Abs(), x => x.Abs());
        yield return Each("Negate", x => x.Negate(), x => -x);
        yield return Each("Power", x => x.Power(3), x => x * x * x);
        yield return Each("Erf", x => x.Erf(), x => x.Erf());
        yield return Each("Step", x => x.Step(), x => x > 0 ? 1 : 0);
        yield return Each("Sign", x => x.Sign(), x => x > 0 ? 1 : x < 0 ? -1 : 0);
        yield return Each("Mean", x => x.Mean().Reshape([1]), x => x) with { Definition = x => [Dual.Sum(x) / x.Length] };
    }

    private static IEnumerable<LimitRow> Activations()
    {
        yield return Each("Tanh", x => x.Tanh(), Tanh);
        yield return Each("TanhShrink", x => x.TanhShrink(), x => x - Tanh(x));
        yield return Each("Sigmoid", x => x.Sigmoid(), Sigmoid);
        yield return Each("LogSigmoid", x => x.LogSigmoid(), x => -Softplus(-x));
        yield return Each("Softplus", x => x.Softplus(), Softplus);
        yield return Each("Softplus with beta", x => x.Softplus(3), x => Softplus(3 * x) / 3);
        yield return Each("Softsign", x => x.Softsign(), x => x / (1 + x.Abs()));
        yield return Each("Relu", x => x.Relu(), x => x > 0 ? x : 0);
        yield return Each("Relu6", x => x.Relu6(), x => x > 0 && x < 6 ? x : x > 0 ? 6 : 0);
        yield return Each("LeakyRelu", x => x.LeakyRelu(0.25), x => x > 0 ? x : 0.25 * x);
        yield return Each("Prelu", x => x.Prelu(Tensor.Full([1], 0.25, x.DType)), x => x > 0 ? x : 0.25 * x);
        yield return Each("Elu", x => x.Elu(1.5), x => x > 0 ? x : 1.5 * (x.Exp() - 1));
        yield return Each("Celu", x => x.Celu(1.5), x => x > 0 ? x : 1.5 * ((x / 1.5).Exp() - 1));
        yield return Each(
            "Selu", x => x.Selu(), x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (x.Exp() - 1)));
        yield return Each("Gelu", x => x.Gelu(), x => x * 0.5 * (1 + (x / ((Dual)2).Sqrt()).Erf()));
        yield return Each("GeluTanh", x => x.GeluTanh(), x => x * Sigmoid(2 * (2 / Pi).Sqrt() * (x + (0.044715 * x * x * x))));
        yield return Each("Silu", x => x.Silu(), x => x * Sigmoid(x));
        yield return Each("Mish", x => x.Mish(), Mish);
        yield return Each("Hardtanh", x => x.Hardtanh(-0.6, 0.4), x => x < -0.6 ? -0.6 : x > 0.4 ? 0.4 : x);
        yield return Each("HardSigmoid", x => x.HardSigmoid(), HardSigmoid);
        yield return Each("HardSwish", x => x.HardSwish(), x => x * HardSigmoid(x));
        yield return Each("HardShrink", x => x.HardShrink(0.6), x => x.Abs() > 0.6 ? x : 0);
        yield return Each("SoftShrink", x => x.SoftShrink(0.625), x => x > 0.625 ? x - 0.625 : x < -0.625 ? x + 0.625 : 0);
        yield return Each("Threshold", x => x.Threshold(0.4, -2), x => x > 0.4 ? x : -2);
        yield return new("Glu", x => x.Glu(), x => [.. x.Take(3).Select((v, i) => v * Sigmoid(x[i + 3]))]);
        yield return new("Maxout", x => x.Maxout(2), x => [.. x.Chunk(2).Select(Dual.Max)]);
        yield return Each("Activate with nothing", x => x.Activate(Activation.None), x => x);
        yield return Each("Activate with a rectifier", x => x.Activate(Activation.Relu), x => x > 0 ? x : 0);
    }

    /// <summary>The vector beside itself in reverse order.</summary>
    private static IEnumerable<LimitRow> Pairs()
    {
        yield return Pair("Add", (a, b) => a.Add(b), (a, b) => a + b);
        yield return Pair("Subtract", (a, b) => a.Subtract(b), (a, b) => a - b);
        yield return Pair("Multiply", (a, b) => a.Multiply(b), (a, b) => a * b);
        yield return Pair("MultiplyMasked", (a, b) => a.MultiplyMasked(b), (a, b) => a * b);
        yield return Pair("Divide", (a, b) => a.Divide(b), (a, b) => a / b) with { Domain = x => Math.Abs(x) is > 1e-12 and < 1e12 };
        yield return Pair("Maximum", (a, b) => a.Maximum(b), (a, b) => Dual.Max([a, b]));
        yield return Pair("Minimum", (a, b) => a.Minimum(b), (a, b) => -Dual.Max([-a, -b]));
        yield return Pair("Where", (a, b) => Tensor.Where(a.IsGreater(b), a, b), (a, b) => a > b ? a : b);
        yield return Pair(
            "SigmoidCrossEntropy", (a, b) => a.SigmoidCrossEntropy(b.Detach().Sigmoid().Detach()),
            (a, b) => Softplus(a) - (a * new Dual(Sigmoid(b).Value, 0))) with
        { Floor = 1 };
        yield return Pair(
            "ProbabilityCrossEntropy", (a, b) => a.Sigmoid().ProbabilityCrossEntropy(b.Detach().Sigmoid()),
            (a, b) => Softplus(a) - (a * new Dual(Sigmoid(b).Value, 0))) with
        { Domain = x => Math.Abs(x) < 5, Floor = 1 };
    }

    private static IEnumerable<LimitRow> Reductions()
    {
        yield return One("Sum", x => x.Sum(), Dual.Sum);
        yield return One("Max", x => x.Max(), Dual.Max);
        yield return One("MaxLast", x => x.MaxLast(), Dual.Max);
        yield return One("Min", x => x.Min(), x => -Dual.Max([.. x.Select(v => -v)]));
        yield return new("CumulativeSum", x => x.CumulativeSum(0), x => [.. x.Select((_, i) => Dual.Sum(x.Take(i + 1)))]);
        yield return One("LogSumExp", x => x.LogSumExp(), LogSumExp);
        yield return new("Softmax", x => x.Softmax(), Softmax);
        yield return new("Softmin", x => x.Softmin(), x => Softmax([.. x.Select(v => -v)]));
        yield return new("LogSoftmax", x => x.LogSoftmax(), LogSoftmax);
        yield return One(
            "SoftmaxCrossEntropy", x => x.Reshape([1, (int)x.Length]).SoftmaxCrossEntropy(Tensor.Vector(1)), x => -LogSoftmax(x)[1]);
        foreach (double p in (double[])[1, 2, 3, 3.5, double.PositiveInfinity])
            yield return One($"Norm {p}", x => x.Norm(p), x => Norm(x, p)) with { Slack = p is 3 or 3.5 ? 30 : 1 };

        yield return One("Norm 0.5", x => x.Norm(0.5), x => Norm(x, 0.5)) with { Domain = x => x != 0 };
        yield return new("Norm of rows", x => x.Reshape([3, 2]).Norm(2, 1), x => [.. x.Chunk(2).Select(row => Norm(row, 2))]);
    }

    private static IEnumerable<LimitRow> Normalizations()
    {
        Func<Tensor, Tensor> one = like => Tensor.Full([1], 1.5, like.DType), half = like => Tensor.Full([1], 0.25, like.DType);
        Func<Tensor, Tensor> many = like => Tensor.Full([6], 1.5, like.DType), halves = like => Tensor.Full([6], 0.25, like.DType);
        yield return new("LayerNorm", x => x.LayerNorm(), x => Standardize(x, Epsilon));
        yield return new("LayerNorm with scale", x => x.LayerNorm(1, many(x), halves(x)), x => Scale(Standardize(x, Epsilon)));
        yield return new("LayerNorm with tiny epsilon", x => x.LayerNorm(epsilon: 1e-60), x => Standardize(x, 1e-60))
        {
            // Equal numbers beside an epsilon of nothing have a derivative beyond the range of float.
            Domain = x => x is not (1234.567 or 7e6 or 0) && Math.Abs(x) is > 1e-20 and < 1e30,
        };
        yield return new("RmsNorm", x => x.RmsNorm(), x => DivideByDeviation(x, 1e-6));
        yield return new("RmsNorm with scale", x => x.RmsNorm(1, many(x)), x => [.. DivideByDeviation(x, 1e-6).Select(v => 1.5 * v)]);
        yield return new("GroupNorm", x => x.Reshape([1, 2, 3]).GroupNorm(1), x => Standardize(x, Epsilon));
        yield return new(
            "GroupNorm with scale", x => x.Reshape([1, 1, 6]).GroupNorm(1, one(x), half(x)), x => Scale(Standardize(x, Epsilon)));
        yield return new("InstanceNorm", x => x.Reshape([1, 1, 6]).InstanceNorm(), x => Standardize(x, Epsilon));
        yield return new("BatchNorm", x => x.Reshape([6, 1]).BatchNorm(null, null, Epsilon, out _), x => Standardize(x, Epsilon));
        yield return new(
            "BatchNorm with scale", x => x.Reshape([6, 1]).BatchNorm(one(x), half(x), Epsilon, out _), x => Scale(Standardize(x, Epsilon)));
        yield return new(
            "BatchNorm of planes", x => x.Reshape([2, 1, 3]).BatchNorm(null, null, Epsilon, out _), x => Standardize(x, Epsilon));
        yield return new(
            "BatchNorm, rectified", x => x.Reshape([2, 1, 3]).BatchNorm(one(x), half(x), Epsilon, out _, Activation.Relu),
            x => [.. Scale(Standardize(x, Epsilon)).Select(v => v > 0 ? v : 0)])
        { Floor = 0.05 };
        yield return new(
            "BatchNorm of columns, rectified", x => x.Reshape([6, 1]).BatchNorm(one(x), half(x), Epsilon, out _, Activation.Relu),
            x => [.. Scale(Standardize(x, Epsilon)).Select(v => v > 0 ? v : 0)])
        { Floor = 0.05 };
        yield return new(
            "LocalResponseNorm", x => x.Reshape([1, 6, 1]).LocalResponseNorm(1),
            x => [.. x.Select(v => v * (-0.75 * (1 + (1e-4 * v * v)).Log()).Exp())])
        { Slack = 8 };
    }

    private static LimitRow One(string name, Func<Tensor, Tensor> function, Func<Dual[], Dual> definition) =>
        new(name, function, x => [definition(x)]);

    private static LimitRow Pair(string name, Func<Tensor, Tensor, Tensor> function, Func<Dual, Dual, Dual> definition)
    {
        Tensor reverse = Tensor.Vector([.. Enumerable.Range(0, 6).Reverse()]);
        return new(
            name, x => function(x, x.GatherLast(reverse)), x => [.. x.Select((v, i) => definition(v, x[x.Length - 1 - i]))]);
    }

    private static Dual Pi => new(Exact.Pi, 0);

    private static Dual Sigmoid(Dual x) => x < 0 ? x.Exp() / (1 + x.Exp()) : 1 / (1 + (-x).Exp());

    private static Dual Softplus(Dual x) => (x > 0 ? x : 0) + (x > 0 ? (1 + (-x).Exp()).Log() : (1 + x.Exp()).Log());

    private static Dual Tanh(Dual x) => (2 * Sigmoid(2 * x)) - 1;

    private static Dual HardSigmoid(Dual x) => x < -3 ? 0 : x > 3 ? 1 : (x / 6) + 0.5;

    private static Dual Mish(Dual x)
    {
        // tanh(log(1 + e)) = n / (n + 2) with n = e (e + 2), which is 1 long before e overflows.
        Dual e = (x > 1000 ? 1000 : x).Exp(), n = e * (e + 2);
        return x * n / (n + 2);
    }

    private static Dual LogSumExp(Dual[] x) => Largest(x) + Dual.Sum(x.Select(v => (v - Largest(x)).Exp())).Log();

    private static Dual[] LogSoftmax(Dual[] x)
    {
        Dual total = Dual.Sum(x.Select(v => (v - Largest(x)).Exp())).Log();
        return [.. x.Select(v => v - Largest(x) - total)];
    }

    private static Dual[] Softmax(Dual[] x)
    {
        Dual total = Dual.Sum(x.Select(v => (v - Largest(x)).Exp()));
        return [.. x.Select(v => (v - Largest(x)).Exp() / total)];
    }

    private static Dual Largest(Dual[] x) => new(Dual.Max(x).Value, 0);

    private static Dual Norm(Dual[] x, double p) => double.IsPositiveInfinity(p)
        ? Dual.Max([.. x.Select(v => v.Abs())])
        : p == 2 ? Dual.Sum(x.Select(v => v * v)).Sqrt()
        : Dual.Sum(x.Select(v => v.Abs().Power(p))).Power(1 / p);

    private static Dual[] Standardize(Dual[] x, double epsilon)
    {
        Dual mean = Dual.Sum(x) / x.Length;
        return DivideByDeviation([.. x.Select(v => v - mean)], epsilon);
    }

    private static Dual[] DivideByDeviation(Dual[] x, double epsilon)
    {
        Dual deviation = ((Dual.Sum(x.Select(v => v * v)) / x.Length) + epsilon).Sqrt();
        return [.. x.Select(v => v / deviation)];
    }

    private static Dual[] Scale(Dual[] x) => [.. x.Select(v => (1.5 * v) + 0.25)];
}
