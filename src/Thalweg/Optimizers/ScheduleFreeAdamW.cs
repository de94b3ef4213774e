using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Optimizers;

/// <summary>Schedule-free AdamW: AdamW's division, with the average in place of momentum and of a schedule.</summary>
/// <remarks>
/// Formula: v = b2 v + (1-b2) g^2, z = z - lr (g/(sqrt(v/(1-b2^t)) + e) + lambda w), x = (1-c) x + c z, w = (1-beta) z + beta x, c =
/// lr_t^2 over the sum of squared rates so far. Source: Defazio et al., The road less scheduled (2024), algorithm 1. State: m (the
/// gradient), v, z, x; the result is x, read as <see cref="OptimizerRun.Average"/>.
/// </remarks>
public sealed record ScheduleFreeAdamW : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.0025.</param>
    public ScheduleFreeAdamW(Hyperparameter learningRate)
        : base(learningRate) => (Decay, DecayForm) = (0.01, DecayForm.Decoupled);

    /// <summary>Makes the recipe with the default learning rate, 0.0025.</summary>
    public ScheduleFreeAdamW()
        : this(0.0025)
    {
    }

    /// <summary>Share beta of the average in the point of training, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter Beta { get; init => field = Fraction(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = Fraction(value); } = 0.999;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <inheritdoc/>
    public override string Source => "Defazio et al.: The road less scheduled, 2024, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "where the length of the run is not known beforehand: as adamw with a good schedule, without one";

    /// <inheritdoc/>
    public override Chain Chain =>
        [.. Compose(new ScaleByAdam { B1 = 0, B2 = B2, Epsilon = Epsilon }), new ScheduleFree { Beta = Beta, Weight = LearningRate }];
}
