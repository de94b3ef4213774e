using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Optimizers;

/// <summary>Averaged stochastic gradient descent: the rate falls as a power of the step, and the weights are averaged.</summary>
/// <remarks>
/// Formula: eta = lr/(1 + lambda lr (t-1))^alpha, w = w - eta (g + lambda w), a = a + mu (w - a), mu = 1/max(1, t-1-t0).
/// Source: Polyak and Juditsky (1992), eq. 2; Bottou, Stochastic gradient descent tricks (2012), section 5. State: a,
/// read as <see cref="OptimizerRun.Average"/>.
/// </remarks>
public sealed record Asgd : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.01.</param>
    public Asgd(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.01.</summary>
    public Asgd()
        : this(0.01)
    {
    }

    /// <summary>Decay of weights and rate, at least 0, default 1e-4.</summary>
    public double Lambda { get; init => field = AtLeastZero(value); } = 1e-4;

    /// <summary>Power by which the rate falls, dimensionless, at least 0, default 0.75.</summary>
    public double Alpha { get; init => field = AtLeastZero(value); } = 0.75;

    /// <summary>Update t0 after which the average begins, at least 0, default 1e6.</summary>
    public int AverageStart { get; init => field = AtLeast(0, value); } = 1_000_000;

    /// <inheritdoc/>
    public override string Source => "Polyak, Juditsky: Acceleration of stochastic approximation by averaging, 1992, eq. 2; Bottou: " +
        "Stochastic gradient descent tricks, 2012, section 5";

    /// <inheritdoc/>
    public override string Use => "convex problems and last layers, where the average of the weights converges faster than the weights";

    /// <inheritdoc/>
    public override bool TakesSchedule => false;

    /// <inheritdoc/>
    public override Chain Chain =>
    [
        .. (this with { LearningRate = new InverseTimeSchedule(FixedRate, Lambda * FixedRate) { Power = Alpha } })
            .Compose(new AddDecayedWeights(Lambda) { Scope = DecayScope.Everything }),
        new AverageWeights { Start = AverageStart + 1 },
    ];
}
