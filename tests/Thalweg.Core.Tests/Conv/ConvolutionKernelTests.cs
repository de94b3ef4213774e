using Thalweg.Core.Tests.Ops;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Conv;

/// <summary>Convolutions of sizes that cut panels, sums, images and batches, against the definition, at any number of threads.</summary>
[Collection("threads")]
public sealed class ConvolutionKernelTests
{
    public static TheoryData<int, int, int, int, int, int> Sizes => new()
    {
        // batch, channels, outputs, image, window, groups
        { 3, 32, 40, 14, 5, 1 }, { 20, 1, 33, 28, 5, 1 }, { 2, 7, 5, 9, 3, 1 }, { 1, 16, 16, 40, 3, 1 }, { 2, 24, 24, 17, 3, 24 },
        { 2, 12, 36, 10, 3, 3 },
        { 1, 3, 70, 33, 7, 1 }, { 5, 64, 2, 8, 1, 1 }, { 1, 80, 64, 3, 3, 1 }, { 1, 96, 30, 60, 3, 1 },
        // Products by image, and the windows of few channels: cut panels, long sums, groups, blocks of rows.
        { 2, 8, 12, 9, 1, 1 }, { 1, 300, 6, 7, 1, 1 }, { 2, 6, 300, 24, 1, 1 }, { 2, 12, 24, 6, 1, 3 }, { 2, 2, 13, 90, 5, 1 },
        { 2, 6, 27, 8, 5, 3 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Results_and_derivatives_equal_the_definition(int batch, int channels, int outputs, int size, int window, int groups)
    {
        foreach (Size2d stride in new Size2d[] { 1, (2, 3), (3, 2) })
        {
            ConvolutionOptions options = new() { Stride = stride, Padding = (window / 2, window / 3), Groups = groups };
            Tensor x = OpCases.Values([batch, channels, size, size + 1], 500),
                w = OpCases.Values([outputs, channels / groups, window, window], 501, -1, 1);
            x.RequiresGrad = w.RequiresGrad = true;
            Tensor y = x.Conv2d(w, null, options), gy = OpCases.Values(y.Shape, 502);
            (double[] expectedY, double[] expectedX, double[] expectedW) = Definition(x, w, gy, options);
            Near(y, expectedY);
            Tensor[] gradients = Gradients.Of(y, gy, [x, w], createGraph: false);
            Near(gradients[0], expectedX);
            Near(gradients[1], expectedW);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Bits_are_equal_for_any_number_of_threads(int batch, int channels, int outputs, int size, int window, int groups)
    {
        ConvolutionOptions options = new() { Padding = window / 2, Groups = groups, Activation = Activation.Relu };
        Tensor x = OpCases.Values([batch, channels, size, size], 510).To(DType.Float32), bias = OpCases.Values([outputs], 511)
            .To(DType.Float32);
        Tensor w = OpCases.Values([outputs, channels / groups, window, window], 512, -1, 1).To(DType.Float32);
        x.RequiresGrad = w.RequiresGrad = bias.RequiresGrad = true;
        float[][] one = Compute(1);
        foreach (int threads in new[] { 2, 3, 8 })
        {
            float[][] many = Compute(threads);
            for (int i = 0; i < one.Length; i++)
                many[i].AsSpan().SequenceEqual(one[i]).ShouldBeTrue($"result {i} with {threads} threads");
        }

        float[][] Compute(int threads)
        {
            using ThreadCount count = new(threads);
            Tensor y = x.Conv2d(w, bias, options);
            Tensor[] gradients = Gradients.Of(y.Square().Sum(), x, w, bias);
            return [y.ToArray<float>(), .. gradients.Select(g => g.ToArray<float>())];
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Bits_are_equal_at_every_vector_width(int batch, int channels, int outputs, int size, int window, int groups)
    {
        foreach (Size2d stride in new Size2d[] { 1, 2, (2, 3) })
        {
            ConvolutionOptions options = new() { Stride = stride, Padding = window / 2, Groups = groups };
            Tensor x = OpCases.Values([batch, channels, size, size], 520).To(DType.Float32);
            Tensor w = OpCases.Values([outputs, channels / groups, window, window], 521, -1, 1).To(DType.Float32);
            Tensor g = OpCases.Values(x.Conv2d(w, null, options).Shape, 522).To(DType.Float32);
            ConvolutionShape shape = new(x.Shape, w.Shape, g.Shape, options, signal: false);
            float[] expected = VectorResults.Compute(VectorWidth.Scalar, shape, x, w, g);
            foreach (VectorWidth vectors in Enum.GetValues<VectorWidth>().Where(l => l <= VectorWidths.Best))
                VectorResults.Compute(vectors, shape, x, w, g).AsSpan().SequenceEqual(expected).ShouldBeTrue($"{vectors}, stride {stride}");
        }
    }

    [Fact]
    public void A_steady_step_allocates_nothing()
    {
        ConvolutionOptions options = new() { Padding = 1, Activation = Activation.Relu };
        PoolingOptions pooling = new();
        Tensor x = Tensor.Ones([4, 3, 12, 12]), w = Tensor.Full([8, 3, 3, 3], 0.1), bias = Tensor.Zeros([8]), gamma = Tensor.Ones([8]),
            beta = Tensor.Zeros([8]);
        Tensor signal = Tensor.Ones([4, 3, 12]), kernel = Tensor.Full([2, 3, 3], 0.1);
        w.RequiresGrad = bias.RequiresGrad = gamma.RequiresGrad = beta.RequiresGrad = kernel.RequiresGrad = true;
        StepMemory memory = new() { RecycleHandles = true };
        using ThreadCount count = new(1);
        Allocations.Fewest(Step, 20).ShouldBe(0);

        void Step()
        {
            using StepScope scope = memory.Begin();
            Tensor y = x.Conv2d(w, bias, options).MaxPool2d(pooling).BatchNorm(gamma, beta, 1e-5, out _)
                .GroupNorm(2, gamma, beta).AvgPool2d(pooling);
            y.Square().Sum().Add(signal.Conv1d(kernel, null, options).Square().Sum()).Backward();
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Tensor x = Tensor.Zeros([2, 3, 8, 8]);
        Should.Throw<ThalwegException>(() => x.Conv2d(Tensor.Zeros([4, 2, 3, 3]))).Message.ShouldBe(
            "[conv2d] expected inputs [batch, in, height, width] and windows [out, in / 1, height, width], got [2, 3, 8, 8] and [4, 2, " +
            "3, 3]");
        Should.Throw<ThalwegException>(
            () => x.Conv2d(Tensor.Zeros([4, 3, 9, 9]))).Message.ShouldContain("add padding or take a smaller window");
        Should.Throw<ThalwegException>(
            () => x.Conv2d(Tensor.Zeros([4, 3, 3, 3]), Tensor.Zeros([3]))).Message.ShouldContain("a bias of shape [4]");
        Should.Throw<ThalwegException>(
            () => x.Conv2d(Tensor.Zeros([4, 3, 3, 3]), null, new() { Stride = 0 })).Message.ShouldContain("1 or more");
        Should.Throw<ThalwegException>(
            () => x.Conv2d(Tensor.Zeros([4, 3, 3, 3]), null, new() { Padding = -1 })).Message.ShouldContain("0 or more");
        Tensor signal = Tensor.Zeros([2, 3, 8]), longer = Tensor.Zeros([4, 3, 9]);
        Should.Throw<ThalwegException>(() => signal.Conv1d(Tensor.Zeros([4, 2, 3]))).Message.ShouldBe(
            "[conv1d] expected inputs [batch, in, length] and windows [out, in / 1, length], got [2, 3, 8] and [4, 2, 3]");
        Should.Throw<ThalwegException>(() => signal.Conv1d(longer)).Message.ShouldBe(
            "[conv1d] expected signals of at least the size of the window, got [2, 3, 8] for windows [4, 3, 9]; add padding or take a " +
            "smaller window");
        Should.Throw<ThalwegException>(() => signal.ConvTranspose1d(Tensor.Zeros([2, 4, 3]))).Message.ShouldStartWith(
            "[transposed convolution 1d] expected inputs [batch, in, length]");
        Should.Throw<ThalwegException>(() => Tensor.Zeros([2, 8, 8]).Conv2d(Tensor.Zeros([4, 3, 3, 3]))).Message.ShouldContain(
            "got [2, 8, 8] and [4, 3, 3, 3]");
        Should.Throw<ThalwegException>(() => x.Conv1d(Tensor.Zeros([4, 3, 3]))).Message.ShouldContain("[batch, channels, length]");
        Should.Throw<ThalwegException>(
            () => x.ConvTranspose2d(Tensor.Zeros([4, 3, 3, 3]))).Message.ShouldContain("[in, out / 1, height, width]");
        Should.Throw<ThalwegException>(() => x.ConvTranspose2d(Tensor.Zeros([3, 4, 3, 3]), null,
            new() { OutputPadding = 1 })).Message.ShouldContain("below the stride");
        Should.Throw<ThalwegException>(
            () => x.ConvTranspose2d(Tensor.Zeros([3, 4, 1, 1]), null, new() { Padding = 5 })).Message.ShouldContain("take less padding");
        Should.Throw<ThalwegException>(() => x.MaxPool2d(new() { Padding = 2 })).Message.ShouldContain("half the window");
        Should.Throw<ThalwegException>(() => x.MaxPool2d(new() { KernelSize = 0 })).Message.ShouldContain("1 or more");
        Should.Throw<ThalwegException>(
            () => x.MaxPool2d(new() { KernelSize = 9 })).Message.ShouldContain("at least the size of the window");
        Should.Throw<ThalwegException>(() => x.MaxPool1d(new())).Message.ShouldContain("signals [batch, channels, length]");
        Should.Throw<ThalwegException>(() => x.AvgPool2d(new() { Dilation = 2 })).Message.ShouldContain("without dilation");
        Should.Throw<ThalwegException>(() => x.AdaptiveAvgPool2d(0)).Message.ShouldContain("output size of 1 or more");
        Should.Throw<ThalwegException>(() => x.GroupNorm(2)).Message.ShouldContain("2 groups divide");
        Should.Throw<ThalwegException>(() => x.LayerNorm(5)).Message.ShouldContain("from 1 to 4 axes");
        Should.Throw<ThalwegException>(() => x.LayerNorm(1, Tensor.Zeros([3]))).Message.ShouldContain("a scale of shape [8]");
        Should.Throw<ThalwegException>(() => x.LocalResponseNorm(0)).Message.ShouldContain("size >= 1");
    }

    private static (double[] Y, double[] X, double[] W) Definition(Tensor x, Tensor w, Tensor gy, ConvolutionOptions options)
    {
        double[] xs = x.ToArray<double>(), ws = w.ToArray<double>(), gs = gy.ToArray<double>();
        double[] y = new double[gs.Length], gx = new double[xs.Length], gw = new double[ws.Length];
        (int height, int width, int taps) = (x.Shape[2], x.Shape[3], w.Shape[2]);
        int inputs = w.Shape[1], perGroup = w.Shape[0] / options.Groups, at = 0;
        for (int n = 0; n < x.Shape[0]; n++)
        {
            for (int o = 0; o < w.Shape[0]; o++)
            {
                for (int i = 0; i < gy.Shape[2]; i++)
                {
                    for (int j = 0; j < gy.Shape[3]; j++, at++)
                    {
                        for (int c = 0; c < inputs; c++)
                        {
                            for (int k = 0; k < taps; k++)
                            {
                                for (int l = 0; l < taps; l++)
                                {
                                    int row = (i * options.Stride.Height) + k - options.Padding.Height,
                                        column = (j * options.Stride.Width) + l - options.Padding.Width;
                                    if (row < 0 || row >= height || column < 0 || column >= width)
                                        continue;

                                    int source = (((((n * x.Shape[1]) + (o / perGroup * inputs) + c) * height) + row) * width) + column;
                                    int factor = (((((o * inputs) + c) * taps) + k) * taps) + l;
                                    y[at] += xs[source] * ws[factor];
                                    gx[source] += gs[at] * ws[factor];
                                    gw[factor] += gs[at] * xs[source];
                                }
                            }
                        }
                    }
                }
            }
        }

        return (y, gx, gw);
    }

    private static void Near(Tensor found, double[] expected)
    {
        double[] values = found.ToArray<double>();
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
            worst = Math.Max(worst, Math.Abs(values[i] - expected[i]) / Math.Max(1, Math.Abs(expected[i])));

        worst.ShouldBeLessThan(1e-10);
    }
}
