using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Tests.Layers;

/// <summary>Fans are what a unit sees and what an input feeds.</summary>
public sealed class FansTests
{
    /// <summary>Channels in and out, window, stride, groups, dilation, and whether the convolution is transposed.</summary>
    public static TheoryData<int, int, int, int, int, int, bool> Layers => new()
    {
        { 6, 4, 3, 1, 1, 1, false }, { 6, 4, 3, 1, 2, 1, false }, { 8, 8, 5, 1, 8, 1, false }, { 4, 8, 3, 1, 4, 2, false },
        { 3, 5, 4, 2, 1, 1, false }, { 4, 6, 1, 2, 2, 1, false }, { 6, 4, 4, 1, 1, 1, true }, { 4, 6, 4, 1, 2, 1, true },
        { 8, 8, 3, 1, 8, 1, true }, { 6, 4, 4, 2, 1, 1, true }, { 4, 8, 6, 3, 4, 1, true }, { 2, 3, 2, 2, 1, 1, true },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_convolution_counts_as_many_as_ones_add_up_to(int inputs, int outputs, int window, int stride, int groups, int dilation,
        bool isTransposed)
    {
        const int Size = 24;
        ConvolutionOptions options = new() { Stride = stride, Groups = groups, Dilation = dilation };
        ConvolutionLayer layer = isTransposed
            ? new ConvTranspose2d(inputs, outputs, window, options, bias: false)
            : new Conv2d(inputs, outputs, window, options, bias: false);
        layer.Weight.Initializer = Initializer.Ones;
        layer.Initialize(1, DType.Float64);
        Tensor x = Tensor.Ones([1, inputs, Size, Size], DType.Float64);
        x.RequiresGrad = true;
        Tensor y = layer.Forward(x);
        Tensor slope = Gradients.Of(y.Sum(), x)[0];
        Fans fans = layer.Weight.Fans!.Value;
        InnerMean(y).ShouldBe(fans.In, 1e-12);
        // A window below the stride passes some inputs over: the others feed what the fans say.
        (window < stride ? slope.ToArray<double>().Max() : InnerMean(slope)).ShouldBe(fans.Out, 1e-12);
    }

    [Fact]
    public void Signals_have_the_fans_of_their_one_axis()
    {
        new Conv1d(6, 4, 5, new ConvolutionOptions { Groups = 2, Stride = 2 }).Weight.Fans.ShouldBe(new Fans(15, 5));
        new ConvTranspose1d(6, 4, 6, new ConvolutionOptions { Stride = 3 }).Weight.Fans.ShouldBe(new Fans(12, 24));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(32, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void Signals_keep_their_size_through_a_rectified_layer(int groupsOrStride, bool isTransposed)
    {
        const int Channels = 32;
        ConvolutionLayer layer = isTransposed
            ? new ConvTranspose2d(
                Channels, 8, 4, new ConvolutionOptions { Stride = groupsOrStride, Padding = 3, Activation = Activation.Relu })
            : new Conv2d(Channels, Channels, 5, new ConvolutionOptions { Groups = groupsOrStride, Activation = Activation.Relu });
        layer.Initialize(3);
        RandomStream stream = new(5, RandomPurpose.User);
        float[] y = layer.Forward(Tensor.Normal([4, Channels, 24, 24], 0, 1, ref stream)).ToArray<float>();
        y.Average(v => (double)v * v).ShouldBe(1, 0.25);
    }

    [Fact]
    public void Plain_layers_start_with_the_bits_of_their_shape()
    {
        foreach (Initializer initializer in (Initializer[])[Initializer.HeNormal(), Initializer.XavierUniform(), Initializer.FanInUniform(),
            Initializer.Orthogonal(), Initializer.Sparse(3)])
        {
            Conv2d layer = new(3, 5, 3);
            layer.Weight.Initializer = initializer;
            layer.Initialize(7);
            Tensor expected = Tensor.Zeros(layer.Weight.Shape);
            RandomStream stream = new(7, RandomPurpose.Initialization, 0);
            initializer.Fill(expected, WeightLayout.OutputsFirst, ref stream);
            layer.Weight.Value.ToArray<float>().ShouldBe(expected.ToArray<float>());
        }
    }

    [Fact]
    public void A_shape_alone_keeps_the_convention_of_one_group_and_stride_1()
    {
        Fans.Of([8, 4, 3, 3], WeightLayout.OutputsFirst).ShouldBe(new Fans(36, 72));
        Fans.Of([8, 4, 3, 3], WeightLayout.InputsFirstWindowLast).ShouldBe(new Fans(72, 36));
        Fans.Of([3, 3, 8, 4]).ShouldBe(new Fans(72, 36));
    }

    [Fact]
    public void A_sparse_start_gives_each_unit_of_a_transposed_convolution_its_weights()
    {
        ConvTranspose2d layer = new(6, 4, 3, bias: false);
        layer.Weight.Initializer = Initializer.Sparse(5);
        layer.Initialize(1, DType.Float64);
        double[] w = layer.Weight.Value.ToArray<double>();
        for (int unit = 0; unit < 4; unit++)
            Enumerable.Range(0, w.Length).Count(k => k / 9 % 4 == unit && w[k] != 0).ShouldBe(5);
    }

    [Fact]
    public void A_module_of_a_user_states_its_fans()
    {
        Diagonal module = new(4000, new Fans(1, 1));
        module.Initialize(1, DType.Float64);
        module.Scale.Value.ToArray<double>().Average(v => v * v).ShouldBe(2, 0.2);
        Should.Throw<ThalwegException>(() => new Diagonal(3, new Fans(0, 1))).Message.ShouldContain("expected finite fans above 0");
    }

    [Fact]
    public void An_initializer_of_a_user_gets_the_fans()
    {
        Conv2d layer = new(8, 8, 3, new ConvolutionOptions { Groups = 4 }, bias: false);
        layer.Weight.Initializer = new FanInItself();
        layer.Initialize(1, DType.Float64);
        layer.Weight.Value.ToArray<double>().ShouldAllBe(v => v == 18);
    }

    /// <summary>The mean over whole periods in the middle.</summary>
    private static double InnerMean(Tensor t)
    {
        double[] values = t.ToArray<double>();
        (int height, int width) = (t.Shape[2], t.Shape[3]);
        return Enumerable.Range(0, values.Length).Where(k => IsInner(k / width % height, height) && IsInner(k % width, width))
            .Average(k => values[k]);

        // Six places are whole periods of strides 1, 2 and 3.
        static bool IsInner(int position, int size) => position >= (size / 2) - 3 && position < (size / 2) + 3;
    }

    private sealed class Diagonal : Module
    {
        public Diagonal(int width, Fans fans) =>
            Scale = AddParameter("scale", [width], ParameterRole.Weight, Initializer.HeNormal(), fans);

        public Parameter Scale { get; }

        protected override Tensor ForwardCore(Tensor x) => x * Scale.Value;
    }

    private sealed record FanInItself : Initializer
    {
        public override void Fill(Tensor target, ref RandomStream stream) => throw new InvalidOperationException("the fans are known");

        public override void Fill(Tensor target, Fans fans, ref RandomStream stream)
        {
            for (long i = 0; i < target.Length; i++)
                target.Write(i, fans.In);
        }
    }
}
