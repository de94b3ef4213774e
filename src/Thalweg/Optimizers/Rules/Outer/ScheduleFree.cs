using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>
/// Trains at a point between a fast sequence and its average, which makes a schedule of the rate unnecessary; it stands last in a chain.
/// </summary>
/// <remarks>
/// Formula: z = z + u, x = (1-c) x + c z, w = (1-beta) z + beta x; c = weight_t^2/(weight_1^2 + ... + weight_t^2). The gradient is taken
/// at w; the result is x, read as <see cref="OptimizerRun.Average"/>. State: z, x and the sum of weights. Source: Defazio et al., The
/// road less scheduled (2024), eqs. 3-5, with the weights of its algorithm 1.
/// </remarks>
public sealed record ScheduleFree : Rule
{
    /// <summary>Share beta of the average in the point of training, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter Beta { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Weight of each update in the average, at least 0, customarily the learning rate, default 1; its square counts.</summary>
    public Hyperparameter Weight { get; init => field = NonNegative(value); } = 1;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["z", "average", "weights"];

    /// <inheritdoc/>
    public override string Formula =>
        "z = z + g, x = (1-c) x + c z, u = (1-beta) z + beta x - w, c = weight_t^2/(weight_1^2 + ... + weight_t^2)";

    /// <inheritdoc/>
    public override string Source => "Defazio et al.: The road less scheduled, 2024, eqs. 3-5 and algorithm 1";

    /// <inheritdoc/>
    public override string Use => "last in a chain whose run has no known end: averaging in place of a schedule";

    /// <inheritdoc/>
    public override string? AverageSlot => "average";

    internal override bool SeesNewWeights => true;

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments) =>
        slot == "weights" ? SlotPlan.Single() : new(segments.Length);

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        double weight = fusion.At(Weight) * fusion.At(Weight), total = *fusion.ExactSlot(2) += weight;
        T share = T.CreateTruncating(total == 0 ? 0 : weight / total);
        fusion.Then(prefix, new ScheduleFreeKernel<T>(fusion.Slot(0), fusion.Slot(1), share, fusion.Value(Beta), fusion.Update == 1));
    }
}

/// <summary>u -> the new point between z and x, minus w.</summary>
internal readonly unsafe struct ScheduleFreeKernel<T>(T* fast, T* average, T share, T beta, bool isFirst) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V z = (isFirst ? parameter : V.Load(fast + at.Index)) + update, x = isFirst ? parameter : V.Load(average + at.Index);
        x = V.Fma(V.Splat(share), z - x, x);
        V.Store(z, fast + at.Index);
        V.Store(x, average + at.Index);
        return V.Fma(V.Splat(beta), x - z, z) - parameter;
    }
}
