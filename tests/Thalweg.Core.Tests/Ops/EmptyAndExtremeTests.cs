namespace Thalweg.Core.Tests.Ops;

/// <summary>Operations at their limits: no samples at all, and elements so large that naive formulas overflow.</summary>
public sealed class EmptyAndExtremeTests
{
    public static TheoryData<string, int[]> Weighted => new()
    {
        { "convolution 3x3", [0, 16, 9, 9] }, { "convolution 5x5", [0, 16, 9, 9] }, { "strided convolution", [0, 16, 9, 9] },
        { "transposed convolution", [0, 16, 5, 5] }, { "grouped convolution", [0, 16, 9, 9] }, { "linear", [0, 16] },
        { "layer norm", [0, 16] }, { "rms norm", [0, 4, 16] }, { "group norm", [0, 16, 3] }, { "instance norm", [0, 16, 3] },
    };

    [Theory]
    [MemberData(nameof(Weighted))]
    public void An_empty_batch_has_no_rows_and_gradients_of_0(string name, int[] sizes)
    {
        (DType, bool)[] ways = [(DType.Float32, false), (DType.Float32, true), (DType.Float64, false), (DType.Float64, true)];
        foreach ((DType dtype, bool recorded) in ways)
        {
            // Memory that was used before holds no zeros.
            GC.KeepAlive(Tensor.Full([1 << 16], 7, dtype));
            Tensor x = Tensor.Zeros(new Shape(sizes), dtype), weight = Weight(name).To(dtype).Clone();
            x.RequiresGrad = weight.RequiresGrad = true;
            Tensor y = Apply(name, x, weight);
            y.Shape[0].ShouldBe(0);
            Tensor[] gradients = Gradients.Of(y.Square().Sum(), Tensor.Scalar(1, dtype), [x, weight], recorded);
            gradients[0].Shape.ShouldBe(x.Shape);
            gradients[1].To(DType.Float64).ToArray<double>().ShouldAllBe(g => g == 0, $"{dtype}, recorded: {recorded}");
        }
    }

