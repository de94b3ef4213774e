using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>RAdam: Adam that begins as momentum and divides by the second moment once its variance is known.</summary>
/// <remarks>
/// Formula: w = w - lr R sqrt(1-b2^t)/(1-b1^t) m/(sqrt(v) + e) where r &gt; threshold, else w - lr m/(1-b1^t); R and r as in
/// <see cref="ScaleByRAdam"/>. Source: Liu et al., On the variance of the adaptive learning rate and beyond (2020), algorithm 2.
/// State: m, v.
/// </remarks>
public sealed record RAdam : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.005: R is small in the first
    /// hundreds of steps.</param>
    public RAdam(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.005.</summary>
    public RAdam()
        : this(0.005)
    {
    }

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>Length r of the average above which the division begins, at least 4, default 5; 4 in the paper.</summary>
    public double Threshold { get; init => field = AtLeastNumber(4, value); } = 5;

    /// <inheritdoc/>
    public override string Source => "Liu et al.: On the variance of the adaptive learning rate and beyond, 2020, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "as adam, without a warm-up: the first steps are plain momentum until the second moment can be trusted";

    /// <inheritdoc/>
    public override Chain Chain =>
        Compose(new ScaleByRAdam { B1 = B1, B2 = B2, Epsilon = Epsilon, Threshold = Threshold });
}
