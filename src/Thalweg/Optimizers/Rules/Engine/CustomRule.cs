using System.Numerics;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>Where in a chain a <see cref="CustomRule"/> may stand.</summary>
public enum RulePlacement
{
    /// <summary>On either side of the learning rate.</summary>
    Anywhere,

    /// <summary>Before the learning rate, whose sign it counts on.</summary>
    BeforeLearningRate,

    /// <summary>After the learning rate: it changes the step itself.</summary>
    AfterLearningRate,

    /// <summary>At the end, where it sees the weights w + u that the update leads to; only rules of this kind may follow.</summary>
    Last,
}

/// <summary>A custom rule, on spans: derive from it, and put it into a chain.</summary>
/// <remarks>
/// <code>
/// public sealed record SignMomentum : CustomRule
/// {
///     public double Mu { get; init =&gt; field = Within(value, 0, 1, isHighIncluded: false); } = 0.9;
///
///     public override IReadOnlyList&lt;string&gt; Slots =&gt; ["v"];
///
///     public override string Formula =&gt; "v = mu v + (1-mu) g, u = sign(v)";
///
///     public override string Source =&gt; "Bernstein et al., 2018, algorithm 2";
///
///     protected override void Update&lt;T&gt;(RuleStep&lt;T&gt; step)
///     {
///         Span&lt;T&gt; v = step.Slot("v");
///         T mu = T.CreateTruncating(Mu);
///         for (int i = 0; i &lt; v.Length; i++)
///         {
///             v[i] = (mu * v[i]) + ((T.One - mu) * step.Gradient[i]);
///             step.Update[i] = T.CreateTruncating(T.Sign(v[i]));
///         }
///     }
/// }
/// </code>
/// It ends the fused group of rules before it, and the rules after it continue with what it wrote: two passes over memory more than a rule of
/// the library. It runs on the calling thread; where it computes in a fixed order, the bits are the same for any number of threads. Its
/// slots are saved and resumed like those of all rules; <see cref="Settings.Register{TRecord}"/> gives it a text form, under which
/// checkpoints and recipes name it.
/// </remarks>
public abstract record CustomRule : ReduceRule
{
    /// <summary>Where in a chain the rule may stand; default anywhere.</summary>
    protected virtual RulePlacement Placement => RulePlacement.Anywhere;

    internal sealed override bool NeedsScratch => true;

    internal sealed override bool NeedsNorms => false;

    internal sealed override bool IsBySegment => true;

    internal sealed override bool SeesNewWeights => Placement == RulePlacement.Last;

    /// <summary>Size and start of a slot; default a number of the parameters' type for each of them, 0 at the start.</summary>
    /// <param name="slot">Its name in <see cref="Rule.Slots"/>.</param>
    /// <param name="segments">What lies where in the flat vector.</param>
    protected virtual SlotPlan Plan(string slot, ParameterSegments segments)
    {
        ArgumentNullException.ThrowIfNull(segments);
        return new(segments.Length);
    }

    /// <summary>Makes the update: writes <see cref="RuleStep{T}.Update"/> from <see cref="RuleStep{T}.Gradient"/>,
    /// weights and state.</summary>
    /// <typeparam name="T">Float or double, as the network has it.</typeparam>
    /// <param name="step">What comes in, what goes out, and what is remembered.</param>
    protected abstract void Update<T>(RuleStep<T> step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Moves the weights to where the next gradient is to be taken, for rules whose <see cref="Rule.Needs"/> say
    /// <see cref="RuleNeeds.MovedFrom"/>; the weights are put back before the update.</summary>
    /// <typeparam name="T">Float or double, as the network has it.</typeparam>
    /// <param name="move">The weights, and the gradient taken before.</param>
    protected virtual void Move<T>(RuleMove<T> move)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
    }

    internal sealed override SlotPlan PlanOf(string slot, ParameterSegments segments) => Plan(slot, segments);

    internal sealed override string? Misplaced(ChainPosition position) => Placement switch
    {
        RulePlacement.BeforeLearningRate when position.IsBehindRate =>
            $"found {this} after scale_by_learning_rate, before which it belongs; move it",
        RulePlacement.AfterLearningRate when position.IsBeforeRate =>
            $"found {this} before scale_by_learning_rate, after which it belongs; move it",
        _ => base.Misplaced(position),
    };

    internal sealed override unsafe void Move<T>(T* parameters, T* gradients, nint length, RuleSlots slots, long step) =>
        Move(new RuleMove<T>(new(parameters, (int)length), new(gradients, (int)length), slots, step));

