using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Schedule-free SGD: the gradient taken between a fast sequence and its average, with no schedule of the rate.</summary>
/// <remarks>
/// Formula: z = z - lr g, x = (1-c) x + c z, w = (1-beta) z + beta x, c = 1/t at a constant rate. Source: Defazio et al., The road less
/// scheduled (2024), eqs. 3-5. State: z, x; the result is x, read as <see cref="OptimizerRun.Average"/>.
/// </remarks>
public sealed record ScheduleFreeSgd : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.1: ten times that of SGD, as the authors advise.</param>
    public ScheduleFreeSgd(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.1.</summary>
    public ScheduleFreeSgd()
        : this(0.1)
    {
    }

    /// <summary>Share beta of the average in the point of training, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter Beta { get; init => field = BelowOne(value); } = 0.9;

    /// <inheritdoc/>
    public override string Source => "Defazio et al.: The road less scheduled, 2024, eqs. 3-5";

    /// <inheritdoc/>
    public override string Use => "as momentum with a good schedule, where the length of the run is not known beforehand";

    /// <inheritdoc/>
    public override bool WantsSchedule => false;

    /// <inheritdoc/>
    public override Chain Chain => [.. Compose(), new ScheduleFree { Beta = Beta, Weight = LearningRate }];
}