    [Fact]
    public void Attention_and_pooling_take_an_empty_batch()
    {
        Tensor x = Tensor.Zeros([0, 5, 12]);
        x.RequiresGrad = true;
        Tensor y = x.SelfAttention(2);
        y.Shape.ShouldBe([0, 5, 4]);
        Gradients.Of(y.Sum(), x)[0].Shape.ShouldBe(x.Shape);
        x.MultiHeadAttention(x, x, 3).Shape.ShouldBe([0, 5, 12]);
        Tensor heads = Tensor.Zeros([0, 2, 5, 4]);
        heads.Attention(heads, heads).Shape.ShouldBe([0, 2, 5, 4]);
        Tensor images = Tensor.Zeros([0, 3, 7, 5]);
        images.RequiresGrad = true;
        foreach (Tensor pooled in new[] { images.AdaptiveAvgPool2d(2), images.AdaptiveMaxPool2d(2) })
        {
            pooled.Shape.ShouldBe([0, 3, 2, 2]);
            Gradients.Of(pooled.Sum(), images)[0].Shape.ShouldBe(images.Shape);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_without_indices_leave_a_gradient_of_0(bool recorded)
    {
        Tensor table = OpCases.Values([4, 3], 800);
        table.RequiresGrad = true;
        foreach (Shape shape in new Shape[] { [0], [0, 5] })
        {
            Tensor y = table.GatherRows(Tensor.Zeros(shape, DType.Int32));
            Gradients.Of(y.Square().Sum(), Tensor.Scalar(1, DType.Float64), [table], recorded)[0].ToArray<double>()
                .ShouldBe(new double[12]);
        }
    }

    [Fact]
    public void Smooth_activations_have_finite_derivatives_for_every_float()
    {
        (string, Func<Tensor, Tensor>)[] all =
        [
            .. Enum.GetValues<Activation>().Select(a => (a.ToString(), (Func<Tensor, Tensor>)(t => t.Activate(a)))), ("erf", t => t.Erf()),
        ];
        float[] places = [-3e38f, -1e20f, -1000, -100, -40, -32, 0, 32, 40, 100, 1000, 1e20f, 3e38f];
        foreach ((string name, Func<Tensor, Tensor> function) in all)
        {
            Tensor x = Tensor.Vector(places);
            x.RequiresGrad = true;
            Tensor fused = Gradients.Of(function(x).Sum(), x)[0], recorded = Gradients.OfWithGraph(function(x).Sum(), x)[0];
            float[] first = recorded.ToArray<float>();
            first.Zip(fused.ToArray<float>(), (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-5f, name);
            if (recorded.RequiresGrad)
                Gradients.Of(recorded.Sum(), x)[0].ToArray<float>().ShouldAllBe(v => float.IsFinite(v), name);
        }
    }

    [Fact]
    public void A_shift_alone_and_a_scale_alone_are_those_of_ones_and_zeros()
    {
        Tensor rows = OpCases.Values([3, 4], 801), images = OpCases.Values([2, 4, 3], 802), v = OpCases.Values([4], 803),
            w = OpCases.Values([4], 804);
        Tensor ones = Tensor.Ones([4], DType.Float64), zeros = Tensor.Zeros([4], DType.Float64);
        (Func<Tensor, Tensor?, Tensor?, Tensor>, Tensor)[] norms =
        [
            ((x, g, b) => x.LayerNorm(1, g, b), rows), ((x, g, b) => x.GroupNorm(2, g, b), images),
            ((x, g, b) => x.InstanceNorm(g, b), images),
        ];
        foreach ((Func<Tensor, Tensor?, Tensor?, Tensor> norm, Tensor x) in norms)
        {
            Near(norm(x, null, v), norm(x, ones, v));
            Near(norm(x, w, null), norm(x, w, zeros));
            GradientCheck.FirstOrder(a => norm(a[0], null, a[1]), [x, v]).ShouldBeLessThan(1e-6);
            GradientCheck.FusedAgainstComposed(a => norm(a[0], null, a[1]), [x, v]).ShouldBeLessThan(1e-10);
        }
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 1, 100, -1e12)]
    [InlineData(0, 0.3, 30, -3e11)]
    [InlineData(1e-50, 1, 100, -1e12)]
    [InlineData(1e-14, 0, 1e-14, 0.01)]
    [InlineData(0.3, 1, 1.2039728043259361, -3.3333333333333335)]
    [InlineData(1, 0, 100, 1e12)]
    [InlineData(1, 1, 0, 0)]
    public void Cross_entropy_of_probabilities_has_a_slope_at_the_ends(double p, double target, double value, double slope)
    {
        Tensor x = Tensor.Vector(p), t = Tensor.Vector(target);
        x.RequiresGrad = true;
        Tensor y = x.ProbabilityCrossEntropy(t);
        y.Item().ShouldBe(value, Math.Max(1e-15, 1e-12 * value));
        Gradients.Of(y, x)[0].Item().ShouldBe(slope, Math.Max(1e-15, 1e-12 * Math.Abs(slope)));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.5)]
    public void Cross_entropy_refuses_what_is_no_probability(double p) =>
        Should.Throw<ThalwegException>(() => Tensor.Vector(0.5, p).ProbabilityCrossEntropy(Tensor.Vector(0.0, 1)))
            .Message.ShouldStartWith($"[probability cross-entropy] expected probabilities from 0 to 1, got {p};");

    [Fact]
    public void One_size_of_a_shape_may_stay_open()
    {
        Tensor x = OpCases.Values([2, 3, 4], 806);
        x.Reshape(4, -1).Shape.ShouldBe([4, 6]);
        x.Reshape([-1]).Shape.ShouldBe([24]);
        x.Reshape(new Shape(6, 4)).Shape.ShouldBe([6, 4]);
        Tensor.Zeros([0, 3]).Reshape(-1, 3).Shape.ShouldBe([0, 3]);
        foreach (int[] sizes in new int[][] { [-1, -1], [5, -1], [0, -1], [-2, -1] })
        {
            Should.Throw<ThalwegException>(() => x.Reshape(sizes)).Message
                .ShouldBe("[reshape] expected at most one -1, and other sizes that divide the 24 elements of [2, 3, 4], got " +
                    $"[{string.Join(", ", sizes)}]");
        }
    }

    [Fact]
    public void Largest_and_smallest_elements_over_axes()
    {
        Tensor x = Tensor.From([3.0, -1, 2, 5, 0, 4], [2, 3]);
        x.Max(0).ToArray<double>().ShouldBe([5, 0, 4]);
        x.Min(-1).ToArray<double>().ShouldBe([-1, 0]);
        x.Max().Item().ShouldBe(5);
        x.Min().Shape.ShouldBe([]);
        OpCases.Values([2, 3, 4], 807).Max(0, 2).Shape.ShouldBe([3]);
        double.IsNaN(Tensor.Vector(1.0, double.NaN).Min().Item()).ShouldBeTrue();
        GradientCheck.FirstOrder(a => a[0].Max(1).Add(a[0].Min(1)), [OpCases.Values([2, 3, 4], 808)]).ShouldBeLessThan(1e-6);
        Should.Throw<ThalwegException>(() => Tensor.Zeros([2, 0]).Max(1)).Message.ShouldStartWith("[max]");
    }

    private static Tensor Weight(string name) => name switch
    {
        "convolution 5x5" => OpCases.Values([16, 16, 5, 5], 805),
        "grouped convolution" => OpCases.Values([16, 1, 3, 3], 805),
        "linear" => OpCases.Values([16, 16], 805),
        _ when name.EndsWith("norm", StringComparison.Ordinal) => OpCases.Values([16], 805),
        _ => OpCases.Values([16, 16, 3, 3], 805),
    };

    private static Tensor Apply(string name, Tensor x, Tensor weight) => name switch
    {
        "strided convolution" => x.Conv2d(weight, null, new() { Stride = 2 }),
        "grouped convolution" => x.Conv2d(weight, null, new() { Groups = 16 }),
        "transposed convolution" => x.ConvTranspose2d(weight),
        "linear" => x.MatMul(weight),
        "layer norm" => x.LayerNorm(1, weight, weight),
        "rms norm" => x.RmsNorm(1, weight),
        "group norm" => x.GroupNorm(4, weight, weight),
        "instance norm" => x.InstanceNorm(weight, weight),
        _ => x.Conv2d(weight, null, new() { Padding = 1 }),
    };

    private static void Near(Tensor found, Tensor expected) =>
        found.ToArray<double>().Zip(expected.ToArray<double>(), (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-12);
}
