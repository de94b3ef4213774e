using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

/// <summary>Gradient functions against finite differences of the functions that they belong to.</summary>
public sealed unsafe class GradientTests
{
    private static readonly Row[] Rows =
    [
        Of("relu", new Relu<double>(), new ReluGradient<float>(), new ReluGradient<double>(), byResult: true),
        Of("leaky relu", new LeakyRelu<double>(0.25), new LeakyReluGradient<float>(0.25f), new LeakyReluGradient<double>(0.25)),
        Of("leaky relu by result", new LeakyRelu<double>(0.25), new LeakyReluGradient<float>(0.25f), new LeakyReluGradient<double>(0.25),
            byResult: true),
        Of("hardtanh", new Hardtanh<double>(-1.1, 2.3), new HardtanhGradient<float>(-1.1f, 2.3f), new HardtanhGradient<double>(-1.1, 2.3)),
        Of("relu6", new Relu6<double>(), new Relu6Gradient<float>(), new Relu6Gradient<double>(), byResult: true),
        Of("abs", new Abs<double>(), new AbsGradient<float>(), new AbsGradient<double>()),
        Of("sqrt", new Sqrt<double>(), new SqrtGradient<float>(), new SqrtGradient<double>(), byResult: true, positive: true),
        Of("square", new Square<double>(), new SquareGradient<float>(), new SquareGradient<double>()),
        Of("reciprocal", new Reciprocal<double>(), new ReciprocalGradient<float>(), new ReciprocalGradient<double>(), byResult: true,
            positive: true),
        Of("exp", new Exp<double>(), new ExpGradient<float>(), new ExpGradient<double>(), byResult: true),
        Of("log", new Log<double>(), new LogGradient<float>(), new LogGradient<double>(), positive: true),
        Of("tanh", new Tanh<double>(), new TanhGradient<float>(), new TanhGradient<double>(), byResult: true),
        Of("sigmoid", new Sigmoid<double>(), new SigmoidGradient<float>(), new SigmoidGradient<double>(), byResult: true),
        Of("softplus", new Softplus<double>(), new SoftplusGradient<float>(), new SoftplusGradient<double>()),
        Of("elu", new Elu<double>(1.5), new EluGradient<float>(1.5f), new EluGradient<double>(1.5), byResult: true),
        Of("selu", new Selu<double>(), new SeluGradient<float>(), new SeluGradient<double>(), byResult: true),
        Of("gelu", new Gelu<double>(), new GeluGradient<float>(), new GeluGradient<double>()),
        Of("gelu by tanh", new GeluTanh<double>(), new GeluTanhGradient<float>(), new GeluTanhGradient<double>()),
        Of("silu", new Silu<double>(), new SiluGradient<float>(), new SiluGradient<double>()),
        Of("softsign", new Softsign<double>(), new SoftsignGradient<float>(), new SoftsignGradient<double>()),
        Of("power", new PowerTo<double>(1.7), new PowerToGradient<float>(1.7f), new PowerToGradient<double>(1.7), positive: true),
        Of("power 2", new PowerTo<double>(2), new PowerToGradient<float>(2), new PowerToGradient<double>(2)),
        Of("hard sigmoid", new HardSigmoid<double>(), new HardSigmoidGradient<float>(), new HardSigmoidGradient<double>()),
        Of("hard swish", new HardSwish<double>(), new HardSwishGradient<float>(), new HardSwishGradient<double>()),
        Of("soft shrink", new SoftShrink<double>(0.7), new ShrinkGradient<float>(0.7f), new ShrinkGradient<double>(0.7)),
        Of("hard shrink", new HardShrink<double>(0.7), new ShrinkGradient<float>(0.7f), new ShrinkGradient<double>(0.7)),
        Of("threshold", new Threshold<double>(0.7, -2), new ThresholdGradient<float>(0.7f), new ThresholdGradient<double>(0.7)),
        Of("celu", new Celu<double>(1.5), new CeluGradient<float>(1.5f), new CeluGradient<double>(1.5)),
        Of("log sigmoid", new LogSigmoid<double>(), new LogSigmoidGradient<float>(), new LogSigmoidGradient<double>()),
        Of("tanh shrink", new TanhShrink<double>(), new TanhShrinkGradient<float>(), new TanhShrinkGradient<double>()),
        Of("mish", new Mish<double>(), new MishGradient<float>(), new MishGradient<double>()),
        Of("expm1", new ExpMinusOne<double>(), new ExpMinusOneGradient<float>(), new ExpMinusOneGradient<double>(), byResult: true),
        Of("log1p", new LogOnePlus<double>(), new LogOnePlusGradient<float>(), new LogOnePlusGradient<double>(), positive: true),
        Of("power 0", new PowerTo<double>(0), new PowerToGradient<float>(0), new PowerToGradient<double>(0)),
    ];

