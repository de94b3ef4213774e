namespace Thalweg.Losses;

/// <summary>-w[label] y[label] for outputs y that are log-probabilities; prefer <see cref="CrossEntropyLoss"/> on logits.</summary>
/// <remarks>Outputs <c>[batch, classes, ...]</c>, targets Int32 labels <c>[batch, ...]</c>. Source: Bishop, "Pattern recognition and
/// machine learning", 2006, eq. (4.108).</remarks>
public sealed record NegativeLogLikelihoodLoss : ClassLoss
{
    /// <inheritdoc/>
    public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (outputs.Rank == 1 && targets.Rank == 0)
            return OfOneSample(outputs, targets, reduction);

        Tensor rows = Rows(outputs), labels = Labels(outputs, targets);
        _ = WeightVector(rows.Shape[1], outputs.DType);
        Tensor places = Known(labels, rows.Shape[1]).Reshape([(int)labels.Length, 1]);
        Tensor chosen = rows.GatherLast(places).Reshape(targets.Shape), weights = WeightsOf(targets, outputs.DType);
        // An ignored row may hold anything, minus infinity too: it must not be multiplied by 0.
        Tensor losses = Tensor.Where(weights, chosen.Multiply(weights).Negate(), Tensor.Scalar(0, outputs.DType));
        return ReduceWeighted(losses, weights, reduction);
    }
}
