namespace Thalweg.Core.Tests.Ops;

/// <summary>Values of arrangements, choices and powers that were worked out by hand, and their errors.</summary>
public sealed class ArrangementValueTests
{
    private static readonly Tensor s_x = Tensor.From([1.0, 2, 3, 4, 5, 6], [2, 3]);

    [Fact]
    public void Slices_are_views_of_the_named_places()
    {
        s_x.Slice(1, 1, 2).ToArray<double>().ShouldBe([2, 3, 5, 6]);
        s_x.Slice(1, 0, 2, 2).ToArray<double>().ShouldBe([1, 3, 4, 6]);
        s_x.Slice(0, 1, 0).Shape.ShouldBe([0, 3]);
        s_x.Select(0, 1).ToArray<double>().ShouldBe([4, 5, 6]);
        Should.Throw<ThalwegException>(() => s_x.Slice(1, 2, 2)).Message.ShouldBe(
            "[slice] expected places within axis 1 of [2, 3], got 2 from 2 in steps of 1");
    }

    [Fact]
    public void Padding_and_joining_put_elements_in_place()
    {
        s_x.Pad(1, 1, 0, 9).ToArray<double>().ShouldBe([9, 1, 2, 3, 9, 4, 5, 6]);
        s_x.Pad(0, 0, 1).ToArray<double>().ShouldBe([1, 2, 3, 4, 5, 6, 0, 0, 0]);
        Tensor.Concatenate(1, s_x, s_x.Slice(1, 0, 1)).ToArray<double>().ShouldBe([1, 2, 3, 1, 4, 5, 6, 4]);
        Tensor.Concatenate(0, Tensor.Vector(1, 2), Tensor.Vector(3)).ToArray<int>().ShouldBe([1, 2, 3]);
        Tensor.Stack(1, Tensor.Vector(1, 2), Tensor.Vector(3, 4)).ToArray<int>().ShouldBe([1, 3, 2, 4]);
        s_x.Permute(1, 0).ToArray<double>().ShouldBe([1, 4, 2, 5, 3, 6]);
        s_x.CumulativeSum(0).ToArray<double>().ShouldBe([1, 2, 3, 5, 7, 9]);
        s_x.CumulativeSum(1, reverse: true).ToArray<double>().ShouldBe([6, 5, 3, 15, 11, 6]);
        Should.Throw<ThalwegException>(() => Tensor.Concatenate(0, s_x, s_x.Slice(1, 0, 2))).Message.ShouldContain("got [2, 3] and [2, 2]");
        Should.Throw<ThalwegException>(() => s_x.Permute(0, 0)).Message.ShouldStartWith(
            "[permute] expected each of 2 axes once for [2, 3]");
        Should.Throw<ThalwegException>(() => s_x.Pad(0, -1, 0)).Message.ShouldStartWith("[pad] expected 0 or more places");
    }

    [Fact]
    public void Largest_elements_come_first_and_ties_keep_their_order()
    {
        Tensor x = Tensor.From([3.0, 7, 7, 1, double.NaN, double.PositiveInfinity, 2, double.NaN], [2, 4]);
        x.TopK(3, out Tensor places);
        places.ToArray<int>().ShouldBe([1, 2, 0, 0, 3, 1]);
        x.ArgMax().ToArray<int>().ShouldBe([1, 0]);
        s_x.ArgMax(0).ToArray<int>().ShouldBe([1, 1, 1]);
        Tensor.From([1, float.PositiveInfinity, float.NaN, 2, 2, -1], [2, 3]).ArgMax().ToArray<int>().ShouldBe([2, 0]);
        Tensor.From([-5, -3, -3], [1, 3]).ArgMax().ToArray<int>().ShouldBe([1]);
        Tensor many = Tensor.Vector<int>([.. Enumerable.Range(0, 40).Select(i => i * 7 % 20)]);
        int[] top = many.TopK(12, out Tensor at).ToArray<int>();
        top.ShouldBe([19, 19, 18, 18, 17, 17, 16, 16, 15, 15, 14, 14]);
        at.ToArray<int>().Take(2).ShouldBe([17, 37]);
        Should.Throw<ThalwegException>(() => s_x.TopK(4, out _)).Message.ShouldBe(
            "[top-k] expected k from 1 to the size of the last axis of [2, 3], got 4");
    }

    [Fact]
    public void Labels_become_ones_and_choices_follow_the_condition()
    {
        Tensor.Vector(2, 0).OneHot(3).ToArray<float>().ShouldBe([0, 0, 1, 1, 0, 0]);
        Should.Throw<ThalwegException>(() => Tensor.Vector(3).OneHot(3)).Message.ShouldBe("[one-hot] expected labels from 0 to 2, got 3");
        Tensor mask = s_x.IsGreater(Tensor.Scalar(2.5, DType.Float64));
        Tensor.Where(mask, s_x, Tensor.Scalar(double.NaN, DType.Float64) * 0).ToArray<double>()[2..].ShouldBe([3, 4, 5, 6]);
        Should.Throw<ThalwegException>(
            () => s_x.GatherLast(Tensor.From([0, 3], [2, 1]))).Message.ShouldBe("[gather] expected places from 0 to 2, got 3");
    }