    public static TheoryData<string> Names => [.. Rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_is_the_slope_of_its_function(string name)
    {
        Row row = Rows.Single(row => row.Name == name);
        for (int k = row.Positive ? 3 : -60; k <= 60; k++)
        {
            // No multiple of the spacing meets a kink of any function, and none is nearer to one than the step.
            double x = (k * 0.173) + 0.0391, h = 1e-5 * Math.Max(1, Math.Abs(x));
            double slope = (row.Value(x + h) - row.Value(x - h)) / (2 * h), gradient = -1.75;
            double operand = row.ByResult ? row.Value(x) : x;
            double expected = gradient * slope, size = 1 + Math.Abs(slope) + Math.Abs(row.Value(x));
            row.Gradient(gradient, operand).ShouldBe(expected, 1e-8 * size, $"{name} at {x}");
            row.GradientSingle((float)gradient, (float)operand).ShouldBe((float)expected, 1e-5f * (float)size, $"{name} at {x} in float");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_has_the_same_bits_at_every_width(string name)
    {
        Row row = Rows.Single(row => row.Name == name);
        float[] special = Samples.Special<float>();
        using Guarded<float> gradient = new(special.Length * 3), x = new(special.Length * 3), y = new(special.Length * 3);
        Samples.Fill(gradient.Span, 5);
        for (int i = 0; i < x.Length; i++)
            x.Span[i] = special[i % special.Length];
        row.RunSingle(VectorWidth.Scalar, gradient.Pointer, x.Pointer, y.Pointer, x.Length);
        float[] expected = y.Span.ToArray();
        foreach (VectorWidth width in Samples.Widths)
        {
            row.RunSingle(width, gradient.Pointer, x.Pointer, y.Pointer, x.Length);
            Samples.ShouldHaveBitsOf<float>(y.Span, expected, $"{name} at {width}");
        }
    }

    [Theory]
    [InlineData("relu", 0, 0), InlineData("relu6", 6, 0), InlineData("relu6", 0, 0), InlineData("abs", 0, 0),
        InlineData("leaky relu", 0, 0.5)]
    [InlineData("gelu", double.PositiveInfinity, 2), InlineData("gelu", double.NegativeInfinity, 0)]
    [InlineData("gelu by tanh", double.PositiveInfinity, 2)]
    [InlineData("gelu by tanh", double.NegativeInfinity, 0)]
    [InlineData("silu", double.PositiveInfinity, 2), InlineData("silu", double.NegativeInfinity, 0)]
    [InlineData("softsign", double.NegativeInfinity, 0)]
    [InlineData("mish", double.NegativeInfinity, 0), InlineData("mish", double.PositiveInfinity, 2),
        InlineData("mish", double.NaN, double.NaN)]
    [InlineData("hard swish", -3, -1), InlineData("hard swish", 3, 2), InlineData("hard sigmoid", 3, 0),
        InlineData("log sigmoid", double.NegativeInfinity, 2)]
    [InlineData("softplus", double.NegativeInfinity, 0), InlineData("softplus", double.PositiveInfinity, 2)]
    [InlineData("gelu", double.NaN, double.NaN), InlineData("silu", double.NaN, double.NaN), InlineData("softplus", double.NaN, double.NaN)]
    public void Gradient_of_2_at_kinks_and_infinities_is_its_limit(string name, double x, double expected)
    {
        Row row = Rows.Single(row => row.Name == name);
        (row.Gradient(2, x) + 0.0).ShouldBe(expected);
        (row.GradientSingle(2, (float)x) + 0.0f).ShouldBe((float)expected);
    }

    private static Row Of<TFunction, TSingle, TDouble>(
        string name, TFunction f, TSingle single, TDouble wide, bool byResult = false, bool positive = false)
        where TFunction : unmanaged, IUnaryFunction<double>
        where TSingle : unmanaged, IBinaryFunction<float>
        where TDouble : unmanaged, IBinaryFunction<double> =>
            new Row<TFunction, TSingle, TDouble>(name, byResult, positive, f, single, wide);

    private abstract record Row(string Name, bool ByResult, bool Positive)
    {
        public abstract double Value(double x);

        public abstract double Gradient(double gradient, double x);

        public abstract void RunSingle(VectorWidth width, float* gradient, float* x, float* y, nint n);

        public float GradientSingle(float gradient, float x)
        {
            float y;
            RunSingle(VectorWidth.Scalar, &gradient, &x, &y, 1);
            return y;
        }
    }

    private sealed record Row<TFunction, TSingle, TDouble>(
        string Name, bool ByResult, bool Positive, TFunction F, TSingle Single, TDouble Wide) : Row(Name, ByResult, Positive)
        where TFunction : unmanaged, IUnaryFunction<double>
        where TSingle : unmanaged, IBinaryFunction<float>
        where TDouble : unmanaged, IBinaryFunction<double>
    {
        public override double Value(double x) => F.Apply(new SimdVector1<double>(x)).Value;

        public override double Gradient(double gradient, double x) =>
            Wide.Apply(new SimdVector1<double>(gradient), new SimdVector1<double>(x)).Value;

        public override void RunSingle(VectorWidth width, float* gradient, float* x, float* y, nint n) =>
            Zip.Run(width, Single, gradient, x, y, n);
    }
}
