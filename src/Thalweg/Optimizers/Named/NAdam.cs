using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>NAdam: Adam whose first moment looks ahead, as in Nesterov's method.</summary>
/// <remarks>
/// Formula: w = w - lr ((1-mu_t) g/(1-P_t) + mu_(t+1) m/(1-P_t mu_(t+1)))/(sqrt(v^) + e), mu_t = b1 (1 - 0.96^(t psi)/2), P_t their
/// product, m and v as in Adam. Source: Dozat, Incorporating Nesterov momentum into Adam (2016), algorithm 2. State: m, v, P.
/// </remarks>
public sealed record NAdam : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.002.</param>
    public NAdam(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.002.</summary>
    public NAdam()
        : this(0.002)
    {
    }

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>Whether the momentum follows its schedule, default <see cref="NAdamVariant.Scheduled"/>.</summary>
    public NAdamVariant Form { get; init; }

    /// <summary>Pace psi of the momentum's schedule, dimensionless, at least 0, default 0.004.</summary>
    public double MomentumDecay { get; init => field = AtLeastZero(value); } = 0.004;

    /// <inheritdoc/>
    public override string Source => "Dozat: Incorporating Nesterov momentum into Adam, 2016, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "as adam, where the momentum is to look ahead: often a little faster at the same rate";

    /// <inheritdoc/>
    public override Chain Chain =>
        Compose(new ScaleByNAdam { B1 = B1, B2 = B2, Epsilon = Epsilon, Form = Form, MomentumDecay = MomentumDecay });
}
