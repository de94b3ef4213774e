using System.Reflection;

namespace Thalweg.Core.Tests.Ops;

/// <summary>Every function at its limits: zeros, ties, the largest and the smallest numbers beside exact arithmetic, infinities beside
/// their limits, NaN.</summary>
public sealed class LimitTests
{
    /// <summary>Functions that move numbers and calculate nothing.</summary>
    private static readonly string[] s_moves =
    [
        "Reshape", "Flatten", "Transpose", "Permute", "Contiguous", "BroadcastTo", "Slice", "Select", "Pad", "Place", "Unsqueeze",
        "Squeeze", "GatherRows", "GatherLast", "TopK", "ArgMax", "OneHot", "Clone", "Detach", "To", "IsGreater", "IsLess", "IsEqual",
    ];

    /// <summary>Sums of products, draws and pooling: linear, or choices, whose sums round as <see cref="OpContractTests"/> says.</summary>
    private static readonly string[] s_linear =
    [
        "MatMul", "Linear", "Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d", "SumTo", "ScatterAddRows", "Dropout", "AvgPool1d",
        "AvgPool2d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "MaxPool1d", "MaxPool2d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d",
        "RotatePositions", "Attention", "MultiHeadAttention", "SelfAttention", "RecurrentScan", "SumSquaresOfRows",
    ];

