using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Optimizers;

/// <summary>Where the second moment's start at 0 is corrected.</summary>
public enum ScheduleFreeCorrection
{
    /// <summary>In the rate, lr_t = lr sqrt(1-b2^t), and with it in decay and weights; the paper's algorithm 1.</summary>
    InRate,

    /// <summary>In the moment itself, v/(1-b2^t), as Adam does and later versions of the authors' code.</summary>
    InMoment,
}

/// <summary>Schedule-free AdamW: AdamW's division, with the average in place of momentum and of a schedule.</summary>
/// <remarks>
/// Formula: v = b2 v + (1-b2) g^2, lr_t = lr sqrt(1-b2^t), z = z - lr_t (g/(sqrt(v) + e) + lambda w), x = (1-c) x + c z, w =
/// (1-beta) z + beta x, c = lr_t^2 over the sum of squared rates so far. Source: Defazio et al., The road less scheduled (2024), algorithm
/// 1. State: v, z, x; the result is x, read as <see cref="OptimizerRun.Average"/>.
/// </remarks>
public sealed record ScheduleFreeAdamW : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.0025.</param>
    public ScheduleFreeAdamW(Hyperparameter learningRate)
        : base(learningRate) => (Decay, DecayForm) = (0.01, DecayForm.Decoupled);

    /// <summary>Makes the recipe with the default learning rate, 0.0025.</summary>
    public ScheduleFreeAdamW()
        : this(0.0025)
    {
    }

    /// <summary>Share beta of the average in the point of training, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter Beta { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>Where the second moment is corrected, default in the rate.</summary>
    public ScheduleFreeCorrection Correction { get; init; }

    /// <inheritdoc/>
    public override string Source => "Defazio et al.: The road less scheduled, 2024, algorithm 1" +
        (Correction == ScheduleFreeCorrection.InMoment ? ", corrected as in later versions of the authors' code" : "");

    /// <inheritdoc/>
    public override string Use => "where the length of the run is not known beforehand: as adamw with a good schedule, without one";

    /// <inheritdoc/>
    public override bool WantsSchedule => false;

    /// <inheritdoc/>
    public override Chain Chain => Correction == ScheduleFreeCorrection.InRate
        ? (this with { LearningRate = CorrectedRate }).Around(new ScaleByRms { Alpha = B2, Epsilon = Epsilon })
        : Around(new ScaleByAdam { B1 = 0, B2 = B2, Epsilon = Epsilon });

    /// <inheritdoc/>
    protected override string? Conflict => Correction == ScheduleFreeCorrection.InRate && B2.Schedule is not null
        ? $"expected one number as b2 with correction in the rate, got {B2}; add correction=in_moment"
        : null;

    private Hyperparameter CorrectedRate => new ProductSchedule(LearningRate, new CorrectionSchedule(B2.At(0)));

    private Chain Around(Rule direction) => [.. Compose(direction), new ScheduleFree { Beta = Beta, Weight = LearningRate }];
}
