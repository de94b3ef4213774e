using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Muon: momentum whose update of each weight matrix is made orthogonal, so that all directions move equally far.</summary>
/// <remarks>
/// Formula: v = mu v + g, X = orthogonal(g + mu v), w = w - lr (scale X + lambda w); vectors: their direction at root mean square 1.
/// Source: Jordan et al., Muon: an optimizer for hidden layers in neural networks (2024). State: v. Made for hidden matrices; many train
/// embeddings and the last layer with AdamW instead.
/// </remarks>
public sealed record Muon : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.02.</param>
    public Muon(Hyperparameter learningRate)
        : base(learningRate) => DecayForm = DecayForm.Decoupled;

    /// <summary>Makes the recipe with the default learning rate, 0.02.</summary>
    public Muon()
        : this(0.02)
    {
    }

    /// <summary>Share mu of the velocity that is kept, dimensionless, in [0, 1), default 0.95.</summary>
    public Hyperparameter Mu { get; init => field = BelowOne(value); } = 0.95;

    /// <summary>Newton-Schulz iterations, at least 1, default 5.</summary>
    public int Iterations { get; init => field = AtLeast(1, value); } = 5;

    /// <summary>How long the update is made, default by shape.</summary>
    public OrthogonalScale Scale { get; init; }

    /// <summary>Whether the velocity looks ahead (rearranged), default true.</summary>
    public bool Nesterov { get; init; } = true;

    /// <inheritdoc/>
    public override string Source => "Jordan et al.: Muon, 2024";

    /// <inheritdoc/>
    public override string Use =>
        "hidden weight matrices of Transformers and convolutional networks; adamw for embeddings and the last layer";

    /// <inheritdoc/>
    public override Chain Chain => Compose(
        new ScaleByMomentum { Mu = Mu, Nesterov = Nesterov ? NesterovVariant.Rearranged : NesterovVariant.None },
        new Orthogonalize { Iterations = Iterations, Scale = Scale });
}
