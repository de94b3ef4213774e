using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

public sealed class OptimizerRunTests
{
    [Fact]
    public void Steps_tensors_of_both_types()
    {
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
        {
            Tensor parameters = Tensor.Ones([4], dtype), gradients = Tensor.Ones([4], dtype);
            new OptimizerRun(new Sgd(0.25), ParameterSegments.Single(4), dtype).Step(parameters, gradients);
            parameters.To(DType.Float64).ToArray<double>().ShouldAllBe(value => value == 0.75);
            gradients.To(DType.Float64).ToArray<double>().ShouldAllBe(value => value == 1);
        }
    }

    [Fact]
    public void Padding_between_segments_is_left_alone()
    {
        float[] w = [.. Enumerable.Repeat(1f, 40)];
        ParameterSegments segments = new(
            new ParameterSegment("a", 0, 5), new ParameterSegment("b", 16, 0), new ParameterSegment("c", 32, 8));
        new OptimizerRun(new Sgd(1), segments).Step<float>(w, [.. Enumerable.Repeat(1f, 40)]);
        for (int i = 0; i < w.Length; i++)
            w[i].ShouldBe(i is < 5 or >= 32 ? 0 : 1, $"element {i}");
    }

    [Fact]
    public void Neighbors_that_decay_alike_are_swept_together()
    {
        ParameterSegments segments = new(
            new ParameterSegment("a", 0, 5), new ParameterSegment("b", 5, 5), new ParameterSegment("c", 10, 1, IsWeight: false),
            new ParameterSegment("d", 11, 1, IsWeight: false), new ParameterSegment("e", 12, 3), new ParameterSegment("f", 16, 4));
        segments.Runs().ShouldBe([(0, 10, true, 0), (10, 12, false, 0), (12, 15, true, 0), (16, 20, true, 0)]);
        segments.Length.ShouldBe(20);
        segments.Items.Count.ShouldBe(6);
    }

    [Fact]
    public void State_has_a_slot_for_each_number_that_a_rule_keeps()
    {
        OptimizerRun run = new([new ScaleByMomentum(), new ScaleByAdam { AmsGrad = AmsGradVariant.RawMaximum }, new ScaleByLearningRate(1)],
            ParameterSegments.Single(3));
        run.State.Slots.Select(slot => slot.Name)
            .ShouldBe(["0.scale_by_momentum.v", "1.scale_by_adam.m", "1.scale_by_adam.v", "1.scale_by_adam.v_max"]);
        run.State.Slots.ShouldAllBe(slot => slot.Values.Length == 3);
    }

    [Fact]
    public void A_state_of_something_else_is_refused()
    {
        OptimizerState adam = new OptimizerRun(new Adam(), ParameterSegments.Single(3)).State;
        OptimizerState momentum = new OptimizerRun(new Momentum(), ParameterSegments.Single(3)).State;
        OptimizerState wide = new OptimizerRun(new Adam(), ParameterSegments.Single(4)).State;
        OptimizerState sgd = new OptimizerRun(new Sgd(), ParameterSegments.Single(3)).State;
        Should.Throw<ThalwegException>(() => adam.Restore(1, momentum.Slots))
            .Message.ShouldBe(
                "[optimizer state] expected slot '0.scale_by_adam.m', found 0.scale_by_momentum.v; restore with the chain that was saved");
        Should.Throw<ThalwegException>(() => adam.Restore(1, wide.Slots))
            .Message.ShouldBe("[optimizer state] expected '0.scale_by_adam.m' as 3 of Float32, found 4 of Float32; restore with the " +
                "network that was saved");
        Should.Throw<ThalwegException>(() => sgd.Restore(1, momentum.Slots))
            .Message.ShouldBe("[optimizer state] found slot '0.scale_by_momentum.v', which this chain does not have; restore with the " +
                "chain that was saved");
        Should.Throw<ThalwegException>(() => sgd.Restore(-1, []))
            .Message.ShouldBe("[optimizer state] expected a step count of at least 0, got -1; the saved state is damaged, use another");
    }

    [Fact]
    public void Chains_are_equal_by_their_rules()
    {
        Chain chain = [new ClipByGlobalNorm(1), .. new Adam().Chain];
        chain.ShouldBe([new ClipByGlobalNorm(1), new ScaleByAdam(), new ScaleByLearningRate(0.001)]);
        chain.Equals((object)new Adam().Chain).ShouldBeFalse();
        chain.Describe().ShouldContain("Pascanu");
    }

    [Fact]
    public void Dampening_and_the_sum_convert_to_the_average()
    {
        // v averaged = (1-mu) v summed, so the learning rate of the sum is (1-mu) that of the average.
        double[] average = Flat.Train<double>(new Momentum(0.1) { Form = MomentumVariant.Averaged }, 50, 20);
        double[] sum = Flat.Train<double>(new Momentum(0.1 * (1 - 0.9)), 50, 20);
        for (int i = 0; i < sum.Length; i++)
            sum[i].ShouldBe(average[i], 1e-13);
    }
}
