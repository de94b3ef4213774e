using Thalweg.Losses;

namespace Thalweg.Tests.Losses;

/// <summary>Losses as text, and back.</summary>
public sealed class LossTextTests
{
    [Fact]
    public void Every_loss_has_a_text_and_reads_back()
    {
        Type[] all = [.. typeof(Loss).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(Loss)) && !type.IsAbstract)];
        LossText.Names.Count.ShouldBe(all.Length);
        foreach (Type type in all)
        {
            var loss = (Loss)Activator.CreateInstance(type)!;
            LossText.Names.ShouldContain(loss.Name);
            LossText.Print(loss).ShouldBe(loss.Name);
            LossText.Parse(loss.Name).ShouldBe(loss);
        }
    }

    [Theory]
    [InlineData("softmax_cross_entropy(class_weights=list(1, 5), ignored_label=0, label_smoothing=0.1)")]
    [InlineData("negative_log_likelihood(class_weights=list(0.5, 2))")]
    [InlineData("multi_margin(power=2, margin=0.5)")]
    [InlineData("multi_label_margin(margin=2)")]
    [InlineData("multi_label_soft_margin(class_weights=list(1, 3))")]
    [InlineData("binary_cross_entropy(positive_weights=list(1.5), element_weights=list(1, 2))")]
    [InlineData("probability_cross_entropy(element_weights=list(1, 2))")]
    [InlineData("huber(delta=0.25)")]
    [InlineData("smooth_absolute_error(beta=2)")]
    [InlineData("hinge_embedding(margin=3)")]
    [InlineData("poisson(log_input=false, full=true, epsilon=1e-6)")]
    [InlineData("kullback_leibler(log_targets=true, mean_over_samples=false)")]
    [InlineData("gaussian(full=true, epsilon=0.001)")]
    public void Settings_read_back(string text) => LossText.Print(LossText.Parse(text)).ShouldBe(text);

    [Theory]
    [InlineData("bce", "binary_cross_entropy")]
    [InlineData("mse", "mean_squared_error")]
    [InlineData("cross_entropy", "softmax_cross_entropy")]
    [InlineData("sparse_categorical_crossentropy", "softmax_cross_entropy")]
    public void Names_of_other_libraries_are_understood(string text, string name) => LossText.Parse(text).Name.ShouldBe(name);

    [Theory]
    [InlineData("hubr", "did you mean huber")]
    [InlineData("huber(detla=1)", "did you mean delta")]
    [InlineData("huber(0.5)", "delta=0.5")]
    [InlineData("huber(delta=x)", "a number")]
    [InlineData("huber(delta=-1)", "delta")]
    [InlineData("mean_squared_error(delta=1)", "no settings")]
    [InlineData("softmax_cross_entropy(class_weights=3)", "list(1, 5)")]
    [InlineData("doubled(...)", "unknown loss")]
    public void What_cannot_be_read_is_refused_with_the_choices(string text, string expected) =>
        Should.Throw<ThalwegException>(() => LossText.Parse(text)).Message.ShouldContain(expected);

    [Fact]
    public void Weights_of_several_axes_have_no_text() =>
        LossText.Print(new BinaryCrossEntropyLoss { PositiveWeights = Tensor.Ones([2, 2]) }).ShouldContain("...");
}
