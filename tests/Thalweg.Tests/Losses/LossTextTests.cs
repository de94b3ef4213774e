using Thalweg.Losses;

namespace Thalweg.Tests.Losses;

/// <summary>Losses as text, and back.</summary>
public sealed class LossTextTests
{
    [Fact]
    public void Every_loss_has_a_text_and_reads_back()
    {
        // Those that tasks put together from others are internal, and have no name of their own.
        Type[] all = [.. typeof(Loss).Assembly.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(Loss)) && !type.IsAbstract)];
        Settings.Forms<Loss>().Count(form => form.Type.Assembly == typeof(Loss).Assembly).ShouldBe(all.Length);
        foreach (Type type in all)
        {
            var loss = (Loss)Activator.CreateInstance(type)!;
            Settings.Names<Loss>().ShouldContain(loss.Name);
            loss.ToString().ShouldBe(loss.Name);
            Settings.Parse<Loss>(loss.Name).ShouldBe(loss);
        }
    }

    [Theory]
    [InlineData("softmax_cross_entropy(label_smoothing=0.1, class_weights=[1, 5], ignored_label=0)")]
    [InlineData("negative_log_likelihood(class_weights=[0.5, 2])")]
    [InlineData("multi_margin(power=2, margin=0.5)")]
    [InlineData("multi_label_margin(margin=2)")]
    [InlineData("multi_label_soft_margin(class_weights=[1, 3])")]
    [InlineData("binary_cross_entropy(positive_weights=[1.5], element_weights=[1, 2])")]
    [InlineData("probability_cross_entropy(element_weights=[1, 2])")]
    [InlineData("huber(delta=0.25)")]
    [InlineData("smooth_absolute_error(beta=2)")]
    [InlineData("hinge_embedding(margin=3)")]
    [InlineData("poisson(log_input=false, full=true, epsilon=1e-6)")]
    [InlineData("kullback_leibler(log_targets=true, mean_over_samples=false)")]
    [InlineData("gaussian(full=true, epsilon=0.001)")]
    public void Settings_read_back(string text) => Settings.Parse<Loss>(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData("bce", "binary_cross_entropy")]
    [InlineData("mse", "mean_squared_error")]
    [InlineData("cross_entropy", "softmax_cross_entropy")]
    [InlineData("sparse_categorical_crossentropy", "softmax_cross_entropy")]
    public void Names_of_other_libraries_are_understood(string text, string name) => Settings.Parse<Loss>(text).Name.ShouldBe(name);

    [Theory]
    [InlineData("hubr", "did you mean huber")]
    [InlineData("huber(detla=1)", "did you mean delta")]
    [InlineData("huber(0.5)", "delta=0.5")]
    [InlineData("huber(delta=x)", "a number")]
    [InlineData("huber(delta=-1)", "delta")]
    [InlineData("mean_squared_error(delta=1)", "no settings")]
    [InlineData("softmax_cross_entropy(class_weights=3)", "[1, 5]")]
    [InlineData("doubled(...)", "unknown loss")]
    public void What_cannot_be_read_is_refused_with_the_choices(string text, string expected) =>
        Should.Throw<ThalwegException>(() => Settings.Parse<Loss>(text)).Message.ShouldContain(expected);

    [Fact]
    public void Lists_of_older_files_are_read() => Settings.Parse<Loss>("softmax_cross_entropy(class_weights=list(1, 5))").ShouldBe(
        new CrossEntropyLoss { ClassWeights = [1, 5] });

    [Fact]
    public void A_loss_of_a_user_joins()
    {
        Settings.Register<FocalLoss>();
        FocalLoss loss = new() { Gamma = 3 };
        loss.ToString().ShouldBe("focal(gamma=3)");
        Settings.Parse<Loss>("focal(gamma=3)").ShouldBe(loss);
        loss.Name.ShouldBe("focal");
        Should.Throw<ThalwegException>(() => Settings.Parse<Loss>("focl")).Message.ShouldContain("did you mean focal?");
    }

    [Fact]
    public void Weights_of_several_axes_have_no_text() =>
        new BinaryCrossEntropyLoss { PositiveWeights = Tensor.Ones([2, 2]) }.ToString().ShouldContain("...");
}

/// <summary>A loss as a user writes one: squared errors to a power.</summary>
public sealed record FocalLoss : ElementLoss
{
    public double Gamma { get; init => field = AtLeastZero(value); } = 2;

    protected override Tensor Each(Tensor outputs, Tensor targets) => outputs.Subtract(targets).Abs().Power(Gamma);
}
