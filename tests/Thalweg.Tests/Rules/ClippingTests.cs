using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Tests.Rules;

public sealed class ClippingTests
{
    [Fact]
    public void A_long_gradient_is_cut_to_the_limit_and_keeps_its_direction()
    {
        double[] update = Update(new ClipByGlobalNorm(1), [3, -4]);
        update[0].ShouldBe(0.6, 1e-15);
        update[1].ShouldBe(-0.8, 1e-15);
    }

    [Fact]
    public void A_short_gradient_passes_unchanged_in_both_forms()
    {
        Update(new ClipByGlobalNorm(5.1), [3, -4]).ShouldBe([3, -4]);
        Update(new ClipByGlobalNorm(5.1) { Denominator = ClipDenominator.NormPlusOffset }, [3, -4]).ShouldBe([3, -4]);
    }

    [Fact]
    public void The_offset_form_divides_by_the_norm_plus_a_millionth()
    {
        double[] update = Update(new ClipByGlobalNorm(1) { Denominator = ClipDenominator.NormPlusOffset }, [3, -4]);
        update[0].ShouldBe(3 / (5 + 1e-6), 1e-15);
    }

    [Fact]
    public void The_norm_before_clipping_can_be_read()
    {
        OptimizerRun run = new([new ClipByGlobalNorm(1), new ScaleByLearningRate(0.1)], ParameterSegments.Single(2), DType.Float64);
        run.LastNorm.ShouldBe(double.NaN);
        run.Step<double>(new double[2], [3, -4]);
        run.LastNorm.ShouldBe(5);
        new OptimizerRun(new Sgd(), ParameterSegments.Single(1)).LastNorm.ShouldBe(double.NaN);
    }

    [Fact]
    public void In_the_middle_of_a_chain_it_sees_the_update_of_the_rules_before_it()
    {
        double[] w = [0, 0];
        Chain chain = [new Scale(10), new ClipByGlobalNorm(1), new Scale(2), new ClipByGlobalNorm(0.5), new Scale(-1)];
        new OptimizerRun(chain, ParameterSegments.Single(2), DType.Float64).Step<double>(w, [0.3, -0.4]);
        w[0].ShouldBe(-0.3, 1e-15);
        w[1].ShouldBe(0.4, 1e-15);
    }

    [Fact]
    public void A_cliff_whose_square_overflows_a_float_is_still_clipped()
    {
        float[] w = [0, 0];
        new OptimizerRun([new ClipByGlobalNorm(1), new Scale(1)], ParameterSegments.Single(2)).Step<float>(w, [3e20f, -4e20f]);
        w[0].ShouldBe(0.6f, 1e-6f);
        w[1].ShouldBe(-0.8f, 1e-6f);
    }

    [Fact]
    public void A_NaN_in_the_gradient_is_not_hidden()
    {
        Update(new ClipByGlobalNorm(1), [double.NaN, 1]).ShouldAllBe(value => double.IsNaN(value));
        double[] byValue = Update(new ClipByValue(1), [double.NaN, 3]);
        byValue[0].ShouldBe(double.NaN);
        byValue[1].ShouldBe(1);
    }

    [Fact]
    public void By_value_limits_each_element_by_itself() => Update(new ClipByValue(0.5), [3, -0.2, -7]).ShouldBe([0.5, -0.2, -0.5]);

    private static double[] Update(Rule rule, double[] gradients)
    {
        double[] w = new double[gradients.Length];
        new OptimizerRun([rule], ParameterSegments.Single(w.Length), DType.Float64).Step<double>(w, gradients);
        return w;
    }
}
