using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Prodigy: Adam that finds its learning rate by itself.</summary>
/// <remarks>
/// Formula: m = b1 m + (1-b1) d g, v = b2 v + (1-b2) d^2 g^2, w = w - lr d m/(sqrt(v) + d e), d the growing estimate of the distance to
/// the solution, as in <see cref="ScaleByProdigy"/>. Source: Mishchenko and Defazio, Prodigy (2023), algorithm 4. State: m, v, s, w_0, d,
/// r. The rate is a multiplier: 1, or a schedule that ends at 0.
/// </remarks>
public sealed record Prodigy : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 1.</param>
    public Prodigy(Hyperparameter learningRate)
        : base(learningRate) => DecayForm = DecayForm.Decoupled;

    /// <summary>Makes the recipe with the default learning rate, 1.</summary>
    public Prodigy()
        : this(1)
    {
    }

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>First estimate of the distance d, in the weight's unit, above 0, default 1e-6.</summary>
    public double Start { get; init => field = AboveZero(value); } = 1e-6;

    /// <inheritdoc/>
    public override string Source => "Mishchenko, Defazio: Prodigy, 2023, algorithm 4";

    /// <inheritdoc/>
    public override string Use => "where no rate is to be tuned at all: leave the rate at 1 and give a schedule that ends at 0";

    /// <inheritdoc/>
    public override Chain Chain =>
        Compose(new ScaleByProdigy { B1 = B1, B2 = B2, Epsilon = Epsilon, Start = Start, Weight = LearningRate });
}
