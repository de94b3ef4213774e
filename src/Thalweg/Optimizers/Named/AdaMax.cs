using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>AdaMax: Adam with the infinity norm in place of the root of the second moment.</summary>
/// <remarks>
/// Formula: m = b1 m + (1-b1) g, n = max(b2 n, |g| + e), w = w - lr/(1-b1^t) m/n. Source: Kingma and Ba, Adam (2015), algorithm 2.
/// State: m, n.
/// </remarks>
public sealed record AdaMax : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.002.</param>
    public AdaMax(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.002.</summary>
    public AdaMax()
        : this(0.002)
    {
    }

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the maximum, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>Where e stands, default in the maximum.</summary>
    public AdaMaxVariant Form { get; init; }

    /// <inheritdoc/>
    public override string Source => "Kingma, Ba: Adam, 2015, algorithm 2";

    /// <inheritdoc/>
    public override string Use =>
        "as adam, where single gradients are far larger than the rest: the denominator is a maximum, and needs no correction";

    /// <inheritdoc/>
    public override Chain Chain => Compose(new ScaleByAdaMax { B1 = B1, B2 = B2, Epsilon = Epsilon, Form = Form });
}
