namespace Thalweg;

/// <summary>How the losses of samples become one number.</summary>
public enum Reduction
{
    /// <summary>They do not: one loss per sample.</summary>
    None,

    /// <summary>Mean over the samples: the default.</summary>
    Mean,

    /// <summary>Sum over the samples.</summary>
    Sum,
}

/// <summary>Settings of <see cref="Tensor.SoftmaxCrossEntropy(Tensor, in CrossEntropyOptions)"/>.</summary>
public readonly record struct CrossEntropyOptions
{
    /// <summary>Plain cross-entropy, its mean.</summary>
    public CrossEntropyOptions()
    {
    }

    /// <summary>Mean (default), sum, or one loss per sample. The mean divides by the sum of the weights of the labels that count.</summary>
    public Reduction Reduction { get; init; } = Reduction.Mean;

    /// <summary>Weight of each class <c>[classes]</c>, of the type of the logits; null (default) for 1.</summary>
    public Tensor? ClassWeights { get; init; }

    /// <summary>Share e of the target that is spread evenly over all classes, dimensionless, in [0, 1]; default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>A label whose samples count nothing; default -100.</summary>
    public int IgnoredLabel { get; init; } = -100;
}
