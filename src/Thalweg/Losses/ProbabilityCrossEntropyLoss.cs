namespace Thalweg.Losses;

/// <summary>-t log y - (1 - t) log(1 - y) of each probability y and target t in [0, 1].</summary>
/// <remarks>Outputs and targets <c>[batch, ...]</c> of one shape and type. Logarithms are cut at -100; see
/// <see cref="Tensor.ProbabilityCrossEntropy"/> for the derivative. Prefer <see cref="BinaryCrossEntropyLoss"/> on logits, which loses no
/// digits. Source: Bishop, "Pattern recognition and machine learning", 2006, eq. (4.90); the cut is that of PyTorch.</remarks>
public sealed record ProbabilityCrossEntropyLoss : ElementLoss
{
    /// <summary>Factors of the elements' losses, of a shape that broadcasts with the outputs; the mean still divides by the
    /// number of elements.</summary>
    public Tensor? ElementWeights { get; init; }

    /// <inheritdoc/>
    protected override Tensor Each(Tensor outputs, Tensor targets)
    {
        Tensor losses = outputs.ProbabilityCrossEntropy(targets);
        return ElementWeights is null ? losses : ElementWeights.To(losses.DType).MultiplyMasked(losses);
    }
}
