namespace Thalweg.Core.Tests.Ops;

/// <summary>One row of the contract: a function of some inputs, where it is smooth.</summary>
public sealed record OpCase(string Name, Func<Tensor[], Tensor> Function, params Tensor[] Inputs)
{
    public override string ToString() => Name;
}

public static class OpCases
{
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Unary(), .. Binary(), .. Matrices(), .. Reductions(), .. Arrangements(), .. Networks(), .. MoreOpCases.All(),
        .. ConvolutionCases.All(), .. ConvolutionCases.Transposed(), .. PoolingCases.All(), .. NormalizationCases.All(),
        .. RecurrentCases.All(), .. AttentionCases.All(),
    ];

    public static TheoryData<string> Names => [.. All.Select(c => c.Name)];

    public static OpCase Get(string name) => All.Single(c => c.Name == name);

    /// <summary>Distinct values away from 0 and from each other's kinks.</summary>
    public static Tensor Values(Shape shape, ulong index, double low = -2, double high = 2)
    {
        RandomStream stream = new(17, RandomPurpose.User, index);
        Tensor x = Tensor.Uniform(shape, low, high, ref stream, DType.Float64);
        foreach (ref double v in x.AsSpan<double>())
            v += Math.Abs(v) < 0.05 ? 0.1 : 0;

        return x;
    }

    private static IEnumerable<OpCase> Unary()
    {
        Tensor x = Values([3, 7], 1), positive = Values([3, 7], 2, 0.2, 3);
        yield return new("exp", a => a[0].Exp(), x);
        yield return new("log", a => a[0].Log(), positive);
        yield return new("sqrt", a => a[0].Sqrt(), positive);
        yield return new("abs", a => a[0].Abs(), x);
        yield return new("square", a => a[0].Square(), x);
        yield return new("negate", a => -a[0], x);
        yield return new("tanh", a => a[0].Tanh(), x);
        yield return new("sigmoid", a => a[0].Sigmoid(), x);
        yield return new("relu", a => a[0].Relu(), x);
        yield return new("leaky_relu", a => a[0].LeakyRelu(0.2), x);
        yield return new("elu", a => a[0].Elu(1.3), x);
        yield return new("selu", a => a[0].Selu(), x);
        yield return new("gelu", a => a[0].Gelu(), x);
        yield return new("silu", a => a[0].Silu(), x);
        yield return new("softplus", a => a[0].Softplus(), x);
        yield return new("softsign", a => a[0].Softsign(), x);
        yield return new("erf", a => a[0].Erf(), x);
        yield return new("hardtanh", a => a[0].Hardtanh(-1.1, 0.9), x);
        yield return new("step", a => a[0].Step() * a[0], x);
        yield return new("sign", a => a[0].Sign() * a[0], x);
        yield return new("dropout", a => a[0].Dropout(0.4, new RandomStream(3, RandomPurpose.Dropout, 5)), x);
    }

    private static IEnumerable<OpCase> Binary()
    {
        (string Name, Func<Tensor, Tensor, Tensor> Function)[] functions =
        [
            ("add", (a, b) => a + b), ("subtract", (a, b) => a - b), ("multiply", (a, b) => a * b), ("divide", (a, b) => a / b),
            ("maximum", (a, b) => a.Maximum(b)), ("minimum", (a, b) => a.Minimum(b)),
        ];
        (string Name, Shape A, Shape B)[] shapes =
        [
            ("same", [3, 4], [3, 4]), ("row", [3, 4], [4]), ("column", [3, 4], [3, 1]), ("scalar", [3, 4], []), ("left row", [4], [3, 4]),
            ("left column", [3, 1], [3, 4]), ("outer", [3, 1], [1, 4]), ("middle", [2, 3, 4], [2, 1, 4]),
            ("inner ones", [2, 3, 1, 2], [1, 1, 2, 1]),
        ];
        ulong index = 20;
        foreach ((string name, Func<Tensor, Tensor, Tensor> function) in functions)
        {
            foreach ((string kind, Shape a, Shape b) in shapes)
                yield return new($"{name} {kind}", x => function(x[0], x[1]), Values(a, index++), Values(b, index++));
        }

        yield return new("number on the left", x => (2 - x[0]) * (3 / x[0]), Values([5], 90));
    }

    private static IEnumerable<OpCase> Matrices()
    {
        Tensor a = Values([4, 5], 101), b = Values([5, 3], 102), bias = Values([3], 103);
        yield return new("matmul", x => x[0].MatMul(x[1]), a, b);
        yield return new("matmul transposed left", x => x[0].Transpose().MatMul(x[1]), Values([5, 4], 104), b);
        yield return new("matmul transposed right", x => x[0].MatMul(x[1].Transpose()), a, Values([3, 5], 105));
        yield return new("linear", x => x[0].Linear(x[1], x[2]), a, b, bias);
        yield return new("linear without bias", x => x[0].Linear(x[1]), a, b);
        yield return new("linear of rank 3", x => x[0].Linear(x[1], x[2], Activation.Tanh), Values([2, 3, 5], 106), b, bias);
        yield return new(
            "a weight used twice", x => x[0].Linear(x[1], null, Activation.Tanh).MatMul(x[1]), Values([4, 3], 107), Values([3, 3], 108));
        foreach (Activation activation in Enum.GetValues<Activation>())
            yield return new($"linear {activation}", x => x[0].Linear(x[1], x[2], activation), a, b, bias);
    }

    private static IEnumerable<OpCase> Reductions()
    {
        Tensor x = Values([2, 3, 4], 120);
        int[][] axes = [[], [0], [1], [2], [0, 1], [1, 2], [0, 2], [-1], [0, 1, 2]];
        foreach (int[] chosen in axes)
        {
            yield return new($"sum [{string.Join(',', chosen)}]", a => a[0].Sum(chosen), x);
            yield return new($"mean [{string.Join(',', chosen)}]", a => a[0].Mean(chosen), x);
        }

        yield return new("max", a => a[0].MaxLast(), x);
        yield return new("log sum exp", a => a[0].LogSumExp(), x);
        yield return new("softmax", a => a[0].Softmax(), x);
        yield return new("log softmax", a => a[0].LogSoftmax(), x);
    }

    private static IEnumerable<OpCase> Arrangements()
    {
        Tensor x = Values([2, 3, 4], 130), table = Values([5, 2], 131);
        Tensor indices = Tensor.Vector(4, 0, 0, 2);
        yield return new("reshape", a => a[0].Reshape([4, 6]).Square(), x);
        yield return new("flatten", a => a[0].Flatten().Square(), x);
        yield return new("transpose", a => a[0].Transpose(0, 2).Square(), x);
        yield return new("contiguous", a => a[0].Transpose().Contiguous().Square(), x);
        yield return new("broadcast", a => a[0].BroadcastTo([3, 2, 3, 4]).Square(), x);
        yield return new("sum to", a => a[0].SumTo([3, 1]).Square(), x);
        yield return new("gather rows", a => a[0].GatherRows(indices).Square(), table);
        yield return new("scatter add rows", a => a[0].ScatterAddRows(indices, 6).Square(), Values([4, 2], 132));
    }

    private static IEnumerable<OpCase> Networks()
    {
        Tensor logits = Values([4, 3], 140);
        Tensor labels = Tensor.Vector(2, 0, 1, 1);
        foreach (Reduction reduction in Enum.GetValues<Reduction>())
            yield return new($"softmax cross-entropy {reduction}", a => a[0].SoftmaxCrossEntropy(labels, reduction), logits);

        Tensor some = Tensor.Vector(2, -100, 0, 1), weights = Tensor.Vector(0.5, 2, 1.5);
        foreach (Reduction reduction in Enum.GetValues<Reduction>())
        {
            yield return new(
                $"weighted smooth cross-entropy {reduction}",
                a => a[0].SoftmaxCrossEntropy(
                    some, new CrossEntropyOptions { Reduction = reduction, LabelSmoothing = 0.2, ClassWeights = weights.To(a[0].DType) }),
                logits);
        }

        yield return new("sigmoid cross-entropy", a => a[0].SigmoidCrossEntropy(a[1]), logits, Values([4, 3], 148, 0, 1));
        yield return new(
            "batch norm", a => a[0].BatchNorm(a[1], a[2], 1e-3, out _), Values([6, 3], 141), Values([3], 142), Values([3], 143));
        yield return new(
            "two layers and a loss",
            a => a[0].Linear(a[1], a[2], Activation.Tanh).Linear(a[3]).SoftmaxCrossEntropy(labels),
            Values([4, 5], 144), Values([5, 6], 145), Values([6], 146), Values([6, 3], 147));
    }
}
