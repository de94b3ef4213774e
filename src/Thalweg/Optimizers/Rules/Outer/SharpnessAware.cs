using System.Numerics;

namespace Thalweg.Rules;

/// <summary>Which ascent a sharpness-aware step makes.</summary>
public enum SharpnessVariant
{
    /// <summary>Along the gradient: rho g/|g| (SAM).</summary>
    Plain,

    /// <summary>Along the gradient scaled by the weights, which does not change when layers are rescaled (ASAM).</summary>
    Adaptive,
}

/// <summary>
/// Takes the gradient not at the weights but uphill of them, so that training prefers flat minima; costs a second gradient per step.
/// </summary>
/// <remarks>
/// Formula: g = gradient at w + rho g_0/|g_0|, g_0 the gradient at w; adaptive: at w + rho T^2 g_0/|T g_0|, T = |w| + eta per element.
/// State: none; the weights are kept aside within a step. Source: Foret et al., Sharpness-aware minimization (2021), algorithm 1; Kwon et
/// al., ASAM (2021), algorithm 1. It may stand anywhere in a chain and passes the gradient that it caused.
/// </remarks>
public sealed record SharpnessAware : Rule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="rho">Length rho of the way uphill, in the weight's unit, above 0; customary 0.05 (plain), 0.5 (adaptive).</param>
    /// <exception cref="ThalwegException">The length is not above 0: give a positive number.</exception>
    public SharpnessAware(Hyperparameter rho) => Rho = rho;

    /// <summary>Length rho of the way uphill, in the weight's unit, above 0.</summary>
    public Hyperparameter Rho { get; init => field = Positive(value); }

    /// <summary>Which ascent is made, default along the gradient.</summary>
    public SharpnessVariant Form { get; init; }

    /// <summary>Term eta of the adaptive form, in the weight's unit, at least 0, default 0.01.</summary>
    public Hyperparameter Eta { get; init => field = NonNegative(value); } = 0.01;

    /// <inheritdoc/>
    public override string Formula => "u = g, taken at " +
        (Form == SharpnessVariant.Plain ? "w + rho g_0/|g_0|" : "w + rho T^2 g_0/|T g_0|, T = |w| + eta") + ", g_0 the gradient at w";

    /// <inheritdoc/>
    public override string Source => Form == SharpnessVariant.Plain
        ? "Foret et al.: Sharpness-aware minimization, 2021, algorithm 1"
        : "Kwon et al.: ASAM, 2021, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "better generalization for twice the gradients";

    /// <inheritdoc/>
    public override RuleNeeds Needs => new() { Gradients = 2, MovedFrom = 1 };

    internal override unsafe void Move<T>(T* parameters, T* gradients, nint length, RuleSlots slots, long step)
    {
        bool isAdaptive = Form == SharpnessVariant.Adaptive;
        double norm = isAdaptive ? AdaptiveNorm(parameters, gradients, length, Eta.At(step)) : VectorNorm.Of(gradients, length);
        T factor = T.CreateTruncating(norm > 0 ? Rho.At(step) / norm : 0), eta = T.CreateTruncating(Eta.At(step));
        for (nint i = 0; i < length; i++)
        {
            T scale = isAdaptive ? T.Abs(parameters[i]) + eta : T.One;
            parameters[i] += factor * scale * scale * gradients[i];
        }
    }

    internal override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) => fusion.Then(prefix, default(Identity<T>));

    private static unsafe double AdaptiveNorm<T>(T* parameters, T* gradients, nint length, double eta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (nint i = 0; i < length; i++)
        {
            double scaled = (Math.Abs(double.CreateTruncating(parameters[i])) + eta) * double.CreateTruncating(gradients[i]);
            sum += scaled * scaled;
        }

        return Math.Sqrt(sum);
    }
}
