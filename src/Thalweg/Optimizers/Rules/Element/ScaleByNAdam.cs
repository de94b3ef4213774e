using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>Whether NAdam's momentum follows its schedule.</summary>
public enum NAdamVariant
{
    /// <summary>mu_t = b1 (1 - 0.96^(t psi)/2), as the paper (PyTorch, Keras).</summary>
    Scheduled,

    /// <summary>mu_t = b1 (optax, Optimisers.jl).</summary>
    Plain,
}

/// <summary>Adam whose first moment looks ahead, as in Nesterov's method.</summary>
/// <remarks>
/// Formula: mu_t = b1 (1 - 0.96^(t psi)/2), P_t = mu_1 ... mu_t, m and v as in Adam, u = ((1-mu_t) g/(1-P_t) + mu_(t+1) m/(1-P_t
/// mu_(t+1)))/(sqrt(v/(1-b2^t)) + e). State: m, v and the product P. Source: Dozat, Incorporating Nesterov momentum into Adam (2016),
/// algorithm 2; the schedule: Sutskever et al. (2013).
/// </remarks>
public sealed record ScaleByNAdam : Rule
{
    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>Whether the momentum follows its schedule, default <see cref="NAdamVariant.Scheduled"/>.</summary>
    public NAdamVariant Form { get; init; }

    /// <summary>Pace psi of the momentum's schedule, dimensionless, at least 0, default 0.004; the plain form does not use it.</summary>
    public double MomentumDecay { get; init => field = AtLeastZero(value); } = 0.004;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["m", "v", "product"];

    /// <inheritdoc/>
    public override string Formula => (Form == NAdamVariant.Scheduled ? "mu_t = b1 (1 - 0.96^(t psi)/2)" : "mu_t = b1") +
        ", P_t = mu_1 ... mu_t, m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2, " +
        "u = ((1-mu_t) g/(1-P_t) + mu_(t+1) m/(1-P_t mu_(t+1)))/(sqrt(v/(1-b2^t)) + e)";

    /// <inheritdoc/>
    public override string Source => "Dozat: Incorporating Nesterov momentum into Adam, 2016, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "NAdam's direction: Adam that looks ahead";

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments) =>
        slot == "product" ? SlotPlan.Single(1) : new(segments.Length);

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        double b1 = fusion.At(B1), b2 = fusion.At(B2), mu = MuAt(b1, fusion.Update), next = MuAt(b1, fusion.Update + 1);
        double product = *fusion.ExactSlot(2) *= mu;
        AdamNumbers<T> adam = new(fusion.Slot(0), fusion.Slot(1), b1, b2, fusion.At(Epsilon), 1, 1 / (1 - Math.Pow(b2, fusion.Update)));
        fusion.Then(prefix, new NAdamKernel<T>(
            adam, T.CreateTruncating((1 - mu) / (1 - product)), T.CreateTruncating(next / (1 - (product * next)))));
    }

    private double MuAt(double b1, long t) => Form == NAdamVariant.Plain ? b1 : b1 * (1 - (0.5 * Math.Pow(0.96, t * MomentumDecay)));
}

/// <summary>g -> (gradient g + moment m)/(sqrt(v^) + e).</summary>
internal readonly struct NAdamKernel<T>(AdamNumbers<T> adam, T gradient, T moment) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        (V first, V second) = adam.Moments(update, at.Index);
        return adam.Update(V.Fma(V.Splat(moment), first, V.Splat(gradient) * update), second);
    }
}
