using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Stochastic gradient descent.</summary>
/// <remarks>
/// Formula: w = w - lr g. Source: Robbins and Monro (1951); Goodfellow, Bengio and Courville, Deep Learning (2016), algorithm
/// 8.1. State: none.
/// </remarks>
public sealed record Sgd : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.01.</param>
    public Sgd(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.01.</summary>
    public Sgd()
        : this(0.01)
    {
    }

    /// <inheritdoc/>
    public override string Source => "Goodfellow, Bengio, Courville: Deep Learning, 2016, algorithm 8.1";

    /// <inheritdoc/>
    public override string Use => "convex problems, the baseline to beat, and full-batch descent; needs a tuned rate and a schedule";

    /// <inheritdoc/>
    public override Chain Chain => Compose();
}
