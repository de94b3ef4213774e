using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>How weights are averaged over a run.</summary>
public enum AverageVariant
{
    /// <summary>All weights after the start count alike (Polyak and Ruppert; every k-th of them: stochastic weight averaging).</summary>
    Uniform,

    /// <summary>Exponentially: a = decay a + (1-decay) w.</summary>
    Exponential,
}

/// <summary>
/// Keeps an average of the weights beside them, which is often better than the last weights; the update passes unchanged.
/// </summary>
/// <remarks>
/// Formula: a = a + mu (w' - a) with w' = w + u; uniform: mu = 1/max(1, n), n = (t-start)/every counted at whole n; exponential: mu =
/// 1-decay (1 up to the start). State: a, read as <see cref="OptimizerRun.Average"/>. Batch normalization needs new statistics for
/// averaged weights. Source: Polyak and Juditsky, Acceleration of stochastic approximation by averaging (1992), eq. 2; Izmailov et al.,
/// Averaging weights leads to wider optima (2018), algorithm 1; exponential: Kingma and Ba, Adam (2015), section 7.2.
/// </remarks>
public sealed record AverageWeights : Rule
{
    /// <summary>How to average, default uniformly.</summary>
    public AverageVariant Form { get; init; }

    /// <summary>Updates before the average begins; until then it is the weights themselves; at least 0, default 0.</summary>
    public int Start { get; init => field = AtLeast(0, value); }

    /// <summary>Updates from one weight that counts to the next, at least 1, default 1; the uniform form's alone.</summary>
    public int Every { get; init => field = AtLeast(1, value); } = 1;

    /// <summary>Share of the old average that is kept, dimensionless, in [0, 1), default 0.999; the exponential form's alone.</summary>
    public Hyperparameter Decay { get; init => field = BelowOne(value); } = 0.999;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["average"];

    /// <inheritdoc/>
    public override string Formula => "u = g, a = a + mu (w + u - a), " + (Form == AverageVariant.Uniform
        ? "mu = 1/max(1, n) at whole n = (t-start)/every, else 0"
        : "mu = 1-decay where t > max(1, start), else 1");

    /// <inheritdoc/>
    public override string Source => Form == AverageVariant.Exponential
        ? "Kingma, Ba: Adam, 2015, section 7.2"
        : "Polyak, Juditsky: Acceleration of stochastic approximation by averaging, 1992, eq. 2; with every above 1 stochastic weight " +
            "averaging, Izmailov et al.: Averaging weights leads to wider optima, 2018, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "the last epochs at a high constant rate, or as a safety against noise: the average generalizes better";

    /// <inheritdoc/>
    public override string? AverageSlot => "average";

    internal override bool SeesNewWeights => true;

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new AverageKernel<T>(fusion.Slot(0), T.CreateTruncating(ShareOfNew(fusion.Update, fusion.At(Decay)))));

    private double ShareOfNew(long t, double decay)
    {
        if (t <= Math.Max(1, Start))
            return 1;
        if (Form == AverageVariant.Exponential)
            return 1 - decay;
        (long n, long rest) = Math.DivRem(t - Start, (long)Every);
        return rest == 0 ? 1.0 / n : 0;
    }
}

/// <summary>a = a + share (w + u - a); u stays.</summary>
internal readonly unsafe struct AverageKernel<T>(T* average, T share) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V a = V.Load(average + at.Index), moved = parameter + update;
        // At a share of 1 the average is the new weights to the bit, and what it held before does not matter.
        V.Store(share == T.One ? moved : V.Fma(V.Splat(share), moved - a, a), average + at.Index);
        return update;
    }
}
