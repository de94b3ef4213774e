using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Optimizers;

/// <summary>How Adafactor's learning rate changes with the step t.</summary>
public enum AdafactorRate
{
    /// <summary>The learning rate as given, a number or a schedule.</summary>
    Given,

    /// <summary>The relative step min(lr, 1/sqrt(t)); with lr 0.01 that of the paper, PyTorch and fairseq.</summary>
    Relative,

    /// <summary>The relative step that rises first, min(lr^3 t, 1/sqrt(t)), up to lr at t = 1/lr^2: with lr 0.01 min(1e-6 t, 1/sqrt(t)),
    /// as <c>warmup_init</c> in fairseq and Transformers.</summary>
    RelativeWithWarmup,
}

/// <summary>
/// Adafactor: Adam's division with a second moment of rows and columns alone, steps relative to the size of each parameter.
/// </summary>
/// <remarks>
/// Formula: v_ij = R_i C_j/mean(R), u = g/sqrt(v), u = u/max(1, rms(u)), w = w - lr max(e2, rms(w)) u, R and C moving averages as in
/// <see cref="ScaleByAdafactor"/>; lr as <see cref="RateForm"/> says. Source: Shazeer and Stern, Adafactor (2018), algorithms 4 and 5.
/// State: a number per row and column of each matrix.
/// </remarks>
public sealed record Adafactor : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.01.</param>
    public Adafactor(Hyperparameter learningRate)
        : base(learningRate) => DecayForm = DecayForm.Decoupled;

    /// <summary>Makes the recipe with the default learning rate, 0.01.</summary>
    public Adafactor()
        : this(0.01)
    {
    }

    /// <summary>Power by which the averages' decay nears 1, dimensionless, above 0, default 0.8.</summary>
    public double DecayPower { get; init => field = AboveZero(value); } = 0.8;

    /// <summary>Term e1 added to the squared gradient, above 0, default 1e-30.</summary>
    public double Epsilon { get; init => field = AboveZero(value); } = 1e-30;

    /// <summary>Largest root mean square of a parameter's update, dimensionless, above 0, default 1.</summary>
    public Hyperparameter Limit { get; init => field = Positive(value); } = 1;

    /// <summary>Whether steps are relative to the size of the parameter, default true.</summary>
    public bool Relative { get; init; } = true;

    /// <summary>Smallest size e2 that a parameter counts as, above 0, default 1e-3.</summary>
    public Hyperparameter MinimumScale { get; init => field = Positive(value); } = 1e-3;

    /// <summary>How the learning rate changes with the step, default as given.</summary>
    public AdafactorRate RateForm { get; init; }

    /// <inheritdoc/>
    public override bool TakesSchedule => RateForm != AdafactorRate.RelativeWithWarmup;

    /// <inheritdoc/>
    public override bool WantsSchedule => RateForm == AdafactorRate.Given;

    /// <inheritdoc/>
    public override string Source => "Shazeer, Stern: Adafactor, 2018, algorithms 4 and 5";

    /// <inheritdoc/>
    public override string Use => "large weight matrices in little memory: the second moment is kept as rows and columns";

    /// <inheritdoc/>
    public override Chain Chain => (this with { LearningRate = Rate }).Compose(new ScaleByAdafactor
    {
        DecayPower = DecayPower,
        Epsilon = Epsilon,
        Limit = Limit,
        Relative = Relative,
        MinimumScale = MinimumScale,
    });

    private Hyperparameter Rate => RateForm switch
    {
        AdafactorRate.Relative => new MinimumSchedule(LearningRate, new InverseRootSchedule(1, 1)),
        AdafactorRate.RelativeWithWarmup => new InverseRootSchedule(FixedRate, RiseTo(FixedRate)),
        _ => LearningRate,
    };

    /// <summary>The step at which 1/sqrt(t) has come down to the rate.</summary>
    private static int RiseTo(double rate) => (int)Math.Clamp(Math.Round(1 / (rate * rate)), 1, int.MaxValue);
}
