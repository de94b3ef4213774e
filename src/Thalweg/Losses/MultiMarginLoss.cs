namespace Thalweg.Losses;

/// <summary>w[label] / classes * sum over the other classes k of max(0, margin - y[label] + y[k])^p.</summary>
/// <remarks>
/// Outputs <c>[batch, classes]</c>, targets Int32 labels <c>[batch]</c>; the mean divides by the number of samples that count.
/// Source: Crammer, Singer, JMLR 2, 2001, section 2, as a sum over the classes.
/// </remarks>
public sealed record MultiMarginLoss : ClassLoss
{
    /// <summary>Power p, 1 (default) or 2.</summary>
    /// <exception cref="ThalwegException">Another power.</exception>
    public int Power
    {
        get;
        init => field = value is 1 or 2 ? value : throw new ThalwegException($"[multi margin] expected power 1 or 2, got {value}");
    } = 1;

    /// <summary>By how much the label's output should exceed the others, in the unit of the outputs; default 1.</summary>
    public double Margin { get; init; } = 1;

    /// <inheritdoc/>
    public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (outputs.Rank == 1 && targets.Rank == 0)
            return OfOneSample(outputs, targets, reduction);

        Tensor labels = Labels(outputs, targets);
        int classes = outputs.Rank == 2
            ? outputs.Shape[1]
            : throw new ThalwegException($"[multi margin] expected outputs [batch, classes], got {outputs.Shape}");
        _ = WeightVector(classes, outputs.DType);
        Tensor known = Known(labels, classes);
        Tensor own = outputs.GatherLast(known.Reshape([(int)known.Length, 1]));
        Tensor excess = outputs.Subtract(own).Add(Margin).Relu();
        excess = Power == 2 ? excess.Square() : excess;
        // The label itself is left out, also where its output is infinite, which less itself is NaN.
        excess = Tensor.Where(known.OneHot(classes, outputs.DType), Tensor.Scalar(0, outputs.DType), excess);
        Tensor losses = WeightsOf(labels, outputs.DType).MultiplyMasked(excess.Sum(-1).Multiply(1.0 / classes));
        return ReduceWeighted(losses, Counts(labels, outputs.DType), reduction);
    }

    /// <inheritdoc/>
    protected override bool DividesByWeights => false;
}