    [Fact]
    public void Sums_by_letters_follow_the_equation()
    {
        Tensor.Einsum("ij->j", s_x).ToArray<double>().ShouldBe([5, 7, 9]);
        Tensor.Einsum("ij,ij->", s_x, s_x).Item().ShouldBe(91);
        Tensor.Einsum("ij,kj->ik", s_x, s_x).ToArray<double>().ShouldBe([14, 32, 32, 77]);
        Tensor batch = Tensor.Stack(0, s_x, s_x.Add(1));
        Tensor.Einsum("...ij,jk->...ik", batch, s_x.Transpose()).ToArray<double>()
            .ShouldBe(Tensor.Einsum("bij,jk->bik", batch, s_x.Transpose()).ToArray<double>());
        Tensor.Einsum("...i,...i", batch, s_x).ToArray<double>().ShouldBe([14, 77, 20, 92]);
        Tensor.Einsum("i...->...", s_x).ToArray<double>().ShouldBe([5, 7, 9]);
        Tensor.Einsum("...ij->j", batch).ToArray<double>().ShouldBe([12, 16, 20]);
        Should.Throw<ThalwegException>(() => Tensor.Einsum("...ijk->i", s_x)).Message.ShouldBe(
            "[einsum] expected at most 2 letters besides ... for tensor 0 of shape [2, 3], got '...ijk->i'");
        Should.Throw<ThalwegException>(() => Tensor.Einsum("ij,jk->ik", s_x, s_x)).Message.ShouldBe(
            "[einsum] expected one size for letter j, which has 3 and 2, got 'ij,jk->ik'");
        Should.Throw<ThalwegException>(
            () => Tensor.Einsum("ij->ijk", s_x)).Message.ShouldStartWith("[einsum] expected each letter of the result once");
        Should.Throw<ThalwegException>(
            () => Tensor.Einsum("i", s_x)).Message.ShouldBe("[einsum] expected 2 letters for tensor 0 of shape [2, 3], got 'i'");
    }

    [Fact]
    public void Norms_and_powers_have_their_known_values_and_slopes_at_zero()
    {
        Tensor x = Tensor.Vector(3.0, -4.0);
        (x.Norm(1).Item(), x.Norm().Item(), x.Norm(double.PositiveInfinity).Item()).ShouldBe((7, 5, 4));
        x.Norm(3).Item().ShouldBe(Math.Cbrt(27 + 64), 1e-14);
        Tensor zero = Tensor.Zeros([2], DType.Float64);
        zero.RequiresGrad = true;
        Gradients.Of(zero.Norm(), zero)[0].ToArray<double>().ShouldBe([0, 0]);
        Gradients.Of(zero.Power(Tensor.Vector(0.0, 2.0)).Sum(), zero)[0].ToArray<double>().ShouldBe([0, 0]);
        Tensor.Vector(-2.0, 0, 0.25).Power(3).ToArray<double>().ShouldBe([-8, 0, 0.015625]);
    }

    [Theory]
    [InlineData(1e-12), InlineData(-1e-12), InlineData(-0.3), InlineData(0.5), InlineData(-0.9), InlineData(3), InlineData(60)]
    public void Logarithm_and_exponential_keep_small_results(double x)
    {
        // Reference by series near 0, by definition elsewhere.
        double log = Math.Abs(x) < 1e-6 ? x - (x * x / 2) : Math.Log(1 + x), exp = Math.Abs(x) < 1e-6 ? x + (x * x / 2) : Math.Exp(x) - 1;
        double tolerance = Math.Abs(x) < 1e-6 ? 1e-15 : 4e-15;
        Tensor.Vector(x).ExpMinusOne().Item().ShouldBe(exp, tolerance * Math.Abs(exp));
        if (x > -1)
            Tensor.Vector(x).LogOnePlus().Item().ShouldBe(log, tolerance * Math.Abs(log));
    }

    [Fact]
    public void Kinks_follow_the_stated_conventions()
    {
        Slopes(x => x.HardSigmoid(), -3, 3).ShouldBe([0, 0]);
        Slopes(x => x.HardSwish(), -3, 3).ShouldBe([-0.5, 1]);
        Slopes(x => x.SoftShrink(0.5), -0.5, 0.5).ShouldBe([0, 0]);
        Slopes(x => x.HardShrink(0.5), -0.5, 0.5).ShouldBe([0, 0]);
        Slopes(x => x.Threshold(0.1, 3), 0.1).ShouldBe([0]);
        Slopes(x => x.Relu6(), 0, 6).ShouldBe([0, 0]);
        Slopes(x => x.Celu(2), 0).ShouldBe([1]);
        Slopes(x => x.Prelu(Tensor.Vector(0.3)), 0).ShouldBe([0.3]);
    }

    [Fact]
    public void Activation_parameters_out_of_range_are_refused()
    {
        Should.Throw<ThalwegException>(() => s_x.Celu(0)).Message.ShouldBe("[celu] expected alpha > 0, got 0");
        Should.Throw<ThalwegException>(() => s_x.SoftShrink(-1)).Message.ShouldBe("[soft_shrink] expected width >= 0, got -1");
        Should.Throw<ThalwegException>(() => s_x.Maxout(2)).Message.ShouldContain("got [2, 3]");
        Should.Throw<ThalwegException>(() => s_x.Glu()).Message.ShouldBe("[glu] expected an even size along axis -1, got [2, 3]");
        Should.Throw<ThalwegException>(() => s_x.Prelu(Tensor.Vector(1.0, 2))).Message.ShouldContain("got [2] for [2, 3]");
    }

    private static double[] Slopes(Func<Tensor, Tensor> function, params double[] at)
    {
        Tensor x = Tensor.From(at, [at.Length]);
        x.RequiresGrad = true;
        double[] fused = Gradients.Of(function(x).Sum(), x)[0].ToArray<double>();
        Gradients.OfWithGraph(function(x).Sum(), x)[0].ToArray<double>().ShouldBe(fused);
        return fused;
    }
}
