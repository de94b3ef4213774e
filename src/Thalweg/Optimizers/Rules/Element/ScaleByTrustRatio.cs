using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>
/// Makes the update of each parameter as long, relative to the parameter, as that of any other: large batches train with large rates.
/// </summary>
/// <remarks>
/// Formula: r_k = coefficient |w_k|/(|g_k| + lambda |w_k| + e), 1 where a norm is 0, u_k = r_k (g_k + lambda w_k) for each parameter k.
/// State: none; two more passes over update and weights where it opens a chain, else their norms come from the
/// pass before it. Source: You, Gitman and Ginsburg, Large batch training of convolutional
/// networks (LARS, 2017), eq. 6; with coefficient 1 and no lambda: You et al., LAMB (2020), algorithm 2.
/// </remarks>
public sealed record ScaleByTrustRatio : ReduceRule
{
    /// <summary>The coefficient, dimensionless, above 0, default 1 (0.001 in LARS).</summary>
    public Hyperparameter Coefficient { get; init => field = Positive(value); } = 1;

    /// <summary>The factor lambda of weight decay, which enters norm and update, at least 0, default 0.</summary>
    public Hyperparameter Decay { get; init => field = NonNegative(value); } = 0;

    /// <summary>Term e in the denominator, at least 0, default 0.</summary>
    public Hyperparameter Epsilon { get; init => field = NonNegative(value); } = 0;

    /// <summary>Which parameters have a ratio; others pass unchanged; default weights alone.</summary>
    public DecayScope Scope { get; init; }

    /// <inheritdoc/>
    public override string Formula =>
        "r_k = coefficient |w_k|/(|g_k| + lambda |w_k| + e), 1 where a norm is 0, u_k = r_k (g_k + lambda w_k) for each parameter k";

    /// <inheritdoc/>
    public override string Source =>
        "You, Gitman, Ginsburg: Large batch training of convolutional networks, 2017, eq. 6; You et al.: LAMB, 2020, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "very large batches: each layer moves by a share of its norm";

    internal override bool IsBySegment => true;

    internal override bool NeedsNorms => true;

    internal override unsafe void Inspect<T>(Fusion<T> fusion)
    {
        double coefficient = fusion.At(Coefficient), decay = fusion.At(Decay), epsilon = fusion.At(Epsilon);
        int chunk = 0;
        for (int k = 0; k < fusion.Segments.Segments.Length; k++)
        {
            ParameterSegment segment = fusion.Segments.Segments[k];
            (double update, double weights) = fusion.NormsOf(k, ref chunk);
            bool applies = (Scope == DecayScope.Everything || segment.IsWeight) && weights > 0 && update > 0;
            fusion.Table[k] = T.CreateTruncating(applies ? coefficient * weights / (update + (decay * weights) + epsilon) : 1);
        }
    }

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        if (Decay.IsZero)
            fusion.Then(prefix, new SegmentScaleKernel<T>(fusion.Table));
        else
            fusion.Then(prefix, new TrustKernel<T>(fusion.Table, new DecayKernel<T>(fusion.Value(Decay), Scope)));
    }
}

/// <summary>u -> ratio (u + lambda w).</summary>
internal readonly unsafe struct TrustKernel<T>(T* ratios, DecayKernel<T> decay) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T> => V.Splat(ratios[at.Segment]) * decay.Apply(update, parameter, at);
}
