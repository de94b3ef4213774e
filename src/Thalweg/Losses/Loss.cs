namespace Thalweg.Losses;

/// <summary>What training lowers: a number from outputs and targets.</summary>
public abstract record Loss
{
    /// <summary>-log softmax(logits)[label], for classes; targets are Int32 labels <c>[batch]</c>.</summary>
    public static Loss SoftmaxCrossEntropy { get; } = new SoftmaxCrossEntropyLoss();

    /// <summary>-t log s(z) - (1 - t) log(1 - s(z)) with the logistic function s, for independent yes-or-no targets of the shape of the logits.</summary>
    public static Loss BinaryCrossEntropy { get; } = new BinaryCrossEntropyLoss();

    /// <summary>(y - t)^2, for numbers of the shape of the outputs.</summary>
    public static Loss MeanSquaredError { get; } = new MeanSquaredErrorLoss();

    /// <summary>Name in reports and files.</summary>
    public abstract string Name { get; }

    /// <summary>Computes the loss.</summary>
    /// <param name="outputs">Outputs of the network, <c>[batch, ...]</c>.</param>
    /// <param name="targets">What they should be; the loss says of which type and shape.</param>
    /// <param name="reduction">Mean over all (default), sum, or none.</param>
    /// <exception cref="ThalwegException">The shapes or types do not fit.</exception>
    public abstract Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean);

    /// <summary>Reduces losses of elements.</summary>
    /// <param name="losses">One loss per element.</param>
    /// <param name="reduction">How.</param>
    private protected static Tensor Reduce(Tensor losses, Reduction reduction) => reduction switch
    {
        Reduction.Mean => losses.Mean(),
        Reduction.Sum => losses.Sum(),
        _ => losses,
    };

    /// <summary>Refuses targets of another shape or type than the outputs.</summary>
    private protected static void SameShape(string name, Tensor outputs, Tensor targets)
    {
        if (outputs.Shape != targets.Shape || outputs.DType != targets.DType)
        {
            throw new ThalwegException($"[{name}] expected targets like the outputs, {outputs.DType} {outputs.Shape}, got {targets.DType} {targets.Shape}; reshape or convert them");
        }
    }
}

internal sealed record SoftmaxCrossEntropyLoss : Loss
{
    public override string Name => "softmax_cross_entropy";

    public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean) =>
        outputs.SoftmaxCrossEntropy(targets, reduction);
}

internal sealed record BinaryCrossEntropyLoss : Loss
{
    public override string Name => "binary_cross_entropy";

    /// <summary>softplus(z) - t z: the same value without a logarithm of something near 0.</summary>
    public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean)
    {
        SameShape("binary cross-entropy", outputs, targets);
        return Reduce(outputs.Softplus().Subtract(outputs.Multiply(targets)), reduction);
    }
}

internal sealed record MeanSquaredErrorLoss : Loss
{
    public override string Name => "mean_squared_error";

    public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean)
    {
        SameShape("mean squared error", outputs, targets);
        return Reduce(outputs.Subtract(targets).Square(), reduction);
    }
}
