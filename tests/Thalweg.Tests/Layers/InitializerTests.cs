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
        { "lecun_normal", 1.0 / FanIn },
    };

    [Theory]
    [MemberData(nameof(Variances))]
    public void A_million_draws_have_the_stated_variance_and_the_text_reads_back(string text, double variance)
    {
        Initializer initializer = Initializer.Parse(text);
        Initializer.Parse(initializer.ToString()!).ShouldBe(initializer);
        Tensor weight = Tensor.Zeros([FanIn, FanOut], DType.Float64);
        RandomStream stream = new(11, RandomPurpose.Initialization);
        initializer.Fill(weight, ref stream);
        double[] w = weight.ToArray<double>();
        double mean = w.Average(), found = w.Average(v => (v - mean) * (v - mean)), expectedMean = text switch { "constant(3)" => 3, "normal(0.2, 1)" => 1, "uniform(-1, 2)" => 0.5, _ => 0 };
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
    [InlineData("hee", "expected one of zeros, constant, normal, uniform, xavier_uniform, xavier_normal, he_uniform, he_normal")]
    [InlineData("normal(1", "a closing parenthesis is missing")]
    [InlineData("normal(x)", "expected finite numbers")]
    [InlineData("he(1)", "at most 0 arguments for he, got 1")]
    [InlineData("normal(-1)", "standard deviation of 0 or more")]
    [InlineData("uniform(1, 0)", "expected low < high")]
    public void Bad_texts_are_refused(string text, string message) =>
        Should.Throw<ThalwegException>(() => Initializer.Parse(text)).Message.ShouldContain(message);

    [Fact]
    public void Fans_need_two_axes_and_defaults_follow_the_activation()
    {
        RandomStream stream = new(1, RandomPurpose.Initialization);
        Should.Throw<ThalwegException>(() => Initializer.HeNormal().Fill(Tensor.Zeros([3]), ref stream)).Message.ShouldContain("two or more axes");
        Initializer.ForActivation(Activation.Relu).ShouldBe(Initializer.HeNormal());
        Initializer.ForActivation(Activation.Tanh).ShouldBe(Initializer.XavierUniform());
        Initializer.ForActivation(Activation.Selu).ToString().ShouldBe("lecun_normal");
    }
}
