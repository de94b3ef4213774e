namespace Thalweg.Losses;

/// <summary>max(0, d(a, p) - d(a, n) + margin): an anchor should be nearer to a sample that belongs to it than to one
/// that does not.</summary>
/// <remarks>Anchors, positives and negatives <c>[batch, features]</c>. d(x, y) is the p-norm of x - y + epsilon. Source: Balntas and
/// others, BMVC 2016, eq. (2); Schroff and others, CVPR 2015.</remarks>
public sealed record TripletMarginLoss
{
    /// <summary>Name in reports.</summary>
    public string Name => "triplet_margin";

    /// <summary>By how much the distances should differ, in the unit of the outputs; default 1.</summary>
    public double Margin { get; init; } = 1;

    /// <summary>Order of the norm, above 0; default 2.</summary>
    public double Order { get; init; } = 2;

    /// <summary>Added to each difference, so that the distance has a slope at 0; default 1e-6.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>Whether d(p, n) takes the place of d(a, n) where it is smaller; default false.</summary>
    public bool Swap { get; init; }

    /// <summary>Computes the loss.</summary>
    /// <param name="anchor">Outputs for the anchors, <c>[batch, features]</c>.</param>
    /// <param name="positive">Outputs for samples that belong to them, of the same shape.</param>
    /// <param name="negative">Outputs for samples that do not, of the same shape.</param>
    /// <param name="reduction">Mean over the samples (default), sum, or none.</param>
    /// <exception cref="ThalwegException">The shapes or types do not fit.</exception>
    public Tensor Compute(Tensor anchor, Tensor positive, Tensor negative, Reduction reduction = Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        Loss.SameShape("triplet margin", anchor, positive);
        Loss.SameShape("triplet margin", anchor, negative);
        Tensor near = Distance(anchor, positive), far = Distance(anchor, negative);
        far = Swap ? far.Minimum(Distance(positive, negative)) : far;
        return Loss.Reduce(Loss.Excess(near.Subtract(far).Add(Margin)), reduction);
    }

    /// <summary>Computes the loss with a weight for each sample; the mean is sum(weight * loss) / sum(weight).</summary>
    /// <param name="triplets">Outputs for anchors, for samples that belong to them and for samples that do not,
    /// each <c>[batch, features]</c>.</param>
    /// <param name="sampleWeights">Weights <c>[batch]</c> of the type of the outputs, 0 or more; they take no derivative.</param>
    /// <param name="reduction">Mean over the samples (default), sum, or none.</param>
    /// <exception cref="ThalwegException">The shapes or types do not fit, or a weight is negative.</exception>
    public Tensor Compute(
        (Tensor Anchor, Tensor Positive, Tensor Negative) triplets, Tensor sampleWeights, Reduction reduction = Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(sampleWeights);
        return Loss.ReduceSamples(Compute(triplets.Anchor, triplets.Positive, triplets.Negative, Reduction.None), sampleWeights, reduction);
    }

    private Tensor Distance(Tensor a, Tensor b) => a.Subtract(b).Add(Epsilon).Norm(Order, -1);
}
