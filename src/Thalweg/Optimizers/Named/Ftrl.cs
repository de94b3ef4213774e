using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>
/// FTRL-Proximal: each weight where all gradients so far and the penalties are least; keeps weights of rare features at exactly 0.
/// </summary>
/// <remarks>
/// Formula: s = (sqrt(n + g^2) - sqrt(n))/lr, z = z + g - s w, n = n + g^2, w = 0 where |z| &lt;= l1, else -(z - sign(z) l1)/((beta +
/// sqrt(n))/lr + l2). Source: McMahan et al., Ad click prediction (2013), algorithm 1. State: z, n. For sparse, mostly linear models.
/// TensorFlow's and Keras's Ftrl is <c>ftrl(lr, beta=0, start=0.1, from_weights=false)</c> with their learning_rate_power as rate_power,
/// their l2_shrinkage_regularization_strength as shrinkage, and l2 twice their l2_regularization_strength.
/// </remarks>
public sealed record Ftrl : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.1.</param>
    public Ftrl(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.1.</summary>
    public Ftrl()
        : this(0.1)
    {
    }

    /// <summary>Smoothing beta of the rate, in the gradient's unit, at least 0, default 1.</summary>
    public Hyperparameter Beta { get; init => field = NonNegative(value); } = 1;

    /// <summary>Strength of the L1 penalty, at least 0, default 0.</summary>
    public Hyperparameter L1 { get; init => field = NonNegative(value); } = 0;

    /// <summary>Strength of the L2 penalty, at least 0, default 0.</summary>
    public Hyperparameter L2 { get; init => field = NonNegative(value); } = 0;

    /// <summary>Power of n in the rate lr n^rate_power, dimensionless, at most 0, default -0.5; 0 keeps the rate fixed.</summary>
    public double RatePower { get; init => field = AtMostZero(value); } = -0.5;

    /// <summary>Value that n starts from, in the unit of the squared gradient, at least 0, default 0 (0.1 in
    /// TensorFlow and Keras).</summary>
    public double Start { get; init => field = AtLeastZero(value); }

    /// <summary>Factor lambda of an L2 penalty that acts through the gradients, 2 lambda w with each, at least 0, default 0.</summary>
    public Hyperparameter Shrinkage { get; init => field = NonNegative(value); } = 0;

    /// <summary>Whether the method starts at the weights that it is given, default true; otherwise its first update forgets them, as the
    /// paper's and TensorFlow's, made for linear models that start at 0.</summary>
    public bool FromWeights { get; init; } = true;

    /// <inheritdoc/>
    public override string Source => Chain[^1].Source;

    /// <inheritdoc/>
    public override string Use => "sparse linear models learned online, where most weights are to be exactly 0";

    /// <inheritdoc/>
    protected override string? Conflict =>
        Decay.IsZero ? null : "expected decay 0, because the penalties are part of the method; use l1 and l2";

    /// <inheritdoc/>
    public override bool WantsSchedule => false;

    /// <inheritdoc/>
    public override Chain Chain =>
    [
        .. Maximize ? (Rule[])[new Scale(-1)] : [],
        new FollowRegularizedLeader(LearningRate)
        {
            Beta = Beta,
            L1 = L1,
            L2 = L2,
            RatePower = RatePower,
            Start = Start,
            Shrinkage = Shrinkage,
            FromWeights = FromWeights,
        },
    ];
}
