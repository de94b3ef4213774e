using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>
/// Adam that finds its learning rate: it estimates how far the start is from the solution, from below, and scales steps by that.
/// </summary>
/// <remarks>
/// Formula: m = b1 m + (1-b1) d g, v = b2 v + (1-b2) d^2 g^2, u = d m/(sqrt(v) + d e), r = q r + (1-q) a d^2 g (w_0 - w), s = q s + (1-q)
/// a d^2 g, d_next = max(d, r/|s|_1); q = sqrt(b2), a the weight. State: m, v, s, w_0, d, r; two more passes. Source: Mishchenko and
/// Defazio, Prodigy (2023), algorithm 4.
/// </remarks>
public sealed record ScaleByProdigy : ReduceRule
{
    private const int Distance = 4, Numerator = 5;

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>First estimate of the distance d, in the weight's unit, above 0, default 1e-6; too small is harmless.</summary>
    public double Start { get; init => field = AboveZero(value); } = 1e-6;

    /// <summary>Weight a of each gradient in the estimate, at least 0, customarily the learning rate, default 1.</summary>
    public Hyperparameter Weight { get; init => field = NonNegative(value); } = 1;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["m", "v", "s", "start", "distance", "numerator"];

    /// <inheritdoc/>
    public override string Formula => "m = b1 m + (1-b1) d g, v = b2 v + (1-b2) d^2 g^2, u = d m/(sqrt(v) + d e), " +
        "r = q r + (1-q) a d^2 g (w_0 - w), s = q s + (1-q) a d^2 g, d_next = max(d, r/|s|_1), q = sqrt(b2)";

    /// <inheritdoc/>
    public override string Source => "Mishchenko, Defazio: Prodigy, 2023, algorithm 4";

    /// <inheritdoc/>
    public override string Use => "Prodigy's direction and its estimate of the distance";

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments) => slot switch
    {
        "distance" => SlotPlan.Single(Start),
        "numerator" => SlotPlan.Single(),
        _ => new(segments.Length),
    };

    internal override unsafe void Inspect<T>(Fusion<T> fusion)
    {
        T* sums = fusion.Slot(2), start = fusion.Slot(3);
        double* distance = fusion.ExactSlot(Distance), numerator = fusion.ExactSlot(Numerator);
        if (fusion.Step == 0)
            new ReadOnlySpan<T>(fusion.Parameters, (int)fusion.Length).CopyTo(new(start, (int)fusion.Length));
        double length = VectorNorm.Of(sums, fusion.Length, 1);
        if (length > 0)
            *distance = Math.Max(*distance, *numerator / length);
        double q = Math.Sqrt(fusion.At(B2)), d = *distance;
        SummingAlignment<T> alignment = new((nint)(fusion.Parameters - start));
        double along = double.CreateTruncating(
            Kernels.BlockReduction.Run(VectorWidths.Best, alignment, fusion.Input, start, fusion.Length));
        *numerator = (q * *numerator) + ((1 - q) * fusion.At(Weight) * d * d * along);
    }

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        double d = *fusion.ExactSlot(Distance), q = Math.Sqrt(fusion.At(B2));
        AdamNumbers<T> adam = new(fusion.Slot(0), fusion.Slot(1), fusion.At(B1), fusion.At(B2), d * fusion.At(Epsilon), d, 1);
        T gain = T.CreateTruncating((1 - q) * fusion.At(Weight) * d * d);
        fusion.Then(prefix, new ProdigyKernel<T>(adam, fusion.Slot(2), T.CreateTruncating(d), T.CreateTruncating(q), gain));
    }
}

/// <summary>g -> d m/(sqrt(v) + d e); s = q s + gain g.</summary>
internal readonly unsafe struct ProdigyKernel<T>(AdamNumbers<T> adam, T* sums, T distance, T q, T gain) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V.Store(V.Fma(V.Splat(q), V.Load(sums + at.Index), V.Splat(gain) * update), sums + at.Index);
        (V first, V second) = adam.Moments(V.Splat(distance) * update, at.Index);
        return adam.Update(first, second);
    }
}

/// <summary>Sum of a (b - c), c as far behind b as the offset says: g (w_0 - w).</summary>
internal readonly unsafe struct SummingAlignment<T>(nint offset) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Start => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<V>(V totals, T* a, T* b, nint i)
        where V : unmanaged, ISimdVector<V, T> => V.Fma(V.Load(a + i), V.Load(b + i) - V.Load(b + offset + i), totals);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V left, V right)
        where V : unmanaged, ISimdVector<V, T> => left + right;
}
