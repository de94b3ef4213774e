using Thalweg.Initializers;

namespace Thalweg.Tests.Layers;

public sealed class InitializerTests
{
    private const int FanIn = 2000, FanOut = 500;

    /// <summary>Text, and the variance of a [2000, 500] weight.</summary>
    public static TheoryData<string, double> Variances => new()
    {
        { "zeros", 0 },
        { "constant(3)", 0 },
        { "normal(0.2, 1)", 0.04 },
        { "uniform(-1, 2)", 9.0 / 12 },
        { "xavier", 2.0 / (FanIn + FanOut) },
        { "xavier_uniform(2)", 8.0 / (FanIn + FanOut) },
        { "xavier_normal(gain=0.5)", 0.5 / (FanIn + FanOut) },
        { "he", 2.0 / FanIn },
        { "he_uniform", 2.0 / FanIn },
        { "he_normal(0.5, fan_out)", 2.0 / (1.25 * FanOut) },
        { "he_truncated", 2.0 / FanIn },
        { "xavier_truncated(1, fan_average)", 2.0 / (FanIn + FanOut) },
        { "xavier_normal(1, fan=fan_in)", 1.0 / FanIn },
        { "lecun_normal", 1.0 / FanIn },
        { "lecun_uniform", 1.0 / FanIn },
        { "lecun_truncated", 1.0 / FanIn },
        { "variance_scaling", 1.0 / FanIn },
        { "variance_scaling(scale=3, fan=fan_out, law=uniform)", 3.0 / FanOut },
        { "fan_in_uniform", 1.0 / (3.0 * FanIn) },
        { "fan_in_uniform(inputs=12)", 1.0 / 36 },
        { "truncated_normal(0.5)", 0.25 * 0.77374130 },
        { "sparse(20, 0.5)", 0.25 * 20 / FanIn },
        { "sparse_fraction(0.75, 0.1)", 0.01 * 0.25 },
        { "ones", 0 },
    };

    [Theory]
    [MemberData(nameof(Variances))]
    public void A_million_draws_have_the_stated_variance_and_the_text_reads_back(string text, double variance)
    {
        Initializer initializer = Settings.Parse<Initializer>(text);
        Settings.Parse<Initializer>(initializer.ToString()!).ShouldBe(initializer);
        Tensor weight = Tensor.Zeros([FanIn, FanOut], DType.Float64);
        RandomStream stream = new(11, RandomPurpose.Initialization);
        initializer.Fill(weight, ref stream);
        double[] w = weight.ToArray<double>();
        double mean = w.Average(), found = w.Average(v => (v - mean) * (v - mean)),
            expectedMean = text switch { "constant(3)" => 3, "ones" => 1, "normal(0.2, 1)" => 1, "uniform(-1, 2)" => 0.5, _ => 0 };
        mean.ShouldBe(expectedMean, (5 * Math.Sqrt(variance / w.Length)) + 1e-12);
        found.ShouldBe(variance, (0.01 * variance) + 1e-15);
    }

    [Fact]
    public void Uniform_and_normal_forms_differ_in_shape()
    {
        RandomStream stream = new(1, RandomPurpose.Initialization);
        Tensor uniform = Tensor.Zeros([100, 100], DType.Float64), normal = Tensor.Zeros([100, 100], DType.Float64);
        Initializer.HeUniform().Fill(uniform, ref stream);
        Initializer.HeNormal().Fill(normal, ref stream);
        double bound = Math.Sqrt(6.0 / 100);
        uniform.ToArray<double>().ShouldAllBe(v => Math.Abs(v) <= bound);
        normal.ToArray<double>().Count(v => Math.Abs(v) > bound).ShouldBeGreaterThan(500);
    }

    [Theory]
    [InlineData("hee", "unknown initializer 'hee'; choose one of zeros, ones, constant, normal")]
    [InlineData("normal(1", "expected ',' or ')' at character 9")]
    [InlineData("normal(x)", "expected deviation to be a number, got 'x'")]
    [InlineData("lecun_normal(1)", "[lecun_normal] expected no settings, got '1'")]
    [InlineData("he(0, fan_inn)", "expected fan to be one of fan_in, fan_out, fan_average, got 'fan_inn'")]
    [InlineData("he(slop=1)", "unknown parameter 'slop'")]
    [InlineData("he(0, slope=1)", "expected slope once")]
    [InlineData("orthogonal(1, yes)", "expected sign_fix to be one of true, false, got 'yes'")]
    [InlineData("sparse(1.5)", "expected inputs to be a whole number, got '1.5'")]
    [InlineData("sparse(0)", "expected inputs to be a whole number of at least 1, got 0")]
    [InlineData("sparse_fraction(1.5)", "expected fraction to be in [0, 1], got 1.5")]
    [InlineData("xavier(swish)", "expected gain to be a number, or the name of an activation, got 'swish'")]
    [InlineData("xavier(0)", "expected gain to be a finite number above 0, got 0")]
    [InlineData("truncated_normal(1, 0, 50, 51)", "within 35 deviations")]
    [InlineData("truncated_normal(1, 0, 2, 1)", "low < high")]
    [InlineData("normal(-1)", "expected deviation to be a finite number of at least 0, got -1")]
    [InlineData("uniform(1, 0)", "expected low < high")]
    public void Bad_texts_are_refused(string text, string message) =>
        Should.Throw<ThalwegException>(() => Settings.Parse<Initializer>(text)).Message.ShouldContain(message);

    [Fact]
    public void Fans_need_two_axes_and_defaults_follow_the_activation()
    {
        RandomStream stream = new(1, RandomPurpose.Initialization);
        Should.Throw<ThalwegException>(
            () => Initializer.HeNormal().Fill(Tensor.Zeros([3]), ref stream)).Message.ShouldContain("two or more axes");
        Initializer.ForActivation(Activation.Relu).ShouldBe(Initializer.HeNormal());
        Initializer.ForActivation(Activation.Tanh).ShouldBe(Initializer.XavierUniform());
        Initializer.ForActivation(Activation.Selu).ToString().ShouldBe("lecun_normal");
    }
}
