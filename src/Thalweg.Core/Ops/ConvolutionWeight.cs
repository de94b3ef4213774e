namespace Thalweg;

/// <summary>w of x and y, the weight gradient of <see cref="ConvolutionOp"/>: <c>[N, C, H, W] x [N, O, OH, OW] -> [O, C / G, KH, KW]</c>.</summary>
internal sealed class ConvolutionWeightOp : ConvolutionFamilyOp
{
    public static readonly ConvolutionWeightOp Instance = new();

    public override string Name => "convolution weight gradient";

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].Packed(), gy = call[1].Packed();
        Tensor w = Tensor.Allocate(call.Arguments.Shape, x.DType, Name);
        WeightGradient<T>(x, gy, w, call.Arguments, accumulate: false);
        Alive.Until(x, gy);
        return w;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (gx.Wants(0))
        {
            gx.Add(0, TransposedConvolutionOp.Instance.Apply(Plain(call, call[0].Shape), call[1], gy));
        }

        if (gx.Wants(1))
        {
            gx.Add(1, ConvolutionOp.Instance.Apply(Plain(call, call[1].Shape), call[0], gy));
        }
    }
}