    public static TheoryData<string> Names => [.. LimitTable.All.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Functions_and_their_derivatives_follow_the_definition(string name) =>
        LimitCheck.Check(LimitTable.All.Single(r => r.Name == name));

    [Fact]
    public void Every_function_has_its_row()
    {
        IEnumerable<string> functions = typeof(Tensor).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => m.ReturnType == typeof(Tensor) && !m.IsSpecialName).Select(m => m.Name).Distinct();
        HashSet<string> rows = [.. LimitTable.All.Select(row => row.Name.Split(' ', ',')[0])];
        functions.Except(rows).Except(s_moves).Except(s_linear).Except(["Sin", "Cos"]).ShouldBeEmpty(
            "add a row to LimitTable, with the definition of the function");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_NaN_shows_in_the_result(string name)
    {
        if (name is "Step" or "Sign" or "Where")
            return;

        LimitRow row = LimitTable.All.Single(r => r.Name == name);
        foreach (DType dtype in new[] { DType.Float32, DType.Float64 })
        {
            Tensor x = Tensor.Vector(0.5, 0.25, double.NaN, 0.75, 0.5, 0.25).To(dtype);
            row.Function(x).To(DType.Float64).ToArray<double>().ShouldContain(double.NaN, $"{name} {dtype}");
        }
    }

    /// <summary>What a function of infinite numbers tends to, and its derivative for a cotangent of 1.</summary>
    public static TheoryData<string, double[], double[], double[]?> Infinite
    {
        get
        {
            const double Inf = double.PositiveInfinity;
            double share = Math.Exp(-1) / (1 + Math.Exp(-1));
            return new()
            {
                { "LogSumExp", [-Inf, -Inf], [-Inf], [0, 0] }, { "LogSumExp", [Inf, 0], [Inf], [1, 0] },
                { "LogSumExp", [-Inf, 0], [0], [0, 1] }, { "LogSumExp", [Inf, Inf], [Inf], [0.5, 0.5] },
                { "LogSumExp", [Inf, -Inf], [Inf], [1, 0] },
                { "Softmax", [-Inf, 0], [0, 1], [0, 0] }, { "Softmax", [Inf, 0], [1, 0], [0, 0] },
                { "Softmax", [-Inf, -Inf], [0, 0], [0, 0] }, { "Softmax", [Inf, Inf], [0.5, 0.5], [0, 0] },
                { "Softmax", [-Inf, 1, 0], [0, 1 - share, share], [0, 0, 0] },
                { "Softmin", [Inf, 0], [0, 1], [0, 0] },
                { "LogSoftmax", [-Inf, 0], [-Inf, 0], [1, -1] }, { "LogSoftmax", [Inf, 0], [0, -Inf], [-1, 1] },
                { "LogSoftmax", [-Inf, -Inf], [-Inf, -Inf], [1, 1] },
                { "Max", [Inf, 0, Inf], [Inf], [0.5, 0, 0.5] }, { "Max", [-Inf, -Inf], [-Inf], [0.5, 0.5] },
                { "Min", [-Inf, 0], [-Inf], [1, 0] },
                { "Maximum", [Inf, 0, 1, Inf], [Inf, 1, 1, Inf], [1, 0, 2, 1] },
                { "Norm 2", [Inf, 1], [Inf], null }, { "Norm 1", [-Inf, 1], [Inf], [-1, 1] },
                { "Mean", [Inf, 1], [Inf], [0.5, 0.5] }, { "Sum", [-Inf, 1], [-Inf], [1, 1] },
                { "Relu", [Inf, -Inf], [Inf, 0], [1, 0] }, { "Abs", [Inf, -Inf], [Inf, Inf], [1, -1] },
                { "Tanh", [Inf, -Inf], [1, -1], [0, 0] }, { "Sigmoid", [Inf, -Inf], [1, 0], [0, 0] },
                { "Softplus", [Inf, -Inf], [Inf, 0], [1, 0] }, { "Softplus with beta", [Inf, -Inf], [Inf, 0], [1, 0] },
                { "LogSigmoid", [Inf, -Inf], [0, -Inf], [0, 1] },
                { "Softsign", [Inf, -Inf], [1, -1], [0, 0] }, { "Elu", [Inf, -Inf], [Inf, -1.5], [1, 0] },
                { "Gelu", [Inf, -Inf], [Inf, 0], [1, 0] }, { "GeluTanh", [Inf, -Inf], [Inf, 0], [1, 0] },
                { "Silu", [Inf, -Inf], [Inf, 0], [1, 0] }, { "Mish", [Inf, -Inf], [Inf, 0], [1, 0] },
                { "HardSwish", [Inf, -Inf], [Inf, 0], [1, 0] }, { "HardSigmoid", [Inf, -Inf], [1, 0], [0, 0] },
                { "Hardtanh", [Inf, -Inf], [0.4, -0.6], [0, 0] }, { "Relu6", [Inf, -Inf], [6, 0], [0, 0] },
                { "Exp", [-Inf], [0], [0] }, { "ExpMinusOne", [-Inf], [-1], [0] }, { "Erf", [Inf, -Inf], [1, -1], [0, 0] },
                { "Log", [0, Inf], [-Inf, Inf], [Inf, 0] }, { "Sqrt", [0, Inf], [0, Inf], [Inf, 0] },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Infinite))]
    public void Infinite_numbers_give_the_limits(string name, double[] numbers, double[] expected, double[]? slopes)
    {
        Func<Tensor, Tensor> function = name == "Maximum"
            ? x => x.Maximum(x.GatherLast(Tensor.Vector([.. Enumerable.Range(0, numbers.Length).Reverse()])))
            : LimitTable.All.Single(r => r.Name == name).Function;
        foreach ((DType dtype, bool recorded) in new[] { (DType.Float32, false), (DType.Float64, false), (DType.Float64, true) })
        {
            Tensor x = Tensor.Vector(numbers).To(dtype).Clone();
            x.RequiresGrad = true;
            Tensor y = function(x);
            ShouldBeNear(y, expected, $"{name} {dtype}");
            if (slopes is not null)
            {
                Tensor gradient = Gradients.Of(y, Tensor.Ones(y.Shape, dtype), [x], recorded)[0];
                ShouldBeNear(gradient, slopes, $"{name} {dtype}, recorded {recorded}, derivative");
            }
        }
    }

    [Theory]
    [InlineData(1e6)]
    [InlineData(-3e7)]
    [InlineData(1e15)]
    public void Log_softmax_of_large_equal_logits_keeps_its_digits(double size)
    {
        foreach (DType dtype in new[] { DType.Float32, DType.Float64 })
            ShouldBeNear(Tensor.Full([5], size, dtype).LogSoftmax(), [.. Enumerable.Repeat(-Math.Log(5), 5)], $"{dtype}");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.1, true)]
    [InlineData(1, true)]
    public void Masked_logits_and_ignored_rows_leave_cross_entropy_finite(double smoothing, bool weighted)
    {
        const double Inf = double.PositiveInfinity;
        foreach ((int classes, DType dtype) in new[] { (3, DType.Float32), (3, DType.Float64), (70, DType.Float32) })
        {
            double[] rows = [.. new[] { new[] { 0.5, 0, -Inf }, [double.NaN, -Inf, Inf], [-Inf, -Inf, -Inf] }
                .SelectMany(row => row.Concat(Enumerable.Repeat(-Inf, classes - 3)))];
            Tensor x = Tensor.From(rows, [3, classes]).To(dtype).Clone();
            x.RequiresGrad = true;
            double[] weights = [1, 2, .. Enumerable.Repeat(0.0, classes - 2)];
            CrossEntropyOptions options = new()
            {
                LabelSmoothing = smoothing,
                ClassWeights = weighted ? Tensor.Vector(weights).To(dtype) : null,
                IgnoredLabel = 2,
            };
            foreach (bool recorded in new[] { false, true })
            {
                Tensor loss = x.SoftmaxCrossEntropy(Tensor.Vector(0, 2, 2), options);
                double kept = options.LabelSmoothing, own = Math.Log(1 + Math.Exp(-0.5)), other = Math.Log(1 + Math.Exp(0.5));
                double expected = weighted ? ((1 - kept) * own) + (kept / classes * (own + (2 * other))) : own;
                loss.To(DType.Float64).Item().ShouldBe(expected, 1e-6);
                double[] slopes = Gradients.Of(loss, Tensor.Ones([], dtype), [x], recorded)[0].To(DType.Float64).ToArray<double>();
                slopes.ShouldAllBe(g => double.IsFinite(g));
                slopes.Skip(classes).ShouldAllBe(g => g == 0);
            }
        }
    }

