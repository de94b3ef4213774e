namespace Thalweg.Losses;

/// <summary>1 / classes * sum over the sample's labels j and the other classes k of max(0, margin - y[j] + y[k]): each class that a sample
/// belongs to should score above each that it does not.</summary>
/// <remarks>
/// Outputs <c>[batch, classes]</c>, targets Int32 <c>[batch, classes]</c>: the labels of a sample first, then -1, after which nothing
/// counts; or both without the batch. The loss of a sample is one number; the mean is over the samples. Source: Elisseeff, Weston, "A
/// kernel method for multi-labelled classification", NIPS 2001, whose pairs it takes; the divisor is PyTorch's.
/// </remarks>
public sealed record MultiLabelMarginLoss : Loss
{
    /// <summary>By how much a label's output should exceed the others, in the unit of the outputs; default 1.</summary>
    public double Margin { get; init; } = 1;

    /// <inheritdoc/>
    public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (outputs.Rank is not (1 or 2) || targets.Shape != outputs.Shape || targets.DType != DType.Int32)
        {
            throw new ThalwegException(
                $"[multi label margin] expected outputs [batch, classes] and Int32 labels of that shape, -1 after the last, got " +
                $"{outputs.Shape} and {targets.DType} {targets.Shape}");
        }

        Tensor own = Belongs(targets, outputs.DType), others = own.IsEqual(Tensor.Scalar(0, own.DType));
        Tensor excess = outputs.Unsqueeze(-2).Subtract(outputs.Unsqueeze(-1)).Add(Margin).Relu();
        // What does not count is left out first: infinite less itself is NaN.
        Tensor pairs = own.Unsqueeze(-1).Multiply(others.Unsqueeze(-2));
        Tensor losses = Tensor.Where(pairs, excess, Tensor.Scalar(0, excess.DType)).Multiply(pairs).Sum(-2, -1);
        return Reduce(losses.Multiply(1.0 / Math.Max(1, outputs.Shape[-1])), reduction);
    }

    /// <summary>How often each class is among the labels of its sample, in the shape of the outputs.</summary>
    private static Tensor Belongs(Tensor labels, DType dtype)
    {
        Tensor packed = labels.Contiguous(), result = Tensor.Zeros(labels.Shape, dtype);
        ReadOnlySpan<int> all = packed.AsSpan<int>();
        int classes = labels.Shape[-1];
        bool ended = false;
        for (int i = 0; i < all.Length; i++)
        {
            ended = all[i] == -1 || (ended && i % classes != 0);
            if (ended)
                continue;

            if ((uint)all[i] >= (uint)classes)
            {
                throw new ThalwegException(
                    $"[multi label margin] expected labels from 0 to {classes - 1}, or -1 after the last, got {all[i]} for sample " +
                    $"{i / classes} of the batch");
            }

            int at = (i / classes * classes) + all[i];
            result.Write(at, result.Read(at) + 1);
        }

        return result;
    }
}

/// <summary>-1 / classes * sum over the classes k of w[k] (t[k] log s(y[k]) + (1 - t[k]) log(1 - s(y[k]))), with the logistic function
/// s: the binary cross-entropy of a sample's classes, as one loss for each sample.</summary>
/// <remarks>Outputs and targets (0 or 1, or between) <c>[batch, classes]</c> of one shape and type; the mean is over the samples. Exact for
/// outputs of any size. Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 6.2.2.2, for each class.</remarks>
public sealed record MultiLabelSoftMarginLoss : Loss
{
    /// <summary>Weight w of each class, 0 or more, <c>[classes]</c>, checked when the loss is computed; null (default) for 1.</summary>
    public Tensor? ClassWeights { get; init; }

    /// <inheritdoc/>
    public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        SameShape("multi label soft margin", outputs, targets);
        if (outputs.Rank == 0)
            throw new ThalwegException("[multi label soft margin] expected outputs [batch, classes], got a scalar");

        if (ClassWeights is { } weights)
        {
            if (weights.Rank != 1 || weights.Shape[0] != outputs.Shape[-1])
            {
                throw new ThalwegException(
                    $"[multi label soft margin] expected class weights [{outputs.Shape[-1]}], one for each class, got {weights.Shape}");
            }

            RefuseNegative("multi label soft margin", "class weights", weights);
        }

        Tensor losses = outputs.SigmoidCrossEntropy(targets);
        losses = ClassWeights is null ? losses : ClassWeights.To(outputs.DType).BroadcastTo(outputs.Shape).MultiplyMasked(losses);
        return Reduce(losses.Sum(-1).Multiply(1.0 / Math.Max(1, outputs.Shape[-1])), reduction);
    }
}
