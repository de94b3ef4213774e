namespace Thalweg.Diagnostics;

/// <summary>Scale or shift of a batch normalization: the part of their gradient that lies in the rows of a sample.</summary>
internal static class BatchNormFactor
{
    /// <summary>The factor of the scale (input 1) or the shift (input 2).</summary>
    /// <param name="op">The normalization, in training.</param>
    /// <param name="input">Which input.</param>
    public static SampleFactor Of(RecordedOp op, int input)
    {
        Tensor gradient = BeforeActivation(op), x = op.Input(0).Detach();
        Tensor rows = input == 1 ? gradient.Multiply(Normalized(x, op.Attribute("epsilon", 1e-5))) : gradient;
        (int samples, int channels) = (x.Shape[0], x.Shape[1]);
        return new DirectFactor(rows.Reshape([samples, channels, (int)(rows.Length / ((long)samples * channels))]).Sum(2));
    }

    private static Tensor BeforeActivation(RecordedOp op)
    {
        Tensor gradient = op.OutputGradient ?? Tensor.Zeros(op.OutputShape, op.DType);

        // The only one that is fused is the rectifier, whose result says where it was on.
        return op.Attribute("activation", Activation.None) == Activation.None ? gradient : gradient.Multiply(op.Output.Detach().Step());
    }

    private static Tensor Normalized(Tensor x, double epsilon)
    {
        (int samples, int channels) = (x.Shape[0], x.Shape[1]);
        Tensor flat = x.Reshape([samples, channels, (int)(x.Length / ((long)samples * channels))]);
        Tensor centered = flat.Subtract(flat.Mean(0, 2).Reshape([1, channels, 1]));
        Tensor variance = centered.Square().Mean(0, 2).Reshape([1, channels, 1]);
        return centered.Divide(variance.Add(epsilon).Sqrt()).Reshape(x.Shape);
    }
}
