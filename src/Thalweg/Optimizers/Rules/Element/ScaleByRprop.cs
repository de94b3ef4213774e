using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>
/// Replaces each element by its sign times a step size of its own, which grows while the sign stays and shrinks when it turns.
/// </summary>
/// <remarks>
/// Formula: s = sign(g g_before); d = clamp(d grow | d shrink | d for s > 0 | &lt; 0 | = 0, minimum, maximum); g = 0 where s &lt; 0; u =
/// sign(g) d. State: d and the sign of g_before. Source: Riedmiller and Braun, RPROP (1993); without weight backtracking: Igel and Husken,
/// Improving the Rprop learning algorithm (2000), algorithm iRprop-. For full batches: the sign of a noisy gradient turns by chance.
/// </remarks>
public sealed record ScaleByRprop : Rule
{
    /// <summary>Step size d that each element starts from, in the weight's unit, above 0, default 0.01.</summary>
    public double Start { get; init => field = AboveZero(value); } = 0.01;

    /// <summary>Factor where the sign turned, dimensionless, above 0, default 0.5.</summary>
    public Hyperparameter Shrink { get; init => field = Positive(value); } = 0.5;

    /// <summary>Factor where the sign stayed, dimensionless, above 0, default 1.2.</summary>
    public Hyperparameter Grow { get; init => field = Positive(value); } = 1.2;

    /// <summary>Smallest step size, in the weight's unit, above 0, default 1e-6.</summary>
    public Hyperparameter Minimum { get; init => field = Positive(value); } = 1e-6;

    /// <summary>Largest step size, in the weight's unit, above 0, default 50.</summary>
    public Hyperparameter Maximum { get; init => field = Positive(value); } = 50;

    /// <summary>Whether batches smaller than the training data are let pass, default false.</summary>
    public bool AllowMiniBatches { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["d", "sign"];

    /// <inheritdoc/>
    public override string Formula =>
        "s = sign(g g_before), d = clamp(d grow | d shrink | d for s > 0 | < 0 | = 0, minimum, maximum), g = 0 where s < 0, u = sign(g) d";

    /// <inheritdoc/>
    public override string Source => "Riedmiller, Braun: RPROP, 1993; Igel, Husken: Improving the Rprop learning algorithm, 2000, iRprop-";

    /// <inheritdoc/>
    public override string Use => "Rprop's direction: step sizes by sign, on full batches";

    /// <inheritdoc/>
    protected override string? Conflict => this switch
    {
        { Shrink.Bounds.High: >= 1 } or { Grow.Bounds.Low: <= 1 } =>
            "expected shrink below 1 and grow above 1; use the defaults 0.5 and 1.2",
        _ when Minimum.Bounds.High > Maximum.Bounds.Low => "expected minimum at most maximum; exchange them",
        _ => null,
    };

    /// <inheritdoc/>
    public override RuleNeeds Needs => AllowMiniBatches ? RuleNeeds.None : new() { FullBatch = true };

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments) => new(segments.Length, slot == "d" ? Start : 0);

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        (double, double) factors = (fusion.At(Shrink), fusion.At(Grow)), limits = (fusion.At(Minimum), fusion.At(Maximum));
        fusion.Then(prefix, new RpropKernel<T>(fusion.Slot(0), fusion.Slot(1), factors, limits));
    }
}

/// <summary>g -> sign(g) d, where d follows how the sign of g changes.</summary>
internal readonly unsafe struct RpropKernel<T>(
    T* steps, T* signs, (double Shrink, double Grow) factors, (double Minimum, double Maximum) limits) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _steps = steps, _signs = signs;
    private readonly T _shrink = T.CreateTruncating(factors.Shrink), _grow = T.CreateTruncating(factors.Grow);
    private readonly T _minimum = T.CreateTruncating(limits.Minimum), _maximum = T.CreateTruncating(limits.Maximum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        // Signs are multiplied, not gradients, whose product may underflow to 0.
        V zero = V.Splat(T.Zero), sign = RuleMath.Sign<V, T>(update), change = sign * V.Load(_signs + at.Index);
        V turned = V.Less(change, zero);
        V factor = V.Select(turned, V.Splat(_shrink), V.Select(V.Less(zero, change), V.Splat(_grow), V.Splat(T.One)));
        V step = SimdMath.AtMost<V, T>(SimdMath.AtLeast<V, T>(V.Load(_steps + at.Index) * factor, V.Splat(_minimum)), V.Splat(_maximum));
        V kept = V.Select(turned, zero, sign);
        V.Store(step, _steps + at.Index);
        V.Store(kept, _signs + at.Index);
        return kept * step;
    }
}
