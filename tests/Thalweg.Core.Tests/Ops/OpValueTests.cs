namespace Thalweg.Core.Tests.Ops;

/// <summary>Values that were worked out by hand or by definition, and errors.</summary>
public sealed class OpValueTests
{
    [Fact]
    public void Activations_have_their_known_values()
    {
        Tensor x = Tensor.Vector(-1.0, 0.0, 2.0);
        x.Relu().ToArray<double>().ShouldBe([0, 0, 2]);
        x.LeakyRelu(0.1).ToArray<double>().ShouldBe([-0.1, 0, 2]);
        Near(x.Elu(), Math.Exp(-1) - 1, 0, 2);
        Near(x.Selu(), 1.0507009873554805 * 1.6732632423543772 * (Math.Exp(-1) - 1), 0, 2 * 1.0507009873554805);
        Near(x.Sigmoid(), 1 / (1 + Math.E), 0.5, 1 / (1 + Math.Exp(-2)));
        Near(x.Tanh(), Math.Tanh(-1), 0, Math.Tanh(2));
        Near(x.Softplus(), Math.Log(1 + Math.Exp(-1)), Math.Log(2), Math.Log(1 + Math.Exp(2)));
        Near(x.Softsign(), -0.5, 0, 2.0 / 3);
        Near(x.Silu(), -1 / (1 + Math.E), 0, 2 / (1 + Math.Exp(-2)));
        Near(x.Gelu(), -0.15865525393145707, 0, 1.9544997361036416);
        x.Hardtanh().ToArray<double>().ShouldBe([-1, 0, 1]);
        Near(x.Erf(), -0.8427007929497149, 0, 0.9953222650189527);
    }

    [Fact]
    public void Not_a_number_passes_through()
    {
        Tensor x = Tensor.Vector(double.NaN);
        foreach (Activation activation in Enum.GetValues<Activation>())
            double.IsNaN(x.Activate(activation).Item()).ShouldBeTrue(activation.ToString());

        double.IsNaN(Tensor.Vector(1.0, double.NaN, 2.0).MaxLast().Item()).ShouldBeTrue();
    }

    [Fact]
    public void Cross_entropy_stands_logits_of_any_size()
    {
        Tensor logits = Tensor.From([1000f, -1000f, 0f, 0f], [2, 2]), labels = Tensor.Vector(1, 0);
        float[] losses = logits.SoftmaxCrossEntropy(labels, Reduction.None).ToArray<float>();
        losses[0].ShouldBe(2000f);
        losses[1].ShouldBe(MathF.Log(2), 1e-6f);
        logits.SoftmaxCrossEntropy(labels).Item().ShouldBe((2000 + Math.Log(2)) / 2, 1e-3);
    }

    [Fact]
    public void Cross_entropy_names_a_label_out_of_range()
    {
        Tensor logits = Tensor.Zeros([2, 3]);
        Should.Throw<ThalwegException>(() => logits.SoftmaxCrossEntropy(Tensor.Vector(0, 3)))
            .Message.ShouldBe("[softmax cross-entropy] expected labels from 0 to 2, got 3 for sample 1 of the batch");
    }

    [Fact]
    public void Matrix_product_names_both_shapes()
    {
        Should.Throw<ThalwegException>(() => Tensor.Zeros([64, 784]).MatMul(Tensor.Zeros([256, 10])))
            .Message.ShouldBe("[matmul] expected inner sizes to match, got [64, 784] x [256, 10]; transpose or reshape one");
    }

    [Fact]
    public void Operands_of_different_types_are_refused()
    {
        Should.Throw<ThalwegException>(() => Tensor.Zeros([2]) + Tensor.Zeros([2], DType.Float64))
            .Message.ShouldStartWith("[add] expected operands of one element type, got Float32 and Float64");
        Should.Throw<ThalwegException>(
            () => Tensor.Vector(1, 2).Exp()).Message.ShouldStartWith("[exp] expected Float32 or Float64 elements, got Int32");
    }

    [Fact]
    public void Shapes_that_do_not_broadcast_are_refused()
    {
        Should.Throw<ThalwegException>(() => Tensor.Zeros([3, 4]) + Tensor.Zeros([3]))
            .Message.ShouldBe("[add] expected shapes that broadcast, got [3, 4] and [3]: sizes 4 and 3 differ and neither is 1");
    }

    [Fact]
    public void Dropout_keeps_the_mean_and_repeats_its_mask()
    {
        Tensor x = Tensor.Ones([100_000]);
        RandomStream stream = new(9, RandomPurpose.Dropout, 1);
        float[] first = x.Dropout(0.3, stream).ToArray<float>();
        first.Count(v => v == 0).ShouldBeInRange(29_400, 30_600);
        first.Where(v => v != 0).ShouldAllBe(v => Math.Abs(v - (1 / 0.7f)) < 1e-6f);
        x.Dropout(0.3, stream).ToArray<float>().ShouldBe(first);
        x.Dropout(0.3, new RandomStream(9, RandomPurpose.Dropout, 2)).ToArray<float>().ShouldNotBe(first);
        Should.Throw<ThalwegException>(() => x.Dropout(1, stream));
    }

    [Fact]
    public void Batch_norm_centers_and_scales_each_column()
    {
        Tensor x = OpCases.Values([50, 3], 300),
            y = x.BatchNorm(Tensor.Ones([3], DType.Float64), Tensor.Zeros([3], DType.Float64), 1e-12, out Tensor moments);
        Near(y.Mean(0), 0, 0, 0);
        Near(y.Square().Mean(0), 1, 1, 1);
        Near(moments.Reshape([6]), [.. x.Mean(0).ToArray<double>(), .. x.Subtract(x.Mean(0)).Square().Mean(0).ToArray<double>()]);
    }

    [Fact]
    public void Rows_are_gathered_and_out_of_range_rows_named()
    {
        Tensor table = Tensor.From([1f, 2, 3, 4, 5, 6], [3, 2]);
        table.GatherRows(Tensor.Vector(2, 0)).ToArray<float>().ShouldBe([5, 6, 1, 2]);
        table.GatherRows(Tensor.From([1, 1], [2, 1])).Shape.ShouldBe([2, 1, 2]);
        Should.Throw<ThalwegException>(
            () => table.GatherRows(Tensor.Vector(3))).Message.ShouldBe("[gather rows] expected row numbers from 0 to 2, got 3");
    }

    [Fact]
    public void Sums_over_no_elements_are_zero()
    {
        Tensor.Zeros([0, 3]).Sum(0).ToArray<float>().ShouldBe([0, 0, 0]);
        Tensor.Zeros([3, 0]).Sum(1).ToArray<float>().ShouldBe([0, 0, 0]);
        Tensor.Zeros([0]).Sum().Item().ShouldBe(0);
    }

    private static void Near(Tensor found, params double[] expected)
    {
        double[] values = found.ToArray<double>();
        values.Length.ShouldBe(expected.Length);
        for (int i = 0; i < values.Length; i++)
            values[i].ShouldBe(expected[i], 1e-11);
    }
}
