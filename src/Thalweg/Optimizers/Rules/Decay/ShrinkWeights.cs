namespace Thalweg.Rules;

/// <summary>Takes a fixed share off the weights at each step, whatever the learning rate; it stands last in a chain.</summary>
/// <remarks>
/// Formula: u = g - lambda w. State: none. The form of decoupled decay whose strength is not multiplied by the learning rate.
/// Source: Loshchilov and Hutter, Decoupled weight decay regularization (2019), algorithm 2, line 12, with schedule multiplier alone.
/// </remarks>
public sealed record ShrinkWeights : Rule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="share">The share lambda that is taken off, dimensionless, in [0, 1).</param>
    /// <exception cref="ThalwegException">The share is not in [0, 1): give a number in range.</exception>
    public ShrinkWeights(Hyperparameter share) => Share = share;

    /// <summary>The share lambda that is taken off, dimensionless, in [0, 1).</summary>
    public Hyperparameter Share { get; init => field = BelowOne(value); }

    /// <summary>Which parameters it reaches, default weights alone.</summary>
    public DecayScope Scope { get; init; }

    /// <inheritdoc/>
    public override string Formula => "u = g - lambda w";

    /// <inheritdoc/>
    public override string Source =>
        "Loshchilov, Hutter: Decoupled weight decay regularization, 2019, algorithm 2, line 12, without the learning rate";

    /// <inheritdoc/>
    public override string Use => "decay that does not depend on the rate";

    internal override string? Misplaced(ChainPosition position) => position.IsBeforeRate
        ? $"found {this} before scale_by_learning_rate, where it makes the weights grow; move it, or use add_decayed_weights"
        : base.Misplaced(position);

    internal override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new DecayKernel<T>(T.CreateTruncating(-fusion.At(Share)), Scope));
}
