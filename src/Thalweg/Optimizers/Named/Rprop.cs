using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Rprop: steps of a size of their own per coordinate, of which the gradient gives the sign alone; for full batches.</summary>
/// <remarks>
/// Formula: d = clamp(d grow | d shrink | d as the sign of g stayed, turned or is 0, minimum, maximum), w = w - sign(g) d, no
/// move where the sign turned. Source: Riedmiller and Braun, RPROP (1993); Igel and Husken (2000), iRprop-. State: d and the sign
/// of the gradient before.
/// </remarks>
public sealed record Rprop : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The first step size, in the weight's unit, at least 0, default 0.01.</param>
    public Rprop(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default first step size, 0.01.</summary>
    public Rprop()
        : this(0.01)
    {
    }

    /// <summary>Factor where the sign turned, in (0, 1), default 0.5.</summary>
    public Hyperparameter Shrink { get; init => field = Positive(value); } = 0.5;

    /// <summary>Factor where the sign stayed, above 1, default 1.2.</summary>
    public Hyperparameter Grow { get; init => field = Positive(value); } = 1.2;

    /// <summary>Smallest step size, in the weight's unit, above 0, default 1e-6.</summary>
    public Hyperparameter Minimum { get; init => field = Positive(value); } = 1e-6;

    /// <summary>Largest step size, in the weight's unit, above 0, default 50.</summary>
    public Hyperparameter Maximum { get; init => field = Positive(value); } = 50;

    /// <summary>Whether batches smaller than the training data are let pass, default false.</summary>
    public bool AllowMiniBatches { get; init; }

    /// <inheritdoc/>
    public override string Source => "Riedmiller, Braun: RPROP, 1993; Igel, Husken: Improving the Rprop learning algorithm, 2000, iRprop-";

    /// <inheritdoc/>
    public override string Use => "full batches of small networks: only the gradient's sign counts; not for mini-batches";

    /// <inheritdoc/>
    public override bool TakesSchedule => false;

    /// <inheritdoc/>
    public override Chain Chain =>
        (this with { LearningRate = 1 }).Compose(new ScaleByRprop
        {
            Start = FixedRate,
            Shrink = Shrink,
            Grow = Grow,
            Minimum = Minimum,
            Maximum = Maximum,
            AllowMiniBatches = AllowMiniBatches,
        });
}
