using Thalweg.Kernels;

namespace Thalweg;

/// <content>Convolution and transposed convolution.</content>
public sealed partial class Tensor
{
    /// <summary>Convolution of images (as in all deep-learning libraries: cross-correlation, the window is not mirrored).</summary>
    /// <param name="weight">Windows <c>[out, in / groups, kernel height, kernel width]</c>.</param>
    /// <param name="bias">One number per output channel <c>[out]</c>, or null for none.</param>
    /// <param name="options">Stride, padding, dilation, groups and activation; default stride 1 and nothing else.</param>
    /// <returns><c>[batch, out, height', width']</c> for this tensor of shape <c>[batch, in, height, width]</c>, with
    /// height' = floor((height + 2 padding - dilation (kernel - 1) - 1) / stride) + 1, width' likewise; <c>[out, height', width']</c> for
    /// one image <c>[in, height, width]</c>.</returns>
    /// <remarks>y[n, o, i, j] = b[o] + sum over c, u, v of w[o, c, u, v] x[n, c, i stride + u dilation - padding, j stride + v dilation -
    /// padding], zero outside the image, c over the input channels of the group of o. Source: Goodfellow, Bengio, Courville, "Deep
    /// learning", 2016, equation 9.6; sizes: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285,
    /// 2016, relationships 6 and 15; dilation: Yu, Koltun, ICLR 2016, equation 2.</remarks>
    /// <exception cref="ThalwegException">The shapes do not fit, or the window is larger than the padded image.</exception>
    public Tensor Conv2d(Tensor weight, Tensor? bias = null, ConvolutionOptions? options = null) => IsOneSample(2, weight, 1, options)
        ? Unsqueeze(0).Conv2d(weight, bias, options).Squeeze(0)
        : ConvolutionOp.Instance.Apply(this, weight, bias, options ?? ConvolutionOptions.Default, signal: false);

    /// <summary>Convolution of signals. The options are those of images: of a pair such as the stride <c>(1, 2)</c> the second number,
    /// the width, counts and the first is not looked at; a single number stands for both.</summary>
    /// <param name="weight">Windows <c>[out, in / groups, kernel]</c>.</param>
    /// <param name="bias">One number per output channel <c>[out]</c>, or null for none.</param>
    /// <param name="options">Stride, padding, dilation, groups and activation; default stride 1 and nothing else.</param>
    /// <returns><c>[batch, out, length']</c> for this tensor of shape <c>[batch, in, length]</c>, with
    /// length' = floor((length + 2 padding - dilation (kernel - 1) - 1) / stride) + 1; <c>[out, length']</c> for one signal
    /// <c>[in, length]</c>.</returns>
    /// <remarks>y[n, o, i] = b[o] + sum over c, u of w[o, c, u] x[n, c, i stride + u dilation - padding]. Source: Dumoulin, Visin, "A guide
    /// to convolution arithmetic for deep learning", arXiv:1603.07285, 2016, relationships 6 and 15, along one axis.</remarks>
    /// <exception cref="ThalwegException">The shapes do not fit, or the window is longer than the padded signal.</exception>
    public Tensor Conv1d(Tensor weight, Tensor? bias = null, ConvolutionOptions? options = null)
    {
        if (IsOneSample(1, weight, 1, options))
            return Unsqueeze(0).Conv1d(weight, bias, options).Squeeze(0);

        ConvolutionMapOp.CheckSignals("conv1d", this, weight);
        return Flat(ConvolutionOp.Instance.Apply(Image(this), Image(weight), bias, options ?? ConvolutionOptions.Default, signal: true));
    }

    /// <summary>Transposed convolution of images: the map from output to input of a convolution, also called deconvolution.</summary>
    /// <param name="weight">Windows <c>[in, out / groups, kernel height, kernel width]</c>.</param>
    /// <param name="bias">One number per output channel <c>[out]</c>, or null for none.</param>
    /// <param name="options">Stride, padding, output padding, dilation, groups and activation; default stride 1 and nothing else.</param>
    /// <returns><c>[batch, out, height', width']</c> for this tensor of shape <c>[batch, in, height, width]</c>, with
    /// height' = (height - 1) stride - 2 padding + dilation (kernel - 1) + output padding + 1, width' likewise; <c>[out, height',
    /// width']</c> for one image <c>[in, height, width]</c>.</returns>
    /// <remarks>Adds w[c, o, u, v] x[n, c, i, j] to y[n, o, i stride + u dilation - padding, j stride + v dilation - padding] for all c, i,
    /// j, u, v, then b[o]. Source: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, 2016,
    /// relationships 8 to 14.</remarks>
    /// <exception cref="ThalwegException">The shapes do not fit, or nothing is left of the output.</exception>
    public Tensor ConvTranspose2d(Tensor weight, Tensor? bias = null, ConvolutionOptions? options = null) => IsOneSample(2, weight, 0, null)
        ? Unsqueeze(0).ConvTranspose2d(weight, bias, options).Squeeze(0)
        : TransposedConvolutionOp.Instance.Apply(this, weight, bias, options ?? ConvolutionOptions.Default, signal: false);

