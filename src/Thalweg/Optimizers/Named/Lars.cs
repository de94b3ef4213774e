using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>LARS: momentum whose steps have, in each weight matrix, a length in proportion to the matrix; for large batches.</summary>
/// <remarks>
/// Formula: r = coefficient |w|/(|g| + lambda |w| + e), v = mu v + lr r (g + lambda w), w = w - v for each parameter; r = 1 for biases
/// and normalization. Source: You, Gitman and Ginsburg, Large batch training of convolutional networks (2017), algorithm 1. State: v.
/// </remarks>
public sealed record Lars : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.1.</param>
    public Lars(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.1.</summary>
    public Lars()
        : this(0.1)
    {
    }

    /// <summary>Share mu of the velocity that is kept, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter Mu { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>The trust coefficient, dimensionless, above 0, default 0.001.</summary>
    public Hyperparameter Coefficient { get; init => field = Positive(value); } = 0.001;

    /// <summary>Term e in the denominator, at least 0, default 0.</summary>
    public Hyperparameter Epsilon { get; init => field = NonNegative(value); } = 0;

    /// <inheritdoc/>
    public override string Source => "You, Gitman, Ginsburg: Large batch training of convolutional networks, 2017, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "very large batches (thousands) of convolutional networks: each layer moves by a share of its norm";

    /// <inheritdoc/>
    protected override string? Conflict =>
        DecayForm == DecayForm.L2 ? null : "expected decay_form=l2, because decay is part of the ratio; leave decay_form out";

    /// <inheritdoc/>
    public override Chain Chain =>
    [
        .. Maximize ? (Rule[])[new Scale(-1)] : [],
        new ScaleByTrustRatio { Coefficient = Coefficient, Decay = Decay, Epsilon = Epsilon, Scope = DecayScope },
        new ScaleByLearningRate(LearningRate),
        new ScaleByMomentum { Mu = Mu },
    ];
}
