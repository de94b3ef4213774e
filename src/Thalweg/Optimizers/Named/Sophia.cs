using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Sophia: the gradient's average divided by an estimate of the Hessian's diagonal, each element clipped.</summary>
/// <remarks>
/// Formula: m = b1 m + (1-b1) g, h = b2 h + (1-b2) h_new at estimates, w = w - lr (clip(m/max(gamma h, e), 1) + lambda w). Source: Liu et
/// al., Sophia (2023), algorithm 3. State: m, h. The trainer makes the estimates.
/// </remarks>
public sealed record Sophia : NamedOptimizer
{
    private readonly Hyperparameter? _gamma;

    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.001 (the authors' code: 0.0001, for
    /// runs of many steps).</param>
    public Sophia(Hyperparameter learningRate)
        : base(learningRate) => (Decay, DecayForm) = (0.1, DecayForm.Decoupled);

    /// <summary>Makes the recipe with the default learning rate, 0.001.</summary>
    public Sophia()
        : this(0.001)
    {
    }

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.96.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.96;

    /// <summary>Decay b2 of the curvature, dimensionless, in [0, 1), default 0.99.</summary>
    public double B2 { get; init => field = AtLeastZero(value); } = 0.99;

    /// <summary>Factor gamma of the curvature, dimensionless, above 0, default 0.05, with Hutchinson's estimate 0.01.</summary>
    public Hyperparameter Gamma { get => _gamma ?? Estimate.DefaultGamma(); init => _gamma = Positive(value); }

    /// <summary>Smallest denominator e, above 0, default 1e-12.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-12;

    /// <summary>Updates from one estimate of the curvature to the next, at least 1, default 10.</summary>
    public int Every { get; init => field = AtLeast(1, value); } = 10;

    /// <summary>How the curvature is estimated, default <see cref="CurvatureForm.GaussNewtonBartlett"/>; the trainer
    /// makes the estimates.</summary>
    public CurvatureForm Estimate { get; init; }

    /// <inheritdoc/>
    public override string Source => "Liu et al.: Sophia, 2023, algorithm 3";

    /// <inheritdoc/>
    public override string Use => "language models, with estimates of the curvature every 10 steps";

    /// <summary>Whether two are equal, where a gamma that was left out counts as its default.</summary>
    /// <param name="other">Another.</param>
    public bool Equals(Sophia? other) => base.Equals(other) && Chain.Equals(other.Chain);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Chain);

    /// <inheritdoc/>
    public override Chain Chain =>
        Compose(new ScaleBySophia { B1 = B1, B2 = B2, Gamma = Gamma, Epsilon = Epsilon, Every = Every, Estimate = Estimate });
}
