namespace Thalweg.Losses;

/// <summary>What losses for classes share: weights of the classes and a label that is ignored.</summary>
/// <remarks>Outputs <c>[batch, classes]</c> or <c>[batch, classes, ...]</c>, targets Int32 labels <c>[batch]</c> or <c>[batch, ...]</c>; or
/// one sample: outputs <c>[classes]</c>, a label <c>[]</c>.
/// The mean divides by the sum of the weights of the labels that count.</remarks>
public abstract record ClassLoss : Loss
{
    private const int NoLabel = -100;

    /// <summary>What a label is turned into; the ignored one into 0.</summary>
    private enum LabelNumber
    {
        /// <summary>The weight of its class.</summary>
        Weight,

        /// <summary>1.</summary>
        One,

        /// <summary>Itself.</summary>
        Label,
    }

    /// <summary>Weight of each class, 0 or more; null (default) for 1.</summary>
    /// <exception cref="ThalwegException">A weight is negative.</exception>
    public IReadOnlyList<double>? ClassWeights
    {
        get;
        init => field = value is null ? null : value.All(weight => weight >= 0)
            ? new ValueList<double>(value)
            : throw new ThalwegException(
                $"[{Name.Replace('_', ' ')}] expected class weights of 0 or more, got {value.First(weight => !(weight >= 0))}");
    }

    /// <summary>A label whose samples count nothing; default -100.</summary>
    public int IgnoredLabel { get; init; } = NoLabel;

    /// <summary>Whether the mean divides by the weights of the labels (default), or by the number of those that count.</summary>
    protected virtual bool DividesByWeights => true;

    /// <inheritdoc/>
    public override Tensor Compute(Tensor outputs, Tensor targets, Tensor sampleWeights, Reduction reduction = Reduction.Mean)
    {
        Tensor losses = Compute(outputs, targets, Reduction.None), weights = Spread(sampleWeights, losses);
        return ReduceWeighted(losses.Multiply(weights), weights.Multiply(Shares(targets, outputs.DType)), reduction);
    }

