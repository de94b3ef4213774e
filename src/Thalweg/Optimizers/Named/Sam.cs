using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>What SAM and ASAM share: momentum on the gradient of a point uphill; they differ in which way is up.</summary>
public abstract record SharpnessFamily : NamedOptimizer
{
    private protected SharpnessFamily(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Decay mu of the velocity, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter Mu { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Length rho of the way uphill, above 0, default 0.05, for ASAM 0.5.</summary>
    public Hyperparameter Rho { get; init => field = Positive(value); } = 0.05;

    /// <inheritdoc/>
    public override string Use =>
        "better generalization for twice the gradients; in front of another optimizer as the rule sharpness_aware";

    /// <inheritdoc/>
    public sealed override Chain Chain => [Ascent, .. Compose(new ScaleByMomentum { Mu = Mu })];

    /// <inheritdoc/>
    protected sealed override string? Conflict =>
        Maximize ? "expected no maximize, because the way uphill is that of a loss; give the negative of the function" : null;

    /// <summary>The way to the point where the second gradient is taken.</summary>
    private protected abstract SharpnessAware Ascent { get; }
}

/// <summary>SAM: momentum on the gradient at w + rho g/|g|, so that training prefers flat minima.</summary>
/// <remarks>
/// Formula: v = mu v + g(w + rho g_0/|g_0|), w = w - lr v, g_0 the gradient at w. Source: Foret et al., Sharpness-aware minimization
/// (2021), algorithm 1. State: v, and a copy of the weights within a step.
/// </remarks>
public sealed record Sam : SharpnessFamily
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.01.</param>
    public Sam(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.01.</summary>
    public Sam()
        : this(0.01)
    {
    }

    /// <inheritdoc/>
    public override string Source => "Foret et al.: Sharpness-aware minimization, 2021, algorithm 1";

    private protected override SharpnessAware Ascent => new(Rho);
}

/// <summary>ASAM: SAM whose way uphill is measured in units of each weight, so that rescaled layers are treated alike.</summary>
/// <remarks>
/// Formula: v = mu v + g(w + rho T^2 g_0/|T g_0|), T = |w| + eta, w = w - lr v. Source: Kwon et al., ASAM (2021), algorithm 1.
/// State: as SAM.
/// </remarks>
public sealed record Asam : SharpnessFamily
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.01.</param>
    public Asam(Hyperparameter learningRate)
        : base(learningRate) => Rho = 0.5;

    /// <summary>Makes the recipe with the default learning rate, 0.01.</summary>
    public Asam()
        : this(0.01)
    {
    }

    /// <summary>Term eta, in the weight's unit, at least 0, default 0.01.</summary>
    public Hyperparameter Eta { get; init => field = NonNegative(value); } = 0.01;

    /// <inheritdoc/>
    public override string Source => "Kwon et al.: ASAM, 2021, algorithm 1";

    private protected override SharpnessAware Ascent => new(Rho) { Form = SharpnessVariant.Adaptive, Eta = Eta };
}
