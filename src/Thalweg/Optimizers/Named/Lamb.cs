using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>LAMB: Adam whose steps have, in each parameter, a length in proportion to the parameter; for large batches.</summary>
/// <remarks>
/// Formula: r = m^/(sqrt(v^) + e) + lambda w, w = w - lr |w|/|r| r for each parameter. Source: You et al., Large batch optimization for
/// deep learning: LAMB (2020), algorithm 2. State: m, v.
/// </remarks>
public sealed record Lamb : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.005: a step moves each parameter by that share
    /// of its norm.</param>
    public Lamb(Hyperparameter learningRate)
        : base(learningRate) => (Decay, DecayForm) = (0.01, DecayForm.Decoupled);

    /// <summary>Makes the recipe with the default learning rate, 0.005.</summary>
    public Lamb()
        : this(0.005)
    {
    }

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-6.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-6;

    /// <inheritdoc/>
    public override string Source => "You et al.: Large batch optimization for deep learning (LAMB), 2020, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "very large batches (thousands) of Transformers: each layer moves by a share of its norm";

    /// <inheritdoc/>
    protected override string? Conflict => DecayForm == DecayForm.Decoupled || Decay.IsZero
        ? null
        : "expected decay_form=decoupled, because decay enters before the ratio; leave decay_form out";

    /// <inheritdoc/>
    public override Chain Chain =>
    [
        .. Maximize ? (Rule[])[new Scale(-1)] : [],
        new ScaleByAdam { B1 = B1, B2 = B2, Epsilon = Epsilon },
        .. Decay.IsZero ? (Rule[])[] : [new AddDecayedWeights(Decay) { Scope = DecayScope }],
        new ScaleByTrustRatio { Scope = DecayScope.Everything },
        new ScaleByLearningRate(LearningRate),
    ];
}
