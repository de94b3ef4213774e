namespace Thalweg.Losses;

/// <summary>(1 - e) w[label] (-log p[label]) + (e / classes) sum over k of w[k] (-log p[k]), with p = softmax(logits)
/// and smoothing e.</summary>
/// <remarks>Outputs (logits) <c>[batch, classes, ...]</c>. Targets are Int32 labels <c>[batch, ...]</c>, or probabilities of the shape and
/// type of the outputs, whose mean divides by the number of samples. Source: Bishop, "Pattern recognition and machine learning", 2006, eq.
/// (4.108); smoothing: Szegedy and others, CVPR 2016, section 7.</remarks>
public sealed record CrossEntropyLoss : ClassLoss
{
    /// <summary>Share e of the target that is spread evenly over all classes, dimensionless, in [0, 1]; default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <inheritdoc/>
    public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (outputs.Rank == 1 && (targets.Rank == 0 || targets.DType != DType.Int32))
            return OfOneSample(outputs, targets, reduction);

        Tensor rows = Rows(outputs);
        Tensor? weights = WeightVector(rows.Shape[1], outputs.DType);
        if (targets.DType != DType.Int32)
            return OfProbabilities(outputs, targets, weights, reduction);

        CrossEntropyOptions options = new()
        {
            Reduction = reduction,
            ClassWeights = weights,
            LabelSmoothing = LabelSmoothing,
            IgnoredLabel = IgnoredLabel,
        };
        Tensor losses = rows.SoftmaxCrossEntropy(Labels(outputs, targets), options);
        return reduction == Reduction.None ? losses.Reshape(targets.Shape) : losses;
    }

    private Tensor OfProbabilities(Tensor outputs, Tensor targets, Tensor? weights, Reduction reduction)
    {
        if (targets.Rank < outputs.Rank)
        {
            throw new ThalwegException(
                $"[softmax cross-entropy] expected Int32 labels [batch, ...] or probabilities like the outputs, {outputs.DType} " +
                $"{outputs.Shape}, got {targets.DType} {targets.Shape}; convert labels with To(DType.Int32)");
        }

        SameShape("softmax cross-entropy", outputs, targets);
        Tensor rows = Rows(targets).Multiply(1 - LabelSmoothing).Add(LabelSmoothing / outputs.Shape[1]);
        rows = weights is null ? rows : rows.Multiply(weights);
        Tensor losses = rows.MultiplyMasked(Rows(outputs).LogSoftmax()).Sum(-1).Negate();
        if (reduction != Reduction.None)
            return Reduce(losses, reduction);

        int[] sizes = outputs.Shape.ToArray();
        return losses.Reshape([sizes[0], .. sizes[2..]]);
    }
}
