namespace Thalweg.Losses;

/// <summary>A loss of two outputs for each sample, such as those of one network for two inputs.</summary>
public abstract record PairLoss
{
    /// <summary>Name in reports.</summary>
    public abstract string Name { get; }

    /// <summary>Computes the loss.</summary>
    /// <param name="first">Outputs for the first input; the loss says of which shape.</param>
    /// <param name="second">Outputs for the second input, of the same shape and type.</param>
    /// <param name="targets">1 or -1 for each sample, <c>[batch]</c>, of the type of the outputs.</param>
    /// <param name="reduction">Mean over the samples (default), sum, or none.</param>
    /// <exception cref="ThalwegException">The shapes or types do not fit.</exception>
    public Tensor Compute(Tensor first, Tensor second, Tensor targets, Reduction reduction = Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(targets);
        Loss.SameShape(Name.Replace('_', ' '), first, second);
        return Loss.Reduce(Each(first, second, targets), reduction);
    }

    /// <summary>Computes the loss with a weight for each sample; the mean is sum(weight * loss) / sum(weight).</summary>
    /// <param name="pairs">Outputs for the first and the second input, of one shape and type; the loss says of which shape.</param>
    /// <param name="targets">1 or -1 for each sample, <c>[batch]</c>, of the type of the outputs.</param>
    /// <param name="sampleWeights">Weights <c>[batch]</c> of the type of the outputs, 0 or more; they take no derivative.</param>
    /// <param name="reduction">Mean over the samples (default), sum, or none.</param>
    /// <exception cref="ThalwegException">The shapes or types do not fit, or a weight is negative.</exception>
    public Tensor Compute((Tensor First, Tensor Second) pairs, Tensor targets, Tensor sampleWeights, Reduction reduction = Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(sampleWeights);
        return Loss.ReduceSamples(Compute(pairs.First, pairs.Second, targets, Reduction.None), sampleWeights, reduction);
    }

    /// <summary>One loss per sample.</summary>
    /// <param name="first">Outputs for the first input.</param>
    /// <param name="second">Outputs for the second input.</param>
    /// <param name="targets">1 or -1 for each sample.</param>
    protected abstract Tensor Each(Tensor first, Tensor second, Tensor targets);
}

/// <summary>max(0, margin - t (a - b)) for scores a and b: a should exceed b where t is 1, and the other way round where
/// it is -1.</summary>
/// <remarks>Scores have the shape of the targets. Source: Herbrich, Graepel, Obermayer, "Large margin rank boundaries",
/// 2000, eq. (7.9).</remarks>
public sealed record MarginRankingLoss : PairLoss
{
    /// <inheritdoc/>
    public override string Name => "margin_ranking";

    /// <summary>By how much one score should exceed the other, in their unit; default 0.</summary>
    public double Margin { get; init; }

    /// <inheritdoc/>
    protected override Tensor Each(Tensor first, Tensor second, Tensor targets)
    {
        Loss.SameShape("margin ranking", first, targets);
        return Loss.Excess(Margin - targets.Multiply(first.Subtract(second)));
    }
}

/// <summary>1 - cos(a, b) where t is 1, max(0, cos(a, b) - margin) where it is -1, for vectors <c>[batch, features]</c>.</summary>
/// <remarks>1e-12 is added to the squared lengths, so that a zero vector has cosine 0. Targets <c>[batch]</c>. Source of the cosine:
/// Manning, Raghavan, Schütze, "Introduction to information retrieval", 2008, equation 6.10; the loss is PyTorch's.</remarks>
public sealed record CosineEmbeddingLoss : PairLoss
{
    private const double Tiny = 1e-12;

    /// <inheritdoc/>
    public override string Name => "cosine_embedding";

    /// <summary>Cosine up to which pairs that do not belong together cost nothing, in [-1, 1]; default 0.</summary>
    public double Margin { get; init; }

    /// <inheritdoc/>
    protected override Tensor Each(Tensor first, Tensor second, Tensor targets)
    {
        if (first.Rank == 0 || targets.Rank != first.Rank - 1 || targets.Length * first.Shape[-1] != first.Length)
        {
            throw new ThalwegException(
                $"[cosine embedding] expected targets [batch] for vectors [batch, features], got {targets.Shape} for {first.Shape}");
        }

        Tensor tiny = Tensor.Scalar(Tiny, first.DType), lengths = Lengths(first, second, tiny, tiny);
        if (!lengths.IsAllFinite())
        {
            // The cosine does not depend on the scales of the vectors; small ones keep theirs, and so their distance from 0.
            (Tensor scale, Tensor other) = (Scale(first), Scale(second));
            (first, second) = (first.Divide(scale), second.Divide(other));
            (Tensor share, Tensor otherShare) = (tiny.Divide(scale.Square()), tiny.Divide(other.Square()));
            lengths = Lengths(first, second, share.Reshape(targets.Shape), otherShare.Reshape(targets.Shape));
        }

        Tensor cosine = first.Multiply(second).Sum(-1).Divide(lengths.Sqrt());
        return Tensor.Where(targets.Detach().Step(), 1 - cosine, Loss.Excess(cosine.Subtract(Margin)));
    }

    private static Tensor Lengths(Tensor first, Tensor second, Tensor share, Tensor otherShare) =>
        first.Square().Sum(-1).Add(share).Multiply(second.Square().Sum(-1).Add(otherShare));

    /// <summary>A power of two near the largest number of each vector, 1 or more.</summary>
    private static Tensor Scale(Tensor vectors) => vectors.PowersOfTwo(-1).Maximum(Tensor.Scalar(1, vectors.DType));
}
