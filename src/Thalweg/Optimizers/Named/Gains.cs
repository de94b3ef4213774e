using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>
/// Delta-bar-delta by gains: momentum with a gain per coordinate, which grows while the gradient pushes the way the velocity goes;
/// for full batches.
/// </summary>
/// <remarks>
/// Formula: gain = gain + 0.2 where v g &gt;= 0, else 0.8 gain, v = mu v + gain g, w = w - lr v. Source: Jacobs (1988), eq. 5, with the
/// gains of van der Maaten and Hinton, Visualizing data using t-SNE (2008), section 3.4. State: gain, v. The trainer refuses mini-batches
/// unless mini-batches are allowed.
/// </remarks>
public sealed record Gains : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.05: gains make it grow several times in ten steps.</param>
    public Gains(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.05.</summary>
    public Gains()
        : this(0.05)
    {
    }

    /// <summary>Share mu of the velocity that is kept, dimensionless, in [0, 1), default 0.5.</summary>
    public Hyperparameter Mu { get; init => field = BelowOne(value); } = 0.5;

    /// <summary>What is added to a gain, above 0, default 0.2.</summary>
    public Hyperparameter Up { get; init => field = Positive(value); } = 0.2;

    /// <summary>What a gain is multiplied by, in (0, 1), default 0.8.</summary>
    public Hyperparameter Down { get; init => field = Positive(value); } = 0.8;

    /// <summary>Smallest gain, above 0, default 0.01.</summary>
    public Hyperparameter Minimum { get; init => field = Positive(value); } = 0.01;

    /// <summary>Whether batches smaller than the training data are let pass, default false.</summary>
    public bool AllowMiniBatches { get; init; }

    /// <inheritdoc/>
    public override string Source =>
        "Jacobs: Increased rates of convergence, 1988, eq. 5; van der Maaten, Hinton: Visualizing data using t-SNE, 2008, section 3.4";

    /// <inheritdoc/>
    public override string Use => "full batches of small problems, such as t-SNE embeddings";

    /// <inheritdoc/>
    public override Chain Chain =>
        Compose(new ScaleByGains { Mu = Mu, Up = Up, Down = Down, Minimum = Minimum, AllowMiniBatches = AllowMiniBatches });
}
