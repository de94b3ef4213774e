using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>
/// Delta-bar-delta: a rate of its own per coordinate, which grows while the gradient's sign stays and shrinks when it turns;
/// for full batches.
/// </summary>
/// <remarks>
/// Formula: r = r + kappa | (1-phi) r | r for trace g &gt; 0 | &lt; 0 | = 0, trace = theta trace + (1-theta) g, w = w - r g. Source:
/// Jacobs, Increased rates of convergence through learning rate adaptation (1988), eqs. 5-6. State: r, trace. The trainer refuses
/// mini-batches, whose noise turns signs by chance, unless mini-batches are allowed.
/// </remarks>
public sealed record DeltaBarDelta : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The rate that each coordinate starts from, at least 0, default 0.1.</param>
    public DeltaBarDelta(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default rate that each coordinate starts from, 0.1.</summary>
    public DeltaBarDelta()
        : this(0.1)
    {
    }

    /// <summary>Amount kappa that is added to a rate, above 0, default 0.001.</summary>
    public Hyperparameter Kappa { get; init => field = Positive(value); } = 0.001;

    /// <summary>Share phi that is taken off a rate, dimensionless, in (0, 1], default 0.2.</summary>
    public Hyperparameter Phi { get; init => field = Positive(value); } = 0.2;

    /// <summary>Share theta of the trace that is kept, dimensionless, in [0, 1), default 0.7.</summary>
    public Hyperparameter Theta { get; init => field = NonNegative(value); } = 0.7;

    /// <summary>Whether batches smaller than the training data are let pass, default false.</summary>
    public bool AllowMiniBatches { get; init; }

    /// <inheritdoc/>
    public override string Source => "Jacobs: Increased rates of convergence through learning rate adaptation, 1988, eqs. 5-6";

    /// <inheritdoc/>
    public override string Use => "full batches of small, badly scaled problems; not for mini-batches, whose noise turns signs by chance";

    /// <inheritdoc/>
    public override bool TakesSchedule => false;

    /// <inheritdoc/>
    public override Chain Chain => (this with { LearningRate = 1 })
        .Compose(
            new ScaleByDeltaBarDelta { Start = FixedRate, Kappa = Kappa, Phi = Phi, Theta = Theta, AllowMiniBatches = AllowMiniBatches });
}
