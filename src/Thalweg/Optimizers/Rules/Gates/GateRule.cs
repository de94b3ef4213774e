using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>
/// A rule that lets only some gradients through; it stands first in a chain. Where it holds one back, weights and all other state stay
/// as they are.
/// </summary>
/// <remarks>The rules behind it count the updates that come through, so that a schedule of theirs speaks of updates,
/// not of gradients.</remarks>
public abstract record GateRule : Rule
{
    /// <summary>Place of the count of gradients let through in <see cref="Rule.Slots"/>.</summary>
    internal const int Passed = 0;

    /// <summary>The gradient to continue with, or null to hold it back.</summary>
    /// <param name="gradient">The gradient.</param>
    /// <param name="slots">The rule's state.</param>
    /// <param name="chunks">How the flat vector is cut.</param>
    /// <param name="step">Gradients seen before this one.</param>
    internal abstract unsafe T* Open<T>(T* gradient, RuleSlots slots, ChunkTable chunks, long step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Whether an update has begun, but not ended, after some gradients.</summary>
    /// <param name="seen">Gradients seen.</param>
    internal virtual bool IsWithinUpdate(long seen) => false;

    internal sealed override string? Misplaced(ChainPosition position) =>
        position.Before is not (null or GateRule)
            ? $"found {this} after {position.Before}, which would have changed its state already; put it first"
        : position.After is null
            ? $"found nothing after {this}, which only holds gradients back; add scale_by_learning_rate(0.01)"
        : null;

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments) =>
        slot == "passed" ? SlotPlan.Single() : new(segments.Length);

    internal sealed override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) => fusion.Then(prefix, default(Identity<T>));
}

/// <summary>Collects gradients and lets their mean through: large batches in little memory.</summary>
/// <remarks>Formula: u = (g_1 + ... + g_k)/k at each k-th gradient, else no update. State: the sum and the count of updates. Source:
/// folklore; as optax's MultiSteps.</remarks>
public sealed record Accumulate : GateRule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="count">Gradients to one update, at least 1.</param>
    /// <exception cref="ThalwegException">The count is below 1: give a whole number of at least 1.</exception>
    public Accumulate(int count) => Count = count;

    /// <summary>Gradients to one update, at least 1.</summary>
    public int Count { get; init => field = AtLeast(1, value); }

    /// <summary>Whether the sum is let through in place of the mean, default false.</summary>
    public bool Sum { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["passed", "sum"];

    /// <inheritdoc/>
    public override string Formula => $"u = (g_1 + ... + g_k){(Sum ? "" : "/k")} at each k-th gradient, else no update";

    /// <inheritdoc/>
    public override string Source => "folklore; optax, MultiSteps";

    /// <inheritdoc/>
    public override string Use => "batches larger than memory holds";

    internal override bool IsWithinUpdate(long seen) => seen % Count != 0;

    internal override unsafe T* Open<T>(T* gradient, RuleSlots slots, ChunkTable chunks, long step)
    {
        T* sum = (T*)slots[1];
        bool isLast = (step + 1) % Count == 0;
        CollectKernel<T> kernel = new(step % Count == 0, isLast && !Sum ? T.CreateTruncating(Count) : T.One);
        SweepJob<T, CollectKernel<T>> job =
            new(kernel, VectorWidths.Best) { Input = gradient, Parameters = sum, Output = sum, Chunks = chunks.Pointer };
        WorkerTeam.Run(ref job, chunks.Count);
        return isLast ? sum : null;
    }
}

/// <summary>Lets a gradient through only if all its elements are finite, so that one bad batch does not end a run.</summary>
/// <remarks>
/// Formula: u = g where g is finite, else no update. State: the count of updates; gradients held back are
/// <see cref="OptimizerRun.Skipped"/>. After <see cref="Maximum"/> in a row the next goes through, so that a run that is lost ends.
/// Source: Micikevicius et al., Mixed precision training (2018), section 3.2; as optax's apply_if_finite.
/// </remarks>
public sealed record SkipNonFinite : GateRule
{
    /// <summary>Gradients in a row to hold back at most, at least 1, default 10.</summary>
    public int Maximum { get; init => field = AtLeast(1, value); } = 10;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["passed", "row"];

    /// <inheritdoc/>
    public override string Formula => "u = g where g is finite, else no update";

    /// <inheritdoc/>
    public override string Source => "Micikevicius et al.: Mixed precision training, 2018, section 3.2; optax, apply_if_finite";

    /// <inheritdoc/>
    public override string Use => "single batches that overflow: leaves them out and keeps the state clean";

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments) => SlotPlan.Single();

    internal override unsafe T* Open<T>(T* gradient, RuleSlots slots, ChunkTable chunks, long step)
    {
        double* row = (double*)slots[1];
        bool passes = Reduce.AllFinite(gradient, chunks.Length) || *row >= Maximum;
        *row = passes ? 0 : *row + 1;
        return passes ? gradient : null;
    }
}

/// <summary>(sum + g)/divisor, or g/divisor for the first.</summary>
internal readonly struct CollectKernel<T>(bool isFirst, T divisor) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T> => (isFirst ? update : parameter + update) / V.Splat(divisor);
}
