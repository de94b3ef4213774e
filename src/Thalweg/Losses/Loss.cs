namespace Thalweg.Losses;

/// <summary>What training lowers: a number from outputs and targets. Settings change with <c>with</c>; equal settings are equal.</summary>
/// <remarks>The mean of an empty batch is 0, and so are its derivatives, as for a batch whose weights are all 0.</remarks>
public abstract record Loss : SettingsRecord
{
    /// <summary>-log softmax(logits)[label], for classes; targets are Int32 labels <c>[batch]</c>.</summary>
    public static Loss SoftmaxCrossEntropy { get; } = new CrossEntropyLoss();

    /// <summary>-t log s(z) - (1 - t) log(1 - s(z)) with the logistic function s, for independent yes-or-no targets of the shape
    /// of the logits.</summary>
    public static Loss BinaryCrossEntropy { get; } = new BinaryCrossEntropyLoss();

    /// <summary>(y - t)^2, for numbers of the shape of the outputs.</summary>
    public static Loss MeanSquaredError { get; } = new MeanSquaredErrorLoss();

    /// <summary>Name in reports and files: that in texts.</summary>
    public virtual string Name => Settings.NameOf(GetType());

    /// <summary>Computes the loss.</summary>
    /// <param name="outputs">Outputs of the network, <c>[batch, ...]</c>.</param>
    /// <param name="targets">What they should be; the loss says of which type and shape.</param>
    /// <param name="reduction">Mean over all (default), sum, or none.</param>
    /// <exception cref="ThalwegException">The shapes or types do not fit.</exception>
    public abstract Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean);

    /// <summary>Computes the loss with a weight for each sample; the mean is sum(weight * loss) / sum(weight).</summary>
    /// <param name="outputs">Outputs of the network, <c>[batch, ...]</c>.</param>
    /// <param name="targets">What they should be; the loss says of which type and shape.</param>
    /// <param name="sampleWeights">Weights <c>[batch]</c> of the type of the outputs, 0 or more; they take no derivative.</param>
    /// <param name="reduction">Mean over all (default), sum, or none.</param>
    /// <exception cref="ThalwegException">The shapes or types do not fit.</exception>
    public virtual Tensor Compute(Tensor outputs, Tensor targets, Tensor sampleWeights, Reduction reduction = Reduction.Mean) =>
        ReduceSamples(Compute(outputs, targets, Reduction.None), sampleWeights, reduction);

    /// <summary>What the mean over a batch divides by: the number of samples, or the sum of their weights.</summary>
    /// <remarks>By it the means of parts combine to the mean of the whole: sum of total weight times mean / sum of the total weights. So
    /// the trainer puts micro-batches together, and the evaluation its micro-batches. A custom loss whose mean divides by something else
    /// than the samples, such as a count of words, overrides it.</remarks>
    /// <param name="targets">The targets of the batch, <c>[batch, ...]</c>.</param>
    /// <param name="sampleWeights">Weights of the samples, <c>[batch]</c>; null (default) for 1.</param>
    /// <returns>0 or more; 0 where no sample counts.</returns>
    public virtual double TotalWeight(Tensor targets, Tensor? sampleWeights = null)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return sampleWeights is null ? targets.Rank == 0 ? 1 : targets.Shape[0] : SumOf(sampleWeights);
    }

    /// <summary>The weights of the samples, with 0 for those that the loss ignores, <c>[batch]</c>; null where each counts 1.</summary>
    internal virtual Tensor? CountedWeights(Tensor targets, Tensor? sampleWeights, DType dtype) => sampleWeights;

    /// <summary>By how much the plain loss of each sample counts, class weights included, <c>[batch]</c>; null where
    /// each counts 1.</summary>
    internal virtual Tensor? FullWeights(Tensor targets, Tensor? sampleWeights, DType dtype) => sampleWeights;

    /// <summary>The loss without weights of classes and without ignored labels.</summary>
    internal virtual Loss Unweighted => this;

    /// <summary>Sum of some numbers, in double.</summary>
    internal static double SumOf(Tensor numbers)
    {
        double sum = 0;
        for (long i = 0; i < numbers.Length; i++)
            sum += numbers.Read(i);

        return sum;
    }

    /// <summary>Reduces losses of elements.</summary>
    /// <param name="losses">One loss per element.</param>
    /// <param name="reduction">How; the mean of no element is 0.</param>
    protected internal static Tensor Reduce(Tensor losses, Reduction reduction) => reduction switch
    {
        Reduction.Mean => losses.Length == 0 ? losses.Sum() : losses.Mean(),
        Reduction.Sum => losses.Sum(),
        _ => losses,
    };

    /// <summary>Reduces weighted losses; the mean divides by the sum of the weights and is 0 where that is 0.</summary>
    /// <param name="losses">One loss per element, times its weight already.</param>
    /// <param name="weights">The weights, of a shape that spreads over the losses; they take no derivative.</param>
    /// <param name="reduction">How.</param>
    protected internal static Tensor ReduceWeighted(Tensor losses, Tensor weights, Reduction reduction)
    {
        if (reduction != Reduction.Mean)
            return Reduce(losses, reduction);

        double total = weights.Detach().BroadcastTo(losses.Shape).Sum().Item();
        return losses.Sum().Multiply(total == 0 ? 0 : 1 / total);
    }

    /// <summary>Losses weighted by sample and reduced; the mean divides by the sum of the weights.</summary>
    /// <param name="losses">One loss per sample or element, <c>[batch, ...]</c>.</param>
    /// <param name="sampleWeights">Weights of the samples, <c>[batch]</c>, 0 or more; they take no derivative.</param>
    /// <param name="reduction">How.</param>
    /// <exception cref="ThalwegException">The weights do not fit the losses, or one is negative.</exception>
    protected internal static Tensor ReduceSamples(Tensor losses, Tensor sampleWeights, Reduction reduction)
    {
        Tensor weights = Spread(sampleWeights, losses);
        return ReduceWeighted(losses.Multiply(weights), weights, reduction);
    }

    /// <summary>max(0, x) with slope 1 at 0, the side that the published margin losses take there.</summary>
    /// <param name="x">A tensor of any shape.</param>
    protected internal static Tensor Excess(Tensor x) => Tensor.Where(x.Detach().Negate().Step(), Tensor.Scalar(0, x.DType), x);

    /// <summary>Weights of samples in the shape of their losses.</summary>
    /// <param name="sampleWeights">Weights of the samples, <c>[batch]</c>, 0 or more.</param>
    /// <param name="losses">Losses, <c>[batch, ...]</c>, of the same type.</param>
    /// <exception cref="ThalwegException">The weights do not fit the losses, or one is negative.</exception>
    protected internal static Tensor Spread(Tensor sampleWeights, Tensor losses)
    {
        if (sampleWeights.Rank != 1 || losses.Rank == 0 || sampleWeights.Shape[0] != losses.Shape[0] || sampleWeights.DType != losses.DType)
        {
            throw new ThalwegException(
                $"[loss] expected sample weights {losses.DType} [batch] for losses {losses.Shape}, got {sampleWeights.DType} " +
                $"{sampleWeights.Shape}");
        }

        RefuseNegative("loss", "sample weights", sampleWeights);
        Span<int> sizes = stackalloc int[losses.Rank];
        sizes.Fill(1);
        sizes[0] = losses.Shape[0];
        return sampleWeights.Detach().Reshape(new Shape(sizes)).BroadcastTo(losses.Shape);
    }

    /// <summary>Refuses numbers below 0.</summary>
    internal static void RefuseNegative(string name, string what, Tensor numbers, string remedy = "")
    {
        for (long i = 0; i < numbers.Length; i++)
        {
            if (numbers.Read(i) < 0)
                throw new ThalwegException($"[{name}] expected {what} of 0 or more, got {numbers.Read(i)} at place {i}{remedy}");
        }
    }

    /// <summary>Refuses targets of another shape or type than the outputs.</summary>
    /// <param name="name">Name of the loss, for the message.</param>
    /// <param name="outputs">Outputs of the network.</param>
    /// <param name="targets">What they should be.</param>
    /// <exception cref="ThalwegException">They differ.</exception>
    protected internal static void SameShape(string name, Tensor outputs, Tensor targets)
    {
        if (outputs.Shape != targets.Shape || outputs.DType != targets.DType)
        {
            throw new ThalwegException(
                $"[{name.Replace('_', ' ')}] expected targets like the outputs, {outputs.DType} {outputs.Shape}, got {targets.DType} " +
                $"{targets.Shape}; reshape or convert them");
        }
    }
}

/// <summary>A loss of each element by itself: targets have the shape and type of the outputs.</summary>
public abstract record ElementLoss : Loss
{
    /// <inheritdoc/>
    public sealed override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        SameShape(Name, outputs, targets);
        return Reduce(Each(outputs, targets), reduction);
    }

    /// <summary>One loss per element.</summary>
    /// <param name="outputs">Outputs of the network.</param>
    /// <param name="targets">Targets of the same shape and type.</param>
    protected abstract Tensor Each(Tensor outputs, Tensor targets);
}