    internal sealed override unsafe void Inspect<T>(Fusion<T> fusion)
    {
        int n = (int)fusion.Length;
        ReadOnlySpan<T> gradient = new(fusion.Input, n);
        if (fusion.Input == fusion.UpdateBuffer)
        {
            // What comes in lies where the update goes; a rule may read it after it has written elsewhere.
            Span<T> copy = fusion.Scratch<T>(n);
            gradient.CopyTo(copy);
            gradient = copy;
        }

        Update(new RuleStep<T>(fusion, gradient, new(fusion.UpdateBuffer, n)));
        ClearPadding(fusion.Segments, new Span<T>(fusion.UpdateBuffer, n));
        fusion.Input = fusion.UpdateBuffer;
    }

    internal sealed override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) => fusion.Then(prefix, default(Identity<T>));

    /// <summary>Norms that later rules take run over the whole vector.</summary>
    private static void ClearPadding<T>(ParameterSegments segments, Span<T> update)
    {
        int end = 0;
        foreach (ParameterSegment segment in segments.Segments)
        {
            update[end..segment.Offset].Clear();
            end = segment.Offset + segment.Size;
        }

        update[end..].Clear();
    }
}

/// <summary>One step of a <see cref="CustomRule"/>.</summary>
/// <typeparam name="T">Float or double.</typeparam>
public readonly ref struct RuleStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Fusion<T> _fusion;

    internal unsafe RuleStep(Fusion<T> fusion, ReadOnlySpan<T> gradient, Span<T> update)
    {
        _fusion = fusion;
        Gradient = gradient;
        Update = update;
        Weights = new(fusion.Parameters, update.Length);
    }

    /// <summary>The gradient, or the update of the rule before, <c>[n]</c>.</summary>
    public ReadOnlySpan<T> Gradient { get; }

    /// <summary>The weights before the update, <c>[n]</c>.</summary>
    public ReadOnlySpan<T> Weights { get; }

    /// <summary>Takes the update that the rules after this one continue with, <c>[n]</c>; what it holds at first means nothing.</summary>
    public Span<T> Update { get; }

    /// <summary>What lies where in the vectors; elements between two parameters are padding, and are left alone.</summary>
    public ParameterSegments Segments => _fusion.Segments;

    /// <summary>Updates made before this one, from 0; gradients that <see cref="Accumulate"/> collects do not count.</summary>
    public long Updates => _fusion.Step;

    /// <summary>The chain's learning rate at this update, which <see cref="ScaleByLearningRate"/> applies; NaN where
    /// there is none.</summary>
    public double LearningRate => _fusion.LearningRate;

    /// <summary>A hyperparameter at this update.</summary>
    /// <param name="value">A number or a schedule.</param>
    public double At(Hyperparameter value) => _fusion.At(value);

    /// <summary>A slot of the rule's state.</summary>
    /// <param name="name">Its name in <see cref="Rule.Slots"/>.</param>
    /// <exception cref="ThalwegException">The rule has no such slot, or it is exact.</exception>
    public Span<T> Slot(string name) => _fusion.Slots.Find<T>(name);

    /// <summary>A slot that is kept in double; see <see cref="SlotPlan.IsExact"/>.</summary>
    /// <param name="name">Its name in <see cref="Rule.Slots"/>.</param>
    /// <exception cref="ThalwegException">The rule has no such slot, or it is of the parameters' type.</exception>
    public Span<double> ExactSlot(string name) => _fusion.Slots.Find<double>(name);
}

/// <summary>One move of a <see cref="CustomRule"/> to where a gradient is to be taken.</summary>
/// <typeparam name="T">Float or double.</typeparam>
public readonly ref struct RuleMove<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RuleSlots _slots;

    internal RuleMove(Span<T> weights, ReadOnlySpan<T> gradient, RuleSlots slots, long updates)
    {
        (_slots, Updates) = (slots, updates);
        Weights = weights;
        Gradient = gradient;
    }

    /// <summary>The weights, <c>[n]</c>, changed in place.</summary>
    public Span<T> Weights { get; }

    /// <summary>The gradient taken before in this update, <c>[n]</c>; at the first move it means nothing.</summary>
    public ReadOnlySpan<T> Gradient { get; }

    /// <summary>Updates made before this one, from 0.</summary>
    public long Updates { get; }

    /// <summary>A slot of the rule's state.</summary>
    /// <param name="name">Its name in <see cref="Rule.Slots"/>.</param>
    /// <exception cref="ThalwegException">The rule has no such slot, or it is exact.</exception>
    public Span<T> Slot(string name) => _slots.Find<T>(name);
}
