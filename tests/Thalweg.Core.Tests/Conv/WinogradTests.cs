using Thalweg.Core.Tests.Ops;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Conv;

/// <summary>
/// Convolutions by tiles, as single precision has them for windows of 3x3 and 5x5: against double precision, and vector widths to the bit.
/// </summary>
public sealed unsafe class WinogradTests
{
    public static TheoryData<int, int, int, int, int, int, int> Sizes => new()
    {
        // batch, channels, height, width, outputs, window, padding: whole tiles, cut tiles, cut vectors, cut images, images together
        { 3, 16, 8, 8, 16, 3, 1 }, { 2, 20, 14, 14, 33, 5, 2 }, { 5, 32, 7, 9, 17, 3, 0 }, { 2, 16, 33, 20, 16, 3, 2 },
        { 1, 16, 60, 61, 24, 5, 1 },
        { 33, 64, 4, 4, 64, 3, 1 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Single_precision_is_near_double_precision(
        int batch, int channels, int height, int width, int outputs, int window, int padding)
    {
        ConvolutionOptions options = new() { Padding = padding, Activation = Activation.Relu };
        Tensor x = OpCases.Values([batch, channels, height, width], 520),
            w = OpCases.Values([outputs, channels, window, window], 521, -1, 1);
        Tensor bias = OpCases.Values([outputs], 522), weights = OpCases.Values(x.Conv2d(w, bias, options).Shape, 523);
        Tensor[] expected = Compute(DType.Float64), found = Compute(DType.Float32);
        for (int i = 0; i < expected.Length; i++)
        {
            double[] e = expected[i].ToArray<double>(), f = found[i].To(DType.Float64).ToArray<double>();
            double scale = Math.Sqrt(e.Average(v => v * v)), worst = e.Zip(f, (a, b) => Math.Abs(a - b)).Max() / scale;
            worst.ShouldBeLessThan(3e-5, $"result {i}");
        }

        Tensor[] Compute(DType type)
        {
            Tensor a = x.To(type), b = w.To(type), c = bias.To(type);
            a.RequiresGrad = b.RequiresGrad = c.RequiresGrad = true;
            // The same places are rectified in both precisions, so that the derivatives can be compared.
            Tensor mask = x.Conv2d(w, bias, options).Step().To(type);
            Tensor y = a.Conv2d(b, c, options);
            return [y, .. Gradients.Of(y, weights.To(type).Multiply(mask), [a, b, c], createGraph: false)];
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Bits_are_equal_at_every_vector_width(int batch, int channels, int height, int width, int outputs, int window, int padding)
    {
        Tensor x = OpCases.Values([batch, channels, height, width], 530).To(DType.Float32), bias = OpCases.Values([outputs], 531)
            .To(DType.Float32);
        Tensor w = OpCases.Values([outputs, channels, window, window], 532, -1, 1).To(DType.Float32);
        ConvolutionOptions options = new() { Padding = padding };
        Tensor y = x.Conv2d(w, null, options), g = OpCases.Values(y.Shape, 533).To(DType.Float32);
        ConvolutionShape shape = new(x.Shape, w.Shape, y.Shape, options, signal: false);
        WinogradShape.Serves<float>(shape).ShouldBeTrue();
        WinogradShape.Serves<double>(shape).ShouldBeFalse();
        float[] results = Compute(VectorWidth.Scalar);
        foreach (VectorWidth vectors in Enum.GetValues<VectorWidth>().Where(l => l <= VectorWidths.Best))
            Compute(vectors).AsSpan().SequenceEqual(results).ShouldBeTrue($"{vectors}");

        float[] Compute(VectorWidth vectors)
        {
            float[] forward = Convolve(vectors, WinogradShape.Correlation(shape), (x, y.Shape), transposed: false);
            float[] back = Convolve(vectors, WinogradShape.Transposition(shape), (g, x.Shape), transposed: true);
            WinogradGradientWork<float> work = Winograd.PlanWeightGradient(
                WinogradShape.Correlation(shape), x.Pointer<float>(), g.Pointer<float>());
            Tensor partials = Tensor.Zeros([work.Splits * work.Shape.FactorLength]), target = Tensor.Ones(w.Shape);
            work.Partials = partials.Pointer<float>();
            Winograd.RunWeightGradient(vectors, work, target.Pointer<float>(), accumulate: true);
            GC.KeepAlive(partials);
            return [.. forward, .. back, .. target.ToArray<float>()];
        }

        float[] Convolve(VectorWidth vectors, WinogradShape tiles, (Tensor Source, Shape Target) images, bool transposed)
        {
            Tensor factors = Tensor.Zeros([tiles.FactorLength]), target = Tensor.Ones(images.Target);
            WinogradWork<float> work = new() { Shape = tiles, Source = images.Source.Pointer<float>(), Target = target.Pointer<float>() };
            work.Factors = factors.Pointer<float>();
            work.Bias = transposed ? null : bias.Pointer<float>();
            (work.Relu, work.Accumulate) = (!transposed, transposed);
            Winograd.Transform(vectors, new WinogradFactorsWork<float>(tiles, w.Pointer<float>(), transposed, work.Factors));
            Winograd.Convolve(vectors, work);
            GC.KeepAlive(factors);
            return target.ToArray<float>();
        }
    }
}
