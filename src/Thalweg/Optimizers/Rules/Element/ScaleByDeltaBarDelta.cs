using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>
/// Multiplies each element by a rate of its own, which grows by a fixed amount while the gradient keeps the sign of its trace and shrinks
/// by a share when it turns.
/// </summary>
/// <remarks>
/// Formula: r = r + kappa | (1-phi) r | r for trace g &gt; 0 | &lt; 0 | = 0, trace = theta trace + (1-theta) g, u = r g. State: r, trace.
/// Source: Jacobs, Increased rates of convergence through learning rate adaptation (1988), eqs. 5-6; Goodfellow, Bengio and Courville,
/// Deep Learning (2016), section 8.5. For full batches: the sign of a noisy gradient turns by chance, and every turn cuts the rate.
/// </remarks>
public sealed record ScaleByDeltaBarDelta : Rule
{
    /// <summary>Rate r that each element starts from, above 0, default 0.01.</summary>
    public double Start { get; init => field = AboveZero(value); } = 0.01;

    /// <summary>Amount kappa that is added, in the rate's unit, above 0, default 0.001.</summary>
    public Hyperparameter Kappa { get; init => field = Positive(value); } = 0.001;

    /// <summary>Share phi that is taken off, dimensionless, in (0, 1], default 0.2.</summary>
    public Hyperparameter Phi { get; init => field = Positive(value); } = 0.2;

    /// <summary>Share theta of the trace that is kept, dimensionless, in [0, 1), default 0.7.</summary>
    public Hyperparameter Theta { get; init => field = NonNegative(value); } = 0.7;

    /// <summary>Whether batches smaller than the training data are let pass, default false.</summary>
    public bool AllowMiniBatches { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["r", "trace"];

    /// <inheritdoc/>
    public override string Formula =>
        "r = r + kappa | (1-phi) r | r for trace g > 0 | < 0 | = 0, trace = theta trace + (1-theta) g, u = r g";

    /// <inheritdoc/>
    public override string Source => "Jacobs: Increased rates of convergence through learning rate adaptation, 1988, eqs. 5-6";

    /// <inheritdoc/>
    public override string Use => "rates of their own per coordinate, on full batches";

    /// <inheritdoc/>
    protected override string? Conflict =>
        Phi.Bounds.High > 1 || Theta.Bounds.High >= 1 ? "expected phi of at most 1 and theta below 1; use the defaults 0.2 and 0.7" : null;

    /// <inheritdoc/>
    public override RuleNeeds Needs => AllowMiniBatches ? RuleNeeds.None : new() { FullBatch = true };

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments) => new(segments.Length, slot == "r" ? Start : 0);

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new DeltaBarDeltaKernel<T>(
            fusion.Slot(0), fusion.Slot(1), (fusion.At(Kappa), fusion.At(Phi), fusion.At(Theta))));
}

/// <summary>g -> r g, where r follows how g agrees with its trace.</summary>
internal readonly unsafe struct DeltaBarDeltaKernel<T>(T* rates, T* traces, (double Kappa, double Phi, double Theta) numbers)
    : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _rates = rates, _traces = traces;
    private readonly T _kappa = T.CreateTruncating(numbers.Kappa), _keep = T.CreateTruncating(1 - numbers.Phi);
    private readonly T _theta = T.CreateTruncating(numbers.Theta), _rest = T.CreateTruncating(1 - numbers.Theta);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V zero = V.Splat(T.Zero), trace = V.Load(_traces + at.Index), rate = V.Load(_rates + at.Index);
        V agreement = RuleMath.Sign<V, T>(trace) * RuleMath.Sign<V, T>(update);
        rate = V.Select(V.Less(zero, agreement), rate + V.Splat(_kappa), V.Select(V.Less(agreement, zero), V.Splat(_keep) * rate, rate));
        V.Store(rate, _rates + at.Index);
        V.Store(V.Fma(V.Splat(_theta), trace, V.Splat(_rest) * update), _traces + at.Index);
        return rate * update;
    }
}
