namespace Thalweg;

/// <summary>x of y and w, the transpose of <see cref="ConvolutionOp"/>:
/// <c>[N, O, OH, OW] x [O, C / G, KH, KW] -> [N, C, H, W]</c>.</summary>
internal sealed class TransposedConvolutionOp : ConvolutionMapOp
{
    public static readonly TransposedConvolutionOp Instance = new();

    public override string Name => "transposed convolution";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        Describe(arguments, description, this)
            .SampleGradients(static (call, x, gz) => ConvolutionWeightOp.OfImages(call, gz, x));

    protected override string NameOf(bool signal) => signal ? "transposed convolution 1d" : Name;

    /// <summary>The shape of the result.</summary>
    protected override Shape OutputShape(Tensor x, Tensor w, Tensor? bias, ConvolutionOptions options, bool signal)
    {
        if (x.Rank != 4 || w.Rank != 4 || x.Shape[1] != w.Shape[0] || w.Shape[0] % options.Groups != 0 || w.Length == 0 ||
            x.Shape[2] * x.Shape[3] == 0)
        {
            string places = signal ? "length" : "height, width";
            throw new ThalwegException(
                $"[{NameOf(signal)}] expected inputs [batch, in, {places}] and windows [in, out / {options.Groups}, {places}], got " +
                $"{Shown(x.Shape, signal)} and {Shown(w.Shape, signal)}");
        }

        (Size2d stride, Size2d dilation, Size2d extra) = (options.Stride, options.Dilation, options.OutputPadding);
        if (options.SamePadding || extra.Height >= Math.Max(stride.Height, dilation.Height) ||
            extra.Width >= Math.Max(stride.Width, dilation.Width))
        {
            throw new ThalwegException(
                $"[{NameOf(signal)}] expected output padding below the stride or the dilation and no `same` padding, got {extra} for " +
                $"stride {stride}");
        }

        CheckBias(NameOf(signal), bias, w.Shape[1] * options.Groups);
        int height = signal ? 1 : Length(x.Shape[2], w.Shape[2], stride.Height, options.Padding.Height, dilation.Height) + extra.Height;
        int width = Length(x.Shape[3], w.Shape[3], stride.Width, options.Padding.Width, dilation.Width) + extra.Width;
        return height >= 1 && width >= 1 ? [x.Shape[0], w.Shape[1] * options.Groups, height, width] : throw new ThalwegException(
            $"[{NameOf(signal)}] expected padding that leaves an output, got {(signal ? $"{width}" : $"{height} x {width}")} for inputs " +
            $"{Shown(x.Shape, signal)}; take less padding");
    }

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor y = call[0].AsContiguous(), w = call[1].AsContiguous();
        Tensor? bias = call.Count > 2 ? call[2].AsContiguous() : null;
        Tensor x = Tensor.Allocate(call.Arguments.Shape, y.DType, Name);
        Transpose<T>(y, w, x, call.Arguments, (bias, IsRelu(call), false));
        Lifetime.KeepAlive(y, w, bias);
        return x;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor gz = Masked(call, y, gy);
        if (gx.Wants(0))
            gx.Add(0, ConvolutionOp.Instance.Apply(Plain(call, call[0].Shape), gz, call[1]));

        if (gx.Wants(1))
            gx.Add(1, ConvolutionWeightOp.Instance.Apply(Plain(call, call[1].Shape), gz, call[0]));

        AddBias(call, gz, ref gx);
    }

    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor gz = FusedMasked<T>(call, y, gy);
        if (gx.Wants(1))
        {
            Tensor target = gx.Target(1, out bool accumulate), input = call[0].AsContiguous();
            WeightGradient<T>(gz, input, target, call.Arguments, accumulate);
            GC.KeepAlive(input);
        }

        AddFusedBias<T>(call, gz, ref gx);
        if (gx.Wants(0))
        {
            Tensor target = gx.Target(0, out bool accumulate), w = call[1].AsContiguous();
            Correlate<T>(gz, w, target, call.Arguments, (null, false, accumulate));
            GC.KeepAlive(w);
        }

        GC.KeepAlive(gz);
        return true;
    }

    private static int Length(int size, int kernel, int stride, int padding, int dilation) =>
        ((size - 1) * stride) - (2 * padding) + (dilation * (kernel - 1)) + 1;
}
