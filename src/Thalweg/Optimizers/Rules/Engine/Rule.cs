using System.Numerics;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>
/// One step of a gradient's way to an update: an immutable record of settings, which a <see cref="Chain"/> puts in a row.
/// </summary>
/// <remarks>
/// The first rule receives the gradient g, each further one the update u of the rule before it; what the last one gives is added to
/// the parameters. Only <see cref="ScaleByLearningRate"/> turns the sign.
/// </remarks>
public abstract record Rule : Described
{
    /// <summary>Names of the state that the rule keeps; most cost one number per parameter, a few are a single number.</summary>
    public virtual IReadOnlyList<string> Slots => [];

    /// <summary>Name of the slot, <c>[n]</c>, that holds an average of the weights, which is the result of the run in their place; null
    /// (default) where there is none.</summary>
    public virtual string? AverageSlot => null;

    /// <summary>What the rule needs beside one gradient at the weights for each update; default nothing.</summary>
    public virtual RuleNeeds Needs => RuleNeeds.None;

    /// <summary>The formula behind other rules, where u is what the rule receives.</summary>
    internal virtual string FormulaBehind => FormulaText.OfUpdate(Formula);

    /// <summary>
    /// Whether the rule treats parameters separately: its group is then swept one parameter at a time, and has a number for each.
    /// </summary>
    internal virtual bool IsBySegment => false;

    /// <summary>Whether the rule looks at w + u, the weights that the update leads to; only rules that do may follow.</summary>
    internal virtual bool SeesNewWeights => false;

    /// <summary>What is wrong with the rule's place in a chain, and what to do, in one line; null where nothing is.</summary>
    internal virtual string? Misplaced(ChainPosition position) => position.Before is { SeesNewWeights: true } before && !SeesNewWeights
        ? $"found {this} after {before}, which must see the weights that the update leads to; exchange them"
        : null;

    /// <summary>Work of an update beside passes over the parameters, in a few words; null where there is none.</summary>
    internal virtual string? MatrixWork => null;

    /// <summary>Moves the weights to where the next gradient is to be taken; called for
    /// those from <see cref="RuleNeeds.MovedFrom"/> on.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="gradients">The gradient taken before, if there is one in this step.</param>
    /// <param name="length">Length of both.</param>
    /// <param name="slots">The rule's state.</param>
    /// <param name="step">Completed updates.</param>
    internal virtual unsafe void Move<T>(T* parameters, T* gradients, nint length, RuleSlots slots, long step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
    }

    /// <summary>Fills the number of each parameter, once, when a run is made.</summary>
    internal virtual void Fill(ParameterSegments segments, Span<double> table)
    {
    }

    /// <summary>Size and start of a slot.</summary>
    internal virtual SlotPlan PlanOf(string slot, ParameterSegments segments) => new(segments.Length);

    /// <summary>Takes note of a signal, of those that <see cref="Needs"/> asks for and of others.</summary>
    /// <param name="signal">The signal; what is kept of it must be copied.</param>
    /// <param name="state">State of the rule, which may be changed.</param>
    protected internal virtual void Observe(RuleSignal signal, RuleState state)
    {
    }

    /// <summary>Puts the rule's element maths, with this step's numbers in it, behind <paramref name="prefix"/>.</summary>
    /// <remarks>Generic over what comes before, so that the whole chain becomes one type, and the JIT makes one loop of it.</remarks>
    internal abstract void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPrefix : unmanaged, IRuleKernel<T>;
}

/// <summary>
/// A rule that first looks at the whole update at once: it ends the fused group before it, and what it found opens the next.
/// </summary>
public abstract record ReduceRule : Rule
{
    /// <summary>Whether the rule writes a whole new update to <see cref="Fusion{T}.UpdateBuffer"/>.</summary>
    internal virtual bool NeedsScratch => false;

    /// <summary>Whether the rule asks for <see cref="Fusion{T}.NormsOf"/>, which the group before it can take as it passes.</summary>
    internal virtual bool NeedsNorms => false;

    /// <summary>Passes over the update that looking takes.</summary>
    internal virtual int Passes => 1;

    /// <summary>Looks at <see cref="Fusion{T}.Input"/> before the group runs, and leaves a factor, a table or another input.</summary>
    internal abstract void Inspect<T>(Fusion<T> fusion)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    internal override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new ScaleKernel<T>(T.CreateTruncating(fusion.Factor)));
}
