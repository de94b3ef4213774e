using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Lion: steps of equal size in every coordinate, by the sign of a mix of the gradient and its average.</summary>
/// <remarks>
/// Formula: w = w - lr (sign(b1 m + (1-b1) g) + lambda w), m = b2 m + (1-b2) g. Source: Chen et al., Symbolic discovery of optimization
/// algorithms (2023), algorithm 2. State: m. In long runs rates are
/// 3 to 10 times smaller than Adam's, decay larger by as much.
/// </remarks>
public sealed record Lion : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.001 as in Keras; the authors use 0.0001
    /// and more steps.</param>
    public Lion(Hyperparameter learningRate)
        : base(learningRate) => DecayForm = DecayForm.Decoupled;

    /// <summary>Makes the recipe with the default learning rate, 0.001.</summary>
    public Lion()
        : this(0.001)
    {
    }

    /// <summary>Share b1 of the average in the update, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the average, dimensionless, in [0, 1), default 0.99.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.99;

    /// <inheritdoc/>
    public override string Source => "Chen et al.: Symbolic discovery of optimization algorithms, 2023, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "large models in less memory than adam; rate 3 to 10 times smaller than adam's, decay that much larger";

    /// <inheritdoc/>
    public override Chain Chain => Compose(new ScaleByLion { B1 = B1, B2 = B2 });
}
