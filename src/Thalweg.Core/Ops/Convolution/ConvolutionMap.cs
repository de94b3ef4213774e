namespace Thalweg;

/// <summary>The two members of the family that are layers: with bias and activation.</summary>
internal abstract class ConvolutionMapOp : ConvolutionFamilyOp
{
    /// <summary>Applies the operation with bias and activation.</summary>
    /// <param name="x">Images.</param>
    /// <param name="w">Windows.</param>
    /// <param name="bias">One number per channel of the result, or null.</param>
    /// <param name="options">Everything else.</param>
    /// <param name="signal">Whether height is not an axis: it is 1 throughout.</param>
    public Tensor Apply(Tensor x, Tensor w, Tensor? bias, ConvolutionOptions options, bool signal)
    {
        options.Check(NameOf(signal));
        Shape shape = OutputShape(x, w, bias, options, signal);
        bool fused = options.Activation is Activation.None or Activation.Relu;
        OpArguments arguments =
            new() { Shape = shape, Settings = options, First = fused ? (int)options.Activation : 0, Second = signal ? 1 : 0 };
        Tensor y = Apply(arguments, x, w, bias);
        return fused ? y : y.Activate(options.Activation);
    }

    /// <summary>Refuses what is not signals.</summary>
    public static void CheckSignals(string operation, Tensor x, Tensor w)
    {
        if (x.Rank != 3 || w.Rank != 3)
        {
            throw new ThalwegException(
                $"[{operation}] expected inputs [batch, channels, length] and windows of rank 3, got {x.Shape} and {w.Shape}");
        }
    }

    /// <summary>What both members say of themselves.</summary>
    protected static OpDescription Describe(in OpArguments arguments, OpDescription description, ConvolutionMapOp op)
    {
        Activation activation = (Activation)arguments.First;
        return description.Affine(activation).Attribute("options", arguments.Settings!).Attribute("signal", arguments.Second != 0).Value(
            new InnerValue(InnerValue.PreActivation, activation == Activation.None),
            (call, y) => y is not null && !IsRelu(call) ? y : op.Apply(
                call[0], call[1], call.Count > 2 ? call[2] : null,
                (ConvolutionOptions)call.Arguments.Settings! with { Activation = Activation.None }, call.Arguments.Second != 0),
            static (call, y, gy) => Masked(call, y, gy));
    }

    /// <summary>Name in messages.</summary>
    /// <param name="signal">Whether height is not an axis.</param>
    protected abstract string NameOf(bool signal);

    /// <summary>A shape as the user knows it: without the height that signals have inside.</summary>
    protected static Shape Shown(Shape shape, bool signal) =>
        signal && shape.Rank == 4 ? [shape[0], shape[1], shape[3]] : shape;

    /// <summary>The shape of the result.</summary>
    protected abstract Shape OutputShape(Tensor x, Tensor w, Tensor? bias, ConvolutionOptions options, bool signal);

    /// <summary>Refuses a bias of another size.</summary>
    protected static void CheckBias(string operation, Tensor? bias, int outputs)
    {
        if (bias is not null && (bias.Rank != 1 || bias.Shape[0] != outputs))
            Throw.WrongShape(operation, $"a bias of shape [{outputs}]", bias.Shape);
    }
}
