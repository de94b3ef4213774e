using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>AdaDelta: AdaGrad with a fading memory, whose steps have the unit of the weights, so that the rate can stay 1.</summary>
/// <remarks>
/// Formula: s = rho s + (1-rho) g^2, u = sqrt(d + e)/sqrt(s + e) g, d = rho d + (1-rho) u^2, w = w - lr u. Source: Zeiler, ADADELTA
/// (2012), algorithm 1. State: s, d. Keras: rate 0.001, rho 0.95, e 1e-7.
/// </remarks>
public sealed record AdaDelta : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 1.</param>
    public AdaDelta(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 1.</summary>
    public AdaDelta()
        : this(1)
    {
    }

    /// <summary>Decay rho of both averages, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter Rho { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Term e under both roots, above 0, default 1e-6.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-6;

    /// <inheritdoc/>
    public override string Source => "Zeiler: ADADELTA, 2012, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "where no rate is to be tuned (keep rate 1); slow at first, mostly of historical interest";

    /// <inheritdoc/>
    public override Chain Chain => Compose(new ScaleByAdaDelta { Rho = Rho, Epsilon = Epsilon });
}
