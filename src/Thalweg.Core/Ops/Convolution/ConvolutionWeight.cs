namespace Thalweg;

/// <summary>w of x and y, the weight gradient of <see cref="ConvolutionOp"/>:
/// <c>[N, C, H, W] x [N, O, OH, OW] -> [O, C / G, KH, KW]</c>.</summary>
internal sealed class ConvolutionWeightOp : ConvolutionFamilyOp
{
    public static readonly ConvolutionWeightOp Instance = new();

    public override string Name => "convolution weight gradient";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Other).Inputs("input", "gradient").Attribute("options", arguments.Settings!);

    /// <summary>The weight gradients of single images, <c>[images, windows]</c>: those of one image whose channels are all channels of all
    /// images, in groups.</summary>
    /// <param name="call">A convolution or a transposed convolution.</param>
    /// <param name="x">Input of the convolution, or cotangent of the result of the transposed one, <c>[images, C, H, W]</c>.</param>
    /// <param name="y">The other of the two, <c>[images, O, OH, OW]</c>.</param>
    internal static Tensor OfImages(in OpCall call, Tensor x, Tensor y)
    {
        ConvolutionOptions options = (ConvolutionOptions)call.Arguments.Settings!;
        (int images, Shape w) = (x.Shape[0], call[1].Shape);
        OpArguments arguments = new()
        {
            Shape = w.With(0, images * w[0]),
            Settings = options with { Groups = images * options.Groups },
            Second = call.Arguments.Second,
        };
        Tensor gradients = Instance.Apply(arguments, AsOne(x), AsOne(y));
        return gradients.Reshape([images, checked((int)w.Length)]);

        static Tensor AsOne(Tensor all) => all.Reshape([1, all.Shape[0] * all.Shape[1], all.Shape[2], all.Shape[3]]);
    }

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous(), gy = call[1].AsContiguous();
        Tensor w = Tensor.Allocate(call.Arguments.Shape, x.DType, Name);
        WeightGradient<T>(x, gy, w, call.Arguments, accumulate: false);
        Lifetime.KeepAlive(x, gy);
        return w;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (gx.Wants(0))
            gx.Add(0, TransposedConvolutionOp.Instance.Apply(Plain(call, call[0].Shape), call[1], gy));

        if (gx.Wants(1))
            gx.Add(1, ConvolutionOp.Instance.Apply(Plain(call, call[1].Shape), call[0], gy));
    }
}