    [Theory]
    [InlineData(double.PositiveInfinity, 1, 0)]
    [InlineData(double.PositiveInfinity, 0, double.PositiveInfinity)]
    [InlineData(double.PositiveInfinity, 0.5, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 0, 0)]
    [InlineData(double.NegativeInfinity, 1, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 0.25, double.PositiveInfinity)]
    [InlineData(double.NaN, 0.25, double.NaN)]
    public void Sigmoid_cross_entropy_of_a_certain_logit_is_0_or_infinite(double logit, double target, double expected)
    {
        Tensor.Vector(logit).SigmoidCrossEntropy(Tensor.Vector(target)).Item().ShouldBe(expected);
        Tensor.Vector((float)logit).SigmoidCrossEntropy(Tensor.Vector((float)target)).Item().ShouldBe(expected);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(100, 1)]
    [InlineData(1000, 1)]
    [InlineData(7, 5)]
    [InlineData(64, 49)]
    public void Equal_numbers_normalize_to_exactly_0(int samples, int places)
    {
        (double, DType)[] sizes = [(14.62, DType.Float32), (1234.567, DType.Float32), (7e6, DType.Float32), (0.1, DType.Float64)];
        foreach ((double size, DType dtype) in sizes)
        {
            int total = samples * places;
            Tensor x = Tensor.Full([samples, 3, places], size, dtype), flat = Tensor.Full([2, total], size, dtype);
            (string, Tensor)[] results =
            [
                ("batch", (places == 1 ? x.Reshape([samples, 3]) : x).BatchNorm(null, null, 1e-5, out _)), ("layer", flat.LayerNorm()),
                ("group", flat.GroupNorm(1)), ("instance", flat.Reshape([1, 2, total]).InstanceNorm()),
            ];
            foreach ((string name, Tensor y) in results)
                y.To(DType.Float64).ToArray<double>().ShouldAllBe(v => v == 0, $"{name} norm of {total} numbers {size} {dtype}");
        }
    }

    [Theory]
    [InlineData(1e5, 1, 4096, 1)]
    [InlineData(1e6, 2, 64, 64)]
    [InlineData(-3e6, 8, 640, 1)]
    public void Batch_moments_of_numbers_far_from_0_are_those_of_their_differences(double center, double width, int samples, int places)
    {
        RandomStream stream = new(5, RandomPurpose.User, 1);
        Tensor x = Tensor.Uniform([samples, 2, places], 0, width, ref stream, DType.Float64).Add(center).To(DType.Float32);
        x = places == 1 ? x.Reshape([samples, 2]) : x;
        double[] y = x.BatchNorm(null, null, 1e-5, out Tensor moments).To(DType.Float64).ToArray<double>();
        double[] numbers = x.To(DType.Float64).ToArray<double>();
        for (int channel = 0; channel < 2; channel++)
        {
            int[] own = [.. Enumerable.Range(0, numbers.Length).Where(i => i / places % 2 == channel)];
            double mean = own.Average(i => numbers[i] - center) + center, variance = own.Average(i => Math.Pow(numbers[i] - mean, 2));
            moments.Read(channel).ShouldBe(mean, 1e-6 * width);
            moments.Read(2 + channel).ShouldBe(variance, 1e-5 * variance);
            own.Max(i => Math.Abs(y[i] - ((numbers[i] - mean) / Math.Sqrt(variance + 1e-5)))).ShouldBeLessThan(1e-5);
        }
    }

    private static void ShouldBeNear(Tensor found, double[] expected, string location)
    {
        double[] numbers = found.To(DType.Float64).ToArray<double>();
        numbers.Length.ShouldBe(expected.Length, location);
        for (int i = 0; i < expected.Length; i++)
        {
            bool near = numbers[i] == expected[i] || Math.Abs(numbers[i] - expected[i]) < 1e-6;
            near.ShouldBeTrue($"{location}: expected {string.Join(", ", expected)}, got {string.Join(", ", numbers)}");
        }
    }
}
