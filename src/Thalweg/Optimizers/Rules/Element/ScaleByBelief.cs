using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Adam that divides by how far gradients stray from their average, not by how large they are.</summary>
/// <remarks>
/// Formula: m = b1 m + (1-b1) g, s = b2 s + (1-b2) (g-m)^2 + e, u = m/(1-b1^t)/(sqrt(s/(1-b2^t)) + e). State: m, s. Source: Zhuang et
/// al., AdaBelief optimizer (2020), algorithm 2.
/// </remarks>
public sealed record ScaleByBelief : Rule
{
    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the squared surprise, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e in the average and in the denominator, above 0, default 1e-16.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-16;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["m", "s"];

    /// <inheritdoc/>
    public override string Formula => "m = b1 m + (1-b1) g, s = b2 s + (1-b2) (g-m)^2 + e, u = m/(1-b1^t)/(sqrt(s/(1-b2^t)) + e)";

    /// <inheritdoc/>
    public override string Source => "Zhuang et al.: AdaBelief optimizer, 2020, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "AdaBelief's direction: denominators by surprise";

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        double b1 = fusion.At(B1), b2 = fusion.At(B2), epsilon = fusion.At(Epsilon);
        double first = 1 / (1 - Math.Pow(b1, fusion.Update)), second = 1 / (1 - Math.Pow(b2, fusion.Update));
        AdamNumbers<T> adam = new(fusion.Slot(0), fusion.Slot(1), b1, b2, epsilon, first, second);
        fusion.Then(prefix, new BeliefKernel<T>(adam, T.CreateTruncating(epsilon)));
    }
}

/// <summary>g -> m^/(sqrt(s^) + e).</summary>
internal readonly struct BeliefKernel<T>(AdamNumbers<T> adam, T epsilon) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V first = adam.First(update, at.Index), surprise = update - first;
        V second = adam.Second(surprise * surprise, V.Splat(epsilon), at.Index);
        return adam.Update(first, second);
    }
}
