using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Tests.Models;

/// <summary>Normalizations of hidden layers are records with text forms like those of the other kinds.</summary>
public sealed class NormalizationTests
{
    /// <summary>A text of each normalization with settings that are not the defaults.</summary>
    private static readonly string[] s_texts =
    [
        "batch(epsilon=0.001, momentum=0.5, momentum_form=retained, variance=biased, population=exact, affine=false)",
        "layer(after_activation=true)", "rms(after_activation=true)", "group(groups=4)", "group(groups=4, after_activation=true)",
        "instance(after_activation=true)", "weight", "spectral",
    ];

    public static TheoryData<string> Texts => [.. s_texts];

    [Fact]
    public void Every_normalization_has_a_row() =>
        Settings.Names<Normalization>().Where(name => Settings.FormOf<Normalization>(name)!.Type.Assembly == typeof(Module).Assembly)
            .ShouldBe(s_texts.Select(text => text.Split('(')[0]).Distinct(), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_normalization_reads_back_from_its_text(string text)
    {
        Normalization normalization = Settings.Parse<Normalization>(text);
        normalization.ToString().ShouldBe(text);
        Settings.CanReadBack(normalization).ShouldBeTrue();
        NormalizationText.Parse(text).ShouldBe(normalization);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_normalization_builds_is_saved_and_loaded_in_its_networks(string text)
    {
        foreach (string model in (string[])["mlp:8", "cnn:8+4"])
        {
            bool isImage = model[0] == 'c';
            if (text.StartsWith(isImage ? "rms" : "instance", StringComparison.Ordinal))
                continue;
            int[] shape = isImage ? [1, 4, 4] : [3];
            Sequential network = (NetworkSpec.Parse(model) with { Normalization = Settings.Parse<Normalization>(text) }).Build(shape, 2);
            Module loaded = LayerRegistry.Build(network.Describe());
            Tensor x = Tensor.Ones([2, .. shape]) + Tensor.From([0.5f, -1], [2, .. shape.Select(_ => 1)]);
            loaded.Initialize(3).Forward(x).ToArray<float>().ShouldBe(network.Initialize(3).Forward(x).ToArray<float>());
            new NetworkSpec { HiddenUnits = [8] }.Build([3], 2).Describe().ToJsonString().ShouldNotBe(network.Describe().ToJsonString());
        }
    }

    [Theory]
    [InlineData("layer-after", "layer(after_activation=true)", "layer normalization after the activation")]
    [InlineData("group-after(4)", "group(groups=4, after_activation=true)", "group normalization after the activation")]
    [InlineData("spectral", "spectral", "spectral normalization")]
    [InlineData("none", null, "")]
    public void Short_forms_are_read(string text, string? expected, string words)
    {
        NormalizationText.Parse(text)?.ToString().ShouldBe(expected);
        (NormalizationText.Parse(text) is null).ShouldBe(expected is null);
        NormalizationText.Words(text).ShouldBe(words);
    }

    [Theory]
    [InlineData("bacth", "did you mean batch")]
    [InlineData("weight-after", "unknown name 'weight-after'")]
    [InlineData("weight(after_activation=true)", "after_activation=false")]
    [InlineData("none(1)", "without settings")]
    [InlineData("group(0)", "groups")]
    public void What_is_wrong_is_refused(string text, string fact) =>
        Should.Throw<ThalwegException>(() => NormalizationText.Parse(text)).Message.ShouldContain(fact);

    [Fact]
    public void A_custom_normalization_is_used_by_name()
    {
        Settings.Register<TestSteepNormalization>();
        Settings.Register<TestSteepSettings>();
        NetworkSpec spec = NormalizationText.Apply(NetworkSpec.Parse("mlp:8"), "test_steep-after(3)");
        spec.Normalization.ShouldBe(new TestSteepNormalization(3) { AfterActivation = true });
        spec.Expand([4]).ToString().ShouldContain("test_steep(3");
        spec.Build([4], 2).Initialize(1).Forward(Tensor.Ones([5, 4])).Shape.ShouldBe(new Shape(5, 2));
        NormalizationText.Names.ShouldContain("test_steep-after");
        NormalizationText.NamesWithSettings.ShouldContain("test_steep");
    }

    public sealed record TestSteepNormalization(int Times) : Normalization
    {
        public override LayerSettings LayerFor(bool isImage) => new TestSteepSettings(Times);
    }

    public sealed record TestSteepSettings(int Times) : LayerSettings
    {
        public override BuiltLayer Build(LayerInput input) => new(new FunctionLayer("elu", Times), input.Shape);
    }
}