    /// <inheritdoc/>
    public override double TotalWeight(Tensor targets, Tensor? sampleWeights = null)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.DType != DType.Int32)
            return base.TotalWeight(targets, sampleWeights);

        Tensor packed = targets.Contiguous();
        ReadOnlySpan<int> labels = packed.AsSpan<int>();
        int places = targets.Rank == 0 ? 1 : labels.Length / Math.Max(1, targets.Shape[0]);
        double total = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            total += NumberOf(labels[i], DividesByWeights ? LabelNumber.Weight : LabelNumber.One) *
                (sampleWeights is null ? 1 : sampleWeights.Read(i / places));
        }

        return total;
    }

    /// <inheritdoc/>
    internal sealed override Tensor? CountedWeights(Tensor targets, Tensor? sampleWeights, DType dtype) =>
        targets.DType == DType.Int32 && targets.Contiguous().AsSpan<int>().Contains(IgnoredLabel)
            ? Joined(sampleWeights, Numbers(targets, dtype, LabelNumber.One))
            : sampleWeights;

    /// <inheritdoc/>
    internal sealed override Tensor? FullWeights(Tensor targets, Tensor? sampleWeights, DType dtype)
    {
        if (ClassWeights is null)
            return CountedWeights(targets, sampleWeights, dtype);

        return Joined(sampleWeights, targets.DType == DType.Int32
            ? Numbers(targets, dtype, LabelNumber.Weight)
            : targets.Detach().Multiply(WeightVector(targets.Shape[1], dtype)!).Sum(-1));
    }

    /// <inheritdoc/>
    internal sealed override Loss Unweighted => this with { ClassWeights = null, IgnoredLabel = NoLabel };

    /// <summary>The loss of one sample, outputs <c>[classes, ...]</c> without the batch.</summary>
    protected Tensor OfOneSample(Tensor outputs, Tensor targets, Reduction reduction)
    {
        Tensor loss = Compute(outputs.Unsqueeze(0), targets.Unsqueeze(0), reduction);
        return reduction == Reduction.None ? loss.Squeeze(0) : loss;
    }

    /// <summary>Numbers as a vector.</summary>
    private static Tensor Vector(IReadOnlyList<double> numbers, DType dtype)
    {
        Tensor vector = Tensor.Zeros([numbers.Count], dtype);
        for (int i = 0; i < numbers.Count; i++)
            vector.Write(i, numbers[i]);

        return vector;
    }

    /// <summary>The class weights as a vector, or null.</summary>
    protected Tensor? WeightVector(int classes, DType dtype) => ClassWeights is null ? null : ClassWeights.Count == classes
        ? Vector(ClassWeights, dtype)
        : throw new ThalwegException($"[{Name.Replace('_', ' ')}] expected {classes} class weights, got {ClassWeights.Count}");

    /// <summary>What each sample adds to the divisor of the mean.</summary>
    private Tensor Shares(Tensor targets, DType dtype) => targets.DType != DType.Int32 ? Tensor.Scalar(1, dtype)
        : DividesByWeights ? WeightsOf(targets, dtype)
        : Counts(targets, dtype);

    /// <summary>The weight of each label: 0 for the ignored one.</summary>
    protected Tensor WeightsOf(Tensor labels, DType dtype) => Numbers(labels, dtype, LabelNumber.Weight);

    /// <summary>1 for each label that counts, 0 for the ignored one.</summary>
    protected Tensor Counts(Tensor labels, DType dtype) => Numbers(labels, dtype, LabelNumber.One);

    /// <summary>The labels with 0 for the ignored one.</summary>
    /// <exception cref="ThalwegException">Another label is not a class.</exception>
    protected Tensor Known(Tensor labels, int classes)
    {
        ReadOnlySpan<int> all = labels.Contiguous().AsSpan<int>();
        for (int i = 0; i < all.Length; i++)
        {
            if ((uint)all[i] >= (uint)classes && all[i] != IgnoredLabel)
            {
                throw new ThalwegException(
                    $"[{Name.Replace('_', ' ')}] expected labels from 0 to {classes - 1}, got {all[i]} for sample {i} of the batch");
            }
        }

        return Numbers(labels, DType.Int32, LabelNumber.Label);
    }

    /// <summary>Outputs <c>[batch, classes, ...]</c> as <c>[samples, classes]</c>.</summary>
    protected Tensor Rows(Tensor outputs)
    {
        if (outputs.Rank < 2)
            throw new ThalwegException($"[{Name.Replace('_', ' ')}] expected outputs [batch, classes, ...], got {outputs.Shape}");

        int classes = outputs.Shape[1];
        return outputs.Rank == 2
            ? outputs
            : outputs.Permute([0, .. Enumerable.Range(2, outputs.Rank - 2), 1])
                .Reshape([(int)(outputs.Length / Math.Max(classes, 1)), classes]);
    }

    /// <summary>Refuses labels that do not fit outputs <c>[batch, classes, ...]</c>; returns them as <c>[samples]</c>.</summary>
    protected Tensor Labels(Tensor outputs, Tensor targets)
    {
        bool fits = targets.DType == DType.Int32 && targets.Rank == outputs.Rank - 1 && targets.Shape[0] == outputs.Shape[0];
        for (int axis = 1; fits && axis < targets.Rank; axis++)
            fits = targets.Shape[axis] == outputs.Shape[axis + 1];

        return fits
            ? targets.Reshape([(int)targets.Length])
            : throw new ThalwegException(
                $"[{Name.Replace('_', ' ')}] expected Int32 labels [batch, ...] for outputs [batch, classes, ...] {outputs.Shape}, got " +
                $"{targets.DType} {targets.Shape}");
    }

    private static Tensor Joined(Tensor? sampleWeights, Tensor weights) =>
        sampleWeights is null ? weights : sampleWeights.Multiply(weights);

    private Tensor Numbers(Tensor labels, DType dtype, LabelNumber kind)
    {
        Tensor packed = labels.Contiguous(), result = Tensor.Zeros(labels.Shape, dtype);
        ReadOnlySpan<int> from = packed.AsSpan<int>();
        for (int i = 0; i < from.Length; i++)
            result.Write(i, NumberOf(from[i], kind));

        return result;
    }

    /// <summary>What a label is turned into; one that is no class counts 1 here and is refused by the loss.</summary>
    private double NumberOf(int label, LabelNumber kind) => label == IgnoredLabel ? 0
        : kind == LabelNumber.Label ? label
        : kind == LabelNumber.Weight && ClassWeights is { } weights && (uint)label < (uint)weights.Count ? weights[label]
        : 1;
}
