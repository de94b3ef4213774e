using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

public sealed class DecayTests
{
    private static readonly ParameterSegments _network = new(
        new ParameterSegment("weight", 0, 20), new ParameterSegment("bias", 20, 3, IsWeight: false),
        new ParameterSegment("scale", 23, 2, IsWeight: false), new ParameterSegment("last.weight", 25, 4));

    public static TheoryData<DecayForm> Forms => [.. Enum.GetValues<DecayForm>()];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Leaves_biases_and_normalization_alone_by_default(DecayForm form)
    {
        float[] w = Decayed(new Sgd(0.1) { Decay = 0.5, DecayForm = form });
        for (int i = 0; i < w.Length; i++)
            (w[i] < 2).ShouldBe(i is < 20 or >= 25, $"element {i}");
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Reaches_everything_when_asked_to(DecayForm form) =>
        Decayed(new Sgd(0.1) { Decay = 0.5, DecayForm = form, DecayScope = DecayScope.Everything }).ShouldAllBe(value => value < 2);

    [Theory]
    [InlineData(DecayForm.L2, 2 - 0.1 * 0.5 * 2)]
    [InlineData(DecayForm.Decoupled, 2 - 0.1 * 0.5 * 2)]
    [InlineData(DecayForm.DecoupledUnscaled, 2 - 0.5 * 2)]
    [InlineData(DecayForm.L1, 2 - 0.1 * 0.5)]
    public void Takes_off_what_its_form_says(DecayForm form, double expected) =>
        ((double)Decayed(new Sgd(0.1) { Decay = 0.5, DecayForm = form })[0]).ShouldBe(expected, 1e-6);

    [Fact]
    public void The_sign_penalty_pulls_from_both_sides_and_leaves_zero_alone()
    {
        double[] w = [1, -1, 0];
        new OptimizerRun(new Sgd(1) { Decay = 0.25, DecayForm = DecayForm.L1 }, ParameterSegments.Single(3), DType.Float64)
            .Step<double>(w, [0, 0, 0]);
        w.ShouldBe([0.75, -0.75, 0]);
    }

    [Fact]
    public void Decay_after_the_learning_rate_is_refused() =>
        Should.Throw<ThalwegException>(() => Chain.Of(new ScaleByLearningRate(0.1), new AddDecayedWeights(0.1)))
            .Message.ShouldBe("[chain] found add_decayed_weights(0.1) after scale_by_learning_rate, where it makes the weights grow; " +
                "move it, or use shrink_weights");

    [Fact]
    public void Shrinking_before_the_learning_rate_is_refused() =>
        Should.Throw<ThalwegException>(() => ChainText.Parse("chain(shrink_weights(0.1), scale_by_learning_rate(0.1))"))
            .Message.ShouldBe("[chain] found shrink_weights(0.1) before scale_by_learning_rate, where it makes the weights grow; move " +
                "it, or use add_decayed_weights");

    private static float[] Decayed(Chain chain)
    {
        float[] w = [.. Enumerable.Repeat(2f, _network.Length)];
        new OptimizerRun(chain, _network).Step<float>(w, new float[w.Length]);
        return w;
    }
}
