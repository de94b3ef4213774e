using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Yogi: Adam whose second moment grows and shrinks by the same amounts.</summary>
/// <remarks>
/// Formula: m = b1 m + (1-b1) g, v = v - (1-b2) sign(v - g^2) g^2, w = w - lr m/(sqrt(v) + e). Source: Zaheer et al., Adaptive methods
/// for nonconvex optimization (2018), algorithm 2. State: m, v.
/// </remarks>
public sealed record Yogi : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.01.</param>
    public Yogi(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.01.</summary>
    public Yogi()
        : this(0.01)
    {
    }

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-3.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-3;

    /// <summary>Value that v starts from, at least 0, default 1e-6.</summary>
    public double Start { get; init => field = AtLeastZero(value); } = 1e-6;

    /// <summary>Whether both moments are corrected for their start (optax), default false.</summary>
    public bool Debias { get; init; }

    /// <inheritdoc/>
    public override string Source => "Zaheer et al.: Adaptive methods for nonconvex optimization, 2018, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "as adam, where gradients are sparse or change in size: the second moment cannot fall at once";

    /// <inheritdoc/>
    public override Chain Chain =>
        Compose(new ScaleByYogi { B1 = B1, B2 = B2, Epsilon = Epsilon, Start = Start, Debias = Debias });
}