    /// <summary>Transposed convolution of signals. The options are those of images: of a pair such as the stride <c>(1, 2)</c> the second
    /// number, the width, counts and the first is not looked at; a single number stands for both.</summary>
    /// <param name="weight">Windows <c>[in, out / groups, kernel]</c>.</param>
    /// <param name="bias">One number per output channel <c>[out]</c>, or null for none.</param>
    /// <param name="options">Stride, padding, output padding, dilation, groups and activation; default stride 1 and nothing else.</param>
    /// <returns><c>[batch, out, length']</c> for this tensor of shape <c>[batch, in, length]</c>, with
    /// length' = (length - 1) stride - 2 padding + dilation (kernel - 1) + output padding + 1; <c>[out, length']</c> for one signal
    /// <c>[in, length]</c>.</returns>
    /// <remarks>Source: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, 2016, relationships 8 to
    /// 14, along one axis.</remarks>
    /// <exception cref="ThalwegException">The shapes do not fit, or nothing is left of the output.</exception>
    public Tensor ConvTranspose1d(Tensor weight, Tensor? bias = null, ConvolutionOptions? options = null)
    {
        if (IsOneSample(1, weight, 0, null))
            return Unsqueeze(0).ConvTranspose1d(weight, bias, options).Squeeze(0);

        ConvolutionMapOp.CheckSignals("transposed convolution 1d", this, weight);
        return Flat(
            TransposedConvolutionOp.Instance.Apply(Image(this), Image(weight), bias, options ?? ConvolutionOptions.Default, signal: true));
    }

    /// <summary>Whether this is one sample without the axis of the batch: of so many axes besides its channels, which an axis of the
    /// weight counts, for each group where there are options.</summary>
    private bool IsOneSample(int axes, Tensor weight, int channelAxis, ConvolutionOptions? options) =>
        Rank == axes + 1 && weight.Rank == axes + 2 && Shape[0] == weight.Shape[channelAxis] * (options?.Groups ?? 1);

    /// <summary>Signals [a, b, length] as images [a, b, 1, length].</summary>
    private static Tensor Image(Tensor x) => x.Reshape([x.Shape[0], x.Shape[1], 1, x.Shape[2]]);

    /// <summary>Images [a, b, 1, length] as signals [a, b, length].</summary>
    private static Tensor Flat(Tensor y) => y.Reshape([y.Shape[0], y.Shape[1], y.Shape[3]]);
}

/// <summary>y of x and w: <c>[N, C, H, W] x [O, C / G, KH, KW] -> [N, O, OH, OW]</c>.</summary>
internal sealed unsafe class ConvolutionOp : ConvolutionMapOp
{
    public static readonly ConvolutionOp Instance = new();

    public override string Name => "conv2d";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        Describe(arguments, description, this)
            .SampleGradients(static (call, x, gz) => ConvolutionWeightOp.OfImages(call, x, gz));

    protected override string NameOf(bool signal) => signal ? "conv1d" : Name;

    /// <summary>The shape of the result.</summary>
    protected override Shape OutputShape(Tensor x, Tensor w, Tensor? bias, ConvolutionOptions options, bool signal)
    {
        if (x.Rank != 4 || w.Rank != 4 || x.Shape[1] != w.Shape[1] * options.Groups || w.Shape[0] % options.Groups != 0 || w.Length == 0)
        {
            string places = signal ? "length" : "height, width";
            throw new ThalwegException(
                $"[{NameOf(signal)}] expected inputs [batch, in, {places}] and windows [out, in / {options.Groups}, {places}], got " +
                $"{Shown(x.Shape, signal)} and {Shown(w.Shape, signal)}");
        }

        if (options.OutputPadding != default)
        {
            throw new ThalwegException(
                $"[{NameOf(signal)}] expected no output padding, which a transposed convolution alone has, got {options.OutputPadding}");
        }

        CheckBias(NameOf(signal), bias, w.Shape[0]);
        int height = signal ? 1 : Length(
            options.SamePadding ? -1 : options.Padding.Height, x.Shape[2], w.Shape[2], options.Stride.Height, options.Dilation.Height);
        int width = Length(
            options.SamePadding ? -1 : options.Padding.Width, x.Shape[3], w.Shape[3], options.Stride.Width, options.Dilation.Width);
        return height >= 1 && width >= 1 ? [x.Shape[0], w.Shape[0], height, width] : throw new ThalwegException(
            $"[{NameOf(signal)}] expected {(signal ? "signals" : "images")} of at least the size of the window, got " +
            $"{Shown(x.Shape, signal)} for windows {Shown(w.Shape, signal)}; add padding or take a smaller window");
    }

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), w = call[1].AsContiguous();
        Tensor? bias = call.Count > 2 ? call[2].AsContiguous() : null;
        Tensor y = Tensor.Allocate(call.Arguments.Shape, x.DType, Name);
        Correlate<T>(x, w, y, call.Arguments, (bias, IsRelu(call), false));
        Lifetime.KeepAlive(x, w, bias);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor gz = Masked(call, y, gy);
        if (gx.Wants(0))
            gx.Add(0, TransposedConvolutionOp.Instance.Apply(Plain(call, call[0].Shape), gz, call[1]));

        if (gx.Wants(1))
            gx.Add(1, ConvolutionWeightOp.Instance.Apply(Plain(call, call[1].Shape), call[0], gz));

        AddBias(call, gz, ref gx);
    }

    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor gz = FusedMasked<T>(call, y, gy);
        if (gx.Wants(1))
        {
            Tensor target = gx.Target(1, out bool accumulate), x = call[0].AsContiguous();
            WeightGradient<T>(x, gz, target, call.Arguments, accumulate);
            GC.KeepAlive(x);
        }

        AddFusedBias<T>(call, gz, ref gx);
        if (gx.Wants(0))
        {
            Tensor target = gx.Target(0, out bool accumulate), w = call[1].AsContiguous();
            Transpose<T>(gz, w, target, call.Arguments, (null, false, accumulate));
            GC.KeepAlive(w);
        }

        GC.KeepAlive(gz);
        return true;
    }

    private static int Length(int padding, int size, int kernel, int stride, int dilation) =>
        ConvolutionShape.OutputLength(size, kernel, stride, padding, dilation);
}
