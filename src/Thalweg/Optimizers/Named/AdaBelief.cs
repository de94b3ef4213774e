using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>AdaBelief: Adam that divides by how far gradients stray from their average.</summary>
/// <remarks>
/// Formula: m = b1 m + (1-b1) g, s = b2 s + (1-b2) (g-m)^2 + e, w = w - lr m^/(sqrt(s^) + e). Source: Zhuang et al., AdaBelief optimizer
/// (2020), algorithm 2. State: m, s.
/// </remarks>
public sealed record AdaBelief : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.001.</param>
    public AdaBelief(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.001.</summary>
    public AdaBelief()
        : this(0.001)
    {
    }

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the squared surprise, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e in the average and in the denominator, above 0, default 1e-16.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-16;

    /// <inheritdoc/>
    public override string Source => "Zhuang et al.: AdaBelief optimizer, 2020, algorithm 2";

    /// <inheritdoc/>
    public override string Use =>
        "in place of adam where its steps are too bold in steep, narrow valleys: the denominator measures surprise, not size";

    /// <inheritdoc/>
    public override Chain Chain => Compose(new ScaleByBelief { B1 = B1, B2 = B2, Epsilon = Epsilon });
}
