using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>What the velocity of momentum accumulates.</summary>
public enum MomentumVariant
{
    /// <summary>v = mu v + g: a sum, in the end 1/(1-mu) times the gradient.</summary>
    Sum,

    /// <summary>v = mu v + (1-mu) g: a moving average, in the end as large as the gradient.</summary>
    Averaged,
}

/// <summary>How Nesterov's look ahead is taken.</summary>
public enum NesterovVariant
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Rearranged, so that the gradient is taken at the stored point: the update is g + mu v.</summary>
    Rearranged,

    /// <summary>By evaluation: the gradient is taken at w + mu v, where the velocity, which contains the rate, will lead.</summary>
    LookAhead,
}

/// <summary>Gives the update a velocity: past gradients count on, with geometrically falling weight.</summary>
/// <remarks>
/// Formula: v = mu v + (1-d) g, u = v (sum), or v = mu v + (1-mu) g, u = v or v/(1-mu^t) (averaged); Nesterov: u = the gradient's share +
/// mu v. State: v. Source: Polyak (1964), eq. 9; Sutskever, Martens, Dahl and Hinton, On the importance of initialization and momentum
/// (2013), eqs. 1-4; the rearranged form: Bengio, Boulanger-Lewandowski and Pascanu, Advances in optimizing recurrent networks (2013),
/// eq. 7. The form whose velocity contains the learning rate is the chain with <see cref="ScaleByLearningRate"/> before this rule.
/// </remarks>
public sealed record ScaleByMomentum : Rule
{
    /// <summary>Share mu of the velocity that is kept, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter Mu { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>What the velocity accumulates, default <see cref="MomentumVariant.Sum"/>.</summary>
    public MomentumVariant Form { get; init; }

    /// <summary>How the look ahead is taken, default <see cref="NesterovVariant.None"/>.</summary>
    public NesterovVariant Nesterov { get; init; }

    /// <summary>Share d of each new gradient that is left out of the sum, dimensionless, in [0, 1), default 0.</summary>
    public Hyperparameter Dampening { get; init => field = BelowOne(value); } = 0;

    /// <summary>Whether the first gradient is dampened too (MLX) or not (PyTorch), default false.</summary>
    public bool DampenFirst { get; init; }

    /// <summary>Whether the average is corrected for its start at 0, default false.</summary>
    public bool Debias { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["v"];

    /// <inheritdoc/>
    public override string Formula => (Form, Dampening.IsZero) switch
    {
        (MomentumVariant.Averaged, _) => "v = mu v + (1-mu) g, ",
        (_, true) => "v = mu v + g, ",
        _ => DampenFirst ? "v = mu v + (1-d) g, " : "v = g at t = 1, then mu v + (1-d) g, ",
    } + (Form, Nesterov, Debias) switch
    {
        (MomentumVariant.Averaged, NesterovVariant.Rearranged, _) => "u = (1-mu) g + mu v",
        (_, NesterovVariant.Rearranged, _) => "u = g + mu v",
        (_, NesterovVariant.LookAhead, _) => "u = v, g taken at w + mu v",
        (_, _, true) => "u = v/(1-mu^t)",
        _ => "u = v",
    };

    /// <inheritdoc/>
    public override string Source => Nesterov == NesterovVariant.None
        ? "Polyak: Some methods of speeding up the convergence of iteration methods, 1964, eq. 9"
        : Nesterov == NesterovVariant.LookAhead
        ? "Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum, 2013, eqs. 3-4"
        : "Bengio, Boulanger-Lewandowski, Pascanu: Advances in optimizing recurrent networks, 2013, eq. 7";

    /// <inheritdoc/>
    public override string Use => "a velocity in any of its published forms, before or behind the rate";

    /// <inheritdoc/>
    protected override string? Conflict => this switch
    {
        { Form: MomentumVariant.Averaged, Dampening.IsZero: false } =>
            "expected no dampening in the averaged form, which has its own; choose form=sum",
        { Nesterov: not NesterovVariant.None, Dampening.IsZero: false } => "expected no dampening with nesterov; leave one of them out",
        { Form: MomentumVariant.Sum, Debias: true } => "expected debias with the averaged form only, got it with sum; choose form=averaged",
        { Nesterov: not NesterovVariant.None, Debias: true } => "expected debias without nesterov; leave one of them out",
        _ => null,
    };

    /// <inheritdoc/>
    public override RuleNeeds Needs => Nesterov == NesterovVariant.LookAhead ? new() { MovedFrom = 0 } : RuleNeeds.None;

    internal override string? Misplaced(ChainPosition position) =>
        Nesterov == NesterovVariant.LookAhead && position.After is ScaleByLearningRate
            ? $"found {position.After} after {this}, whose velocity must contain the rate to know where it leads; exchange them"
            : base.Misplaced(position);

    internal override unsafe void Move<T>(T* parameters, T* gradients, nint length, RuleSlots slots, long step)
    {
        T mu = T.CreateTruncating(Mu.At(step));
        T* velocity = (T*)slots[0];
        for (nint i = 0; i < length; i++)
            parameters[i] += mu * velocity[i];
    }

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        double mu = fusion.At(Mu);
        double gain = Form == MomentumVariant.Averaged ? 1 - mu
            : fusion.Update == 1 && !DampenFirst ? 1
            : 1 - fusion.At(Dampening);
        (double velocity, double gradient) = Nesterov == NesterovVariant.Rearranged ? (mu, gain)
            : (Debias ? 1 / (1 - Math.Pow(mu, fusion.Update)) : 1, 0);
        fusion.Then(prefix, new MomentumKernel<T>(fusion.Slot(0), mu, gain, velocity, gradient));
    }
}

/// <summary>v = mu v + gain g; g -> velocity v + gradient g: all forms, by their four numbers.</summary>
internal readonly unsafe struct MomentumKernel<T>(T* slot, double mu, double gain, double velocity, double gradient) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _v = slot;
    private readonly T _mu = T.CreateTruncating(mu), _gain = T.CreateTruncating(gain);
    private readonly T _velocity = T.CreateTruncating(velocity), _gradient = T.CreateTruncating(gradient);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V v = V.Fma(V.Splat(_mu), V.Load(_v + at.Index), V.Splat(_gain) * update);
        V.Store(v, _v + at.Index);
        return V.Fma(V.Splat(_velocity), v, V.Splat(_gradient) * update);
    }
}
