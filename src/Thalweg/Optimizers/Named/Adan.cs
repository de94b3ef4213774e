using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Adan: Adam with a moving average of how the gradient changes.</summary>
/// <remarks>
/// Formula: d = g - g_before, m = b1 m + (1-b1) g, v = b2 v + (1-b2) d, n = b3 n + (1-b3) (g + b2 d)^2, w = w - lr (m^ + b2
/// v^)/(sqrt(n^) + e). Source: Xie et al., Adan (2022), algorithm 1; decay is decoupled as in the authors' code without the proximal
/// form. State: m, v, n, g_before.
/// </remarks>
public sealed record Adan : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.003.</param>
    public Adan(Hyperparameter learningRate)
        : base(learningRate) => DecayForm = DecayForm.Decoupled;

    /// <summary>Makes the recipe with the default learning rate, 0.003.</summary>
    public Adan()
        : this(0.003)
    {
    }

    /// <summary>Decay b1 of the gradient's average, dimensionless, in [0, 1), default 0.98.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.98;

    /// <summary>Decay b2 of the change's average, dimensionless, in [0, 1), default 0.92.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.92;

    /// <summary>Decay b3 of the square's average, dimensionless, in [0, 1), default 0.99.</summary>
    public Hyperparameter B3 { get; init => field = BelowOne(value); } = 0.99;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <inheritdoc/>
    public override string Source => "Xie et al.: Adan, 2022, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "large batches and large rates, vision and language alike; costs four numbers of state per weight";

    /// <inheritdoc/>
    public override Chain Chain => Compose(new ScaleByAdan { B1 = B1, B2 = B2, B3 = B3, Epsilon = Epsilon });
}
