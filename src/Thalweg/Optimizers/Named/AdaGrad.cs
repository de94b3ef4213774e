using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Optimizers;

/// <summary>AdaGrad: each coordinate's rate falls with the root of the sum of its squared gradients.</summary>
/// <remarks>
/// Formula: s = s + g^2, w = w - lr/(1 + rate_decay (t-1)) g/(sqrt(s) + e). Source: Duchi, Hazan and Singer (2011), figure 1;
/// Goodfellow, Bengio and Courville, Deep Learning (2016), algorithm 8.4. State: s. Good for sparse features; on long non-convex runs
/// the rate only ever falls.
/// </remarks>
public sealed record AdaGrad : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.01.</param>
    public AdaGrad(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.01.</summary>
    public AdaGrad()
        : this(0.01)
    {
    }

    /// <summary>Term e in the denominator, above 0, default 1e-10 (1e-7 in Deep Learning).</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-10;

    /// <summary>Where e stands, default outside the root.</summary>
    public EpsilonPlace EpsilonPlace { get; init; }

    /// <summary>Value that s starts from, at least 0, default 0 (0.1 in Keras and optax).</summary>
    public double Start { get; init => field = AtLeastZero(value); }

    /// <summary>Decay of the learning rate: lr/(1 + rate_decay (t-1)), at least 0, default 0.</summary>
    public double RateDecay { get; init => field = AtLeastZero(value); }

    /// <inheritdoc/>
    public override string Source => "Duchi, Hazan, Singer: Adaptive subgradient methods, 2011, figure 1";

    /// <inheritdoc/>
    public override string Use =>
        "sparse features (text, recommendations) and convex problems; in long runs of deep networks its rate dies";

    /// <inheritdoc/>
    public override Chain Chain =>
        (this with { LearningRate = LearningRate.DecayedBy(RateDecay) })
        .Compose(new ScaleByAdaGrad { Epsilon = Epsilon, EpsilonPlace = EpsilonPlace, Start = Start });
}
