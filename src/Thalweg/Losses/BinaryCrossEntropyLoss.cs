namespace Thalweg.Losses;

/// <summary>-p t log s(z) - (1 - t) log(1 - s(z)) of each logit z and target t in [0, 1], with the logistic function s.</summary>
/// <remarks>Outputs and targets <c>[batch, ...]</c> of one shape and type. Exact for logits of any size. Source: Goodfellow, Bengio,
/// Courville, "Deep learning", 2016, section 6.2.2.2.</remarks>
public sealed record BinaryCrossEntropyLoss : ElementLoss
{
    /// <summary>Weight p of the positive side, of a shape that broadcasts with the outputs, such as <c>[classes]</c> for outputs
    /// <c>[batch, classes]</c>; null (default) for 1.</summary>
    public Tensor? PositiveWeights { get; init; }

    /// <summary>Factors of the elements' losses, of a shape that broadcasts with the outputs; the mean still divides by the
    /// number of elements.</summary>
    public Tensor? ElementWeights { get; init; }

    /// <inheritdoc/>
    protected override Tensor Each(Tensor outputs, Tensor targets)
    {
        Tensor losses = PositiveWeights is null
            ? outputs.SigmoidCrossEntropy(targets)
            : targets.Multiply(PositiveWeights.To(outputs.DType).BroadcastTo(outputs.Shape)).MultiplyMasked(outputs.Negate().Softplus())
                .Add((1 - targets).MultiplyMasked(outputs.Softplus()));
        return ElementWeights is null ? losses : ElementWeights.To(losses.DType).MultiplyMasked(losses);
    }
}
