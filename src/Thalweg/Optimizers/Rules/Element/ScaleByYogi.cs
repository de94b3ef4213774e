using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>Adam whose second moment grows and shrinks by the same amounts, so that the effective rate cannot jump up.</summary>
/// <remarks>
/// Formula: m = b1 m + (1-b1) g, v = v - (1-b2) sign(v - g^2) g^2, u = m/(sqrt(v) + e). State: m, v. Source: Zaheer et al., Adaptive
/// methods for nonconvex optimization (2018), algorithm 2.
/// </remarks>
public sealed record ScaleByYogi : Rule
{
    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-3.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-3;

    /// <summary>Value that v starts from, at least 0, default 1e-6.</summary>
    public double Start { get; init => field = AtLeastZero(value); } = 1e-6;

    /// <summary>Whether both moments are corrected for their start (optax), default false, as the paper.</summary>
    public bool Debias { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["m", "v"];

    /// <inheritdoc/>
    public override string Formula => $"m = b1 m + (1-b1) g, v = v - (1-b2) sign(v - g^2) g^2 (v_0 = {SettingsText.Number(Start)}), " +
        (Debias ? "u = m/(1-b1^t)/(sqrt(v/(1-b2^t)) + e)" : "u = m/(sqrt(v) + e)");

    /// <inheritdoc/>
    public override string Source => "Zaheer et al.: Adaptive methods for nonconvex optimization, 2018, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "Yogi's direction: a second moment that cannot fall at once";

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments) => new(segments.Length, slot == "v" ? Start : 0);

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        double b1 = fusion.At(B1), b2 = fusion.At(B2);
        (double first, double second) = Debias ? (1 / (1 - Math.Pow(b1, fusion.Update)), 1 / (1 - Math.Pow(b2, fusion.Update))) : (1, 1);
        AdamNumbers<T> adam = new(fusion.Slot(0), fusion.Slot(1), b1, b2, fusion.At(Epsilon), first, second);
        fusion.Then(prefix, new YogiKernel<T>(adam, fusion.Slot(1), T.CreateTruncating(1 - b2)));
    }
}

/// <summary>g -> m/(sqrt(v) + e), v = v - rest sign(v - g^2) g^2.</summary>
internal readonly unsafe struct YogiKernel<T>(AdamNumbers<T> adam, T* v, T rest) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V first = adam.First(update, at.Index), old = V.Load(v + at.Index), square = update * update;
        V second = old - (V.Splat(rest) * RuleMath.Sign<V, T>(old - square) * square);
        V.Store(second, v + at.Index);
        return adam.Update(first, second);
    }
}
